import { errors, refusal } from '@fermata/contract/errors'
import { isFinal, type Carrier, type Closed, type Listener } from './feed.carrier.ts'
import { authorization, fetchOptions, type Connection } from './connection.ts'
import { readRefusal } from './request.ts'
import { readRetryAfter } from './retry.ts'
import { streamParser } from './sse.ts'

const lost: Closed = { refusal: null, retryAfterMs: null }

/** Carries the feed by server-sent events over fetch, for where there is no WebSocket. */
export function openStream(
  connection: Connection,
  since: number | null,
  listener: Listener,
): Carrier {
  const cut = new AbortController()
  void carry(connection, since, listener, cut.signal).then(
    (why) => {
      if (!cut.signal.aborted) listener.closed(why)
    },
    () => {
      if (!cut.signal.aborted) listener.closed(lost)
    },
  )
  return { close: () => cut.abort() }
}

async function carry(
  connection: Connection,
  since: number | null,
  listener: Listener,
  signal: AbortSignal,
): Promise<Closed> {
  const query = since === null ? '' : `?since=${since}`
  const answer = await connection.fetch(`${connection.url}/v1/feed${query}`, {
    headers: { accept: 'text/event-stream', ...authorization(connection) },
    signal,
    cache: 'no-store',
    ...fetchOptions(connection),
  })
  const type = answer.headers.get('content-type') ?? ''
  if (!answer.ok || !type.startsWith('text/event-stream') || answer.body === null) {
    return refusedBy(connection, answer)
  }
  listener.opened()
  const parser = streamParser()
  const reader = answer.body.getReader()
  for (;;) {
    const { value } = await reader.read()
    if (value === undefined || signal.aborted) return lost
    for (const text of parser.push(value)) if (!signal.aborted) listener.heard(text)
  }
}

async function refusedBy(connection: Connection, answer: Response): Promise<Closed> {
  const body: unknown = await answer.json().catch(() => null)
  const known = readRefusal(body)
  const final = known === null ? answer.status === 401 : isFinal(errors[known.code].status)
  return {
    refusal: final ? (known ?? refusal('not_signed_in')) : null,
    retryAfterMs: readRetryAfter(answer.headers.get('retry-after'), connection.clock.now()),
  }
}
