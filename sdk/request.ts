import { ok, refused, type Result } from '@fermata/base/result'
import { errors, type Refusal } from '@fermata/contract/errors'
import { routes, type RouteName } from '@fermata/contract/routes'
import { authorization, ConnectionFailed, fetchOptions, type Connection } from './connection.ts'
import { readRetryAfter, type Attempted } from './retry.ts'

/** The parts of a call, as they travel. */
export interface Parts {
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, string | number | boolean | null | undefined>>
  readonly body?: unknown
}

/** One attempt: an answer of the server, or why there is none. */
export interface Attempt extends Attempted {
  readonly result: Result<unknown, Refusal> | null
  /** Why there is no result. */
  readonly cause: unknown
}

/** The address of a call: path parameters filled in, and the query behind it. */
export function addressOf(url: string, name: RouteName, parts: Parts): string {
  const path = routes[name].path.replaceAll(/:(\w+)/g, (_, key: string) =>
    encodeURIComponent(String(parts.params?.[key])),
  )
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(parts.query ?? {})) {
    if (value !== undefined && value !== null) query.set(key, String(value))
  }
  return url + path + (query.size > 0 ? `?${query.toString()}` : '')
}

/** Reads the refusal in an answer's body; null when it holds none that we know. */
export function readRefusal(body: unknown): Refusal | null {
  if (typeof body !== 'object' || body === null || !('error' in body)) return null
  const { error } = body
  if (typeof error !== 'object' || error === null) return null
  if (!('code' in error) || !('message' in error)) return null
  return Object.hasOwn(errors, String(error.code)) ? (error as Refusal) : null
}

/** Sends a call once and reads the whole answer. Never throws; `signal` cuts it off. */
export async function attempt(
  connection: Connection,
  name: RouteName,
  parts: Parts,
  signal: AbortSignal,
): Promise<Attempt> {
  const headers: Record<string, string> = {
    accept: 'application/json',
    ...authorization(connection),
  }
  if (parts.body !== undefined) headers['content-type'] = 'application/json'
  try {
    const answer = await connection.fetch(addressOf(connection.url, name, parts), {
      method: routes[name].method,
      headers,
      signal,
      ...(parts.body === undefined ? {} : { body: JSON.stringify(parts.body) }),
      ...fetchOptions(connection),
    })
    return await read(connection, answer)
  } catch (error) {
    return { result: null, status: null, retryAfterMs: null, cause: error }
  }
}

async function read(connection: Connection, answer: Response): Promise<Attempt> {
  const { status } = answer
  const retryAfterMs = readRetryAfter(answer.headers.get('retry-after'), connection.clock.now())
  const text = await answer.text()
  const known = { status, retryAfterMs, cause: null }
  if (answer.ok && text === '') return { ...known, result: ok(undefined) }
  const body = parse(text)
  if (answer.ok && body !== undefined) return { ...known, result: ok(body) }
  const refusal = answer.ok ? null : readRefusal(body)
  if (refusal !== null) return { ...known, result: refused(refusal) }
  const cause = new ConnectionFailed(`what answered (HTTP ${status}) is not a Fermata server`)
  return { ...known, result: null, cause }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
