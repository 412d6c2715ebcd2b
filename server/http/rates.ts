import { limits } from '@fermata/base/limits'
import type { Caller } from '@fermata/contract/actors'
import type { Rate } from '@fermata/contract/routes'
import { addressKey } from './address.ts'

/** Counts calls by key within a window of time. */
export interface RateLimiter {
  /** Counts one call; answers 0, or in how many milliseconds the next may come. */
  take(key: string): number
}

/** Makes one limiter. */
export type NewLimiter = (max: number, windowMs: number) => RateLimiter

/** A call that came too often: which limit it met, and when the next may come. */
export interface TooMany {
  readonly limit: number
  readonly waitMs: number
}

/** How often things may be done, by whoever does them. */
export interface Rates {
  /** Counts a request: a caller's own, otherwise the address's. */
  request(caller: Caller | null, address: string): TooMany | undefined
  /** Counts what a route's own rate counts. */
  route(rate: Rate | undefined, caller: Caller | null, address: string): TooMany | undefined
  /** Counts a try to prove who somebody is, for the e-mail address or member tried. */
  signIn(who: string): TooMany | undefined
}

/** The rates of a server. Each limiter forgets keys beyond its own bound. */
export function ratesOf(newLimiter: NewLimiter): Rates {
  const windowMs = limits.requestWindowMs
  const { signInWindowMs, sendWindowMs, visitorWindowMs } = limits
  const perActor = newLimiter(limits.requestsPerActorMax, windowMs)
  const perAddress = newLimiter(limits.requestsPerAddressMax, windowMs)
  const sendsPerActor = newLimiter(limits.sendsPerActorMax, sendWindowMs)
  const sendsPerContact = newLimiter(limits.sendsPerContactMax, sendWindowMs)
  const signInsPerAddress = newLimiter(limits.signInsPerAddressMax, signInWindowMs)
  const signInsPerEmail = newLimiter(limits.signInsPerEmailMax, signInWindowMs)
  const visitorsPerAddress = newLimiter(limits.visitorsPerAddressMax, visitorWindowMs)

  return {
    request(caller, address) {
      return caller === null
        ? taken(perAddress, addressKey(address), limits.requestsPerAddressMax)
        : taken(perActor, caller.id, limits.requestsPerActorMax)
    },
    route(rate, caller, address) {
      switch (rate) {
        case undefined:
        case 'request':
          return undefined
        case 'send':
          if (caller === null) return undefined
          return caller.kind === 'contact'
            ? taken(sendsPerContact, caller.id, limits.sendsPerContactMax)
            : taken(sendsPerActor, caller.id, limits.sendsPerActorMax)
        case 'signIn':
          return taken(signInsPerAddress, addressKey(address), limits.signInsPerAddressMax)
        case 'visitor':
          return taken(visitorsPerAddress, addressKey(address), limits.visitorsPerAddressMax)
      }
    },
    signIn: (who) => taken(signInsPerEmail, who, limits.signInsPerEmailMax),
  }
}

function taken(limiter: RateLimiter, key: string, limit: number): TooMany | undefined {
  const waitMs = limiter.take(key)
  return waitMs > 0 ? { limit, waitMs } : undefined
}
