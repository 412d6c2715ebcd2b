import type { Clock } from '@fermata/base/clock'
import type { FillRandom } from '@fermata/base/ids'

/** Which cookies fetch carries; named here because not every place that compiles this knows the DOM. */
export type Credentials = 'omit' | 'same-origin' | 'include'

/** How a client reaches its server: what every door of it shares. */
export interface Connection {
  /** Where the server is, without a slash at the end. */
  readonly url: string
  /** The bearer token to send now; null sends none, so that a browser's cookie speaks. */
  readonly token: () => string | null
  readonly fetch: typeof fetch
  readonly clock: Clock
  readonly random: FillRandom
  /** Whether fetch carries cookies; undefined leaves it to fetch. */
  readonly credentials: Credentials | undefined
}

/**
 * The server could not be reached, did not answer in time, or what answered was not Fermata. Whether a
 * request that is not safe to repeat was done is then unknown. `cause` says what happened.
 */
export class ConnectionFailed extends Error {
  override readonly name = 'ConnectionFailed'
}

/** A number from 0 (included) to 1 (excluded). */
export function fraction(random: FillRandom): number {
  const bytes = new Uint8Array(4)
  random(bytes)
  return new DataView(bytes.buffer).getUint32(0) / 2 ** 32
}

/** The headers that say who asks. */
export function authorization(connection: Connection): Record<string, string> {
  const token = connection.token()
  return token === null ? {} : { authorization: `Bearer ${token}` }
}

/** What fetch is told besides method, headers and body. */
export function fetchOptions(connection: Connection): { credentials?: Credentials } {
  return connection.credentials === undefined ? {} : { credentials: connection.credentials }
}
