import { errors } from '@fermata/contract/errors'
import type { Connection } from './connection.ts'
import { isFinal, type Carrier, type Closed, type Listener } from './feed.carrier.ts'
import { attempt } from './request.ts'

const lost: Closed = { refusal: null, retryAfterMs: null }

/** Carries the feed over a WebSocket. The global WebSocket must exist. */
export function openSocket(
  connection: Connection,
  since: number | null,
  listener: Listener,
): Carrier {
  const query = since === null ? '' : `?since=${since}`
  const address = `${connection.url.replace(/^http/, 'ws')}/v1/feed/socket${query}`
  const token = connection.token()
  const cut = new AbortController()
  const socket = new WebSocket(
    address,
    token === null ? ['fermata.v1'] : ['fermata.v1', `bearer.${token}`],
  )
  let isOpen = false
  socket.addEventListener('open', () => {
    isOpen = true
    if (!cut.signal.aborted) listener.opened()
  })
  socket.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (!cut.signal.aborted && typeof event.data === 'string') listener.heard(event.data)
  })
  socket.addEventListener('close', () => {
    if (cut.signal.aborted) return
    if (isOpen) listener.closed(lost)
    else {
      void whyRefused(connection, cut.signal).then((why) => {
        if (!cut.signal.aborted) listener.closed(why)
      })
    }
  })
  return {
    close() {
      cut.abort()
      socket.close()
    },
  }
}

/**
 * A refused WebSocket tells a browser nothing, not even the status. So the same is asked by a plain
 * request, which answers why.
 */
async function whyRefused(connection: Connection, signal: AbortSignal): Promise<Closed> {
  const asked = await attempt(connection, 'feed.read', { query: { limit: 1 } }, signal)
  const { result, retryAfterMs } = asked
  if (result === null || result.ok) return { refusal: null, retryAfterMs }
  const final = isFinal(errors[result.refusal.code].status)
  return { refusal: final ? result.refusal : null, retryAfterMs }
}
