import type { Clock } from '@fermata/base/clock'

/** How many bytes a second somebody may bring and take. */
export interface QuotaRates {
  readonly inPerSecond: number
  readonly outPerSecond: number
}

/** What somebody has brought and taken, over all of their connections. */
export interface Quota {
  /** Notes what came; answers how long nothing more is to come, in ms. */
  came(bytes: number): number
  went(bytes: number): number
}

/** The quotas of everybody who is known by a name. */
export interface Quotas {
  of(name: string): Quota
}

/** Nobody waits longer for one thing that they have done. */
const waitMsMax = 5_000

interface Bucket {
  /** Bytes that may still pass; below zero for what passed and was too much. */
  left: number
  readMs: number
}

/**
 * Keeps everybody to their rates: a second's worth may come at once, and what was too much is waited for. Nothing
 * that has come is refused for it, as with Kafka's quotas (KIP-13, KIP-219).
 */
export function openQuotas(rates: QuotaRates, clock: Pick<Clock, 'monotonic'>): Quotas {
  const known = new Map<string, Quota>()
  const bucketOf = (perSecond: number): ((bytes: number) => number) => {
    const bucket: Bucket = { left: perSecond, readMs: clock.monotonic() }
    return (bytes) => {
      const now = clock.monotonic()
      const more = ((now - bucket.readMs) * perSecond) / 1_000
      bucket.left = Math.min(perSecond, bucket.left + more) - bytes
      bucket.readMs = now
      if (bucket.left >= 0) return 0
      return Math.min(waitMsMax, Math.ceil((-bucket.left * 1_000) / perSecond))
    }
  }
  return {
    of(name) {
      const found = known.get(name)
      if (found !== undefined) return found
      const made = { came: bucketOf(rates.inPerSecond), went: bucketOf(rates.outPerSecond) }
      known.set(name, made)
      return made
    },
  }
}
