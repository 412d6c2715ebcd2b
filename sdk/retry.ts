import { limits } from '@fermata/base/limits'
import { routes, type RouteName } from '@fermata/contract/routes'

/** What came of one attempt, as far as the next one depends on it. */
export interface Attempted {
  /** The HTTP status, or null when no whole answer arrived. */
  readonly status: number | null
  /** What Retry-After asked for. */
  readonly retryAfterMs: number | null
}

/** Sends whose client id makes a repeat the same message. */
const sends: ReadonlySet<RouteName> = new Set(['messages.post', 'conversations.open'])

/** The statuses of a server, or of a proxy before it, that could not do it now. */
const passing: ReadonlySet<number> = new Set([429, 502, 503, 504])

/**
 * Whether doing it twice is as good as once. Routes that check a password are never repeated: an
 * attempt counts against a limit, and a changed password is no longer the current one.
 */
export function isRepeatable(name: RouteName): boolean {
  const route: { method: string; rate?: string } = routes[name]
  if (route.rate === 'signIn') return false
  return sends.has(name) || ['GET', 'PUT', 'DELETE'].includes(route.method)
}

/**
 * How long to wait after the nth failure in a row (the first is 1): up to double the former, and
 * anywhere below, so that clients that were cut off together do not come back together.
 * `chance` is from 0 to 1.
 */
export function backOffMs(failures: number, chance: number): number {
  const spanMs = Math.min(limits.retryMsMax, limits.retryMsFirst * 2 ** Math.min(failures, 20))
  return Math.round(spanMs * (0.25 + 0.75 * chance))
}

/** When to try again after the nth attempt, in milliseconds; null when that was the last. */
export function retryMs(attempts: number, attempted: Attempted, chance: number): number | null {
  if (attempts >= limits.requestAttemptsMax) return null
  if (attempted.status !== null && !passing.has(attempted.status)) return null
  const askedMs = attempted.retryAfterMs ?? 0
  if (askedMs > limits.retryAfterMsMax) return null
  return Math.max(askedMs, backOffMs(attempts, chance))
}

/** Reads a Retry-After header (RFC 9110 section 10.2.3): seconds, or a date. */
export function readRetryAfter(value: string | null, nowMs: number): number | null {
  if (value === null) return null
  if (/^\s*\d{1,9}\s*$/.test(value)) return Number(value) * 1_000
  const date = Date.parse(value)
  return Number.isNaN(date) ? null : Math.max(0, date - nowMs)
}
