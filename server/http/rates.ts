import { limits } from '@fermata/base/limits'
import type { Caller } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { Rate } from '@fermata/contract/routes'
import type { RateLimiter } from '@fermata/people/access/index'
import { addressKey } from './address.ts'

/** Makes one limiter: at most `max` calls for a key in `windowMs`. */
export type NewLimiter = (max: number, windowMs: number) => RateLimiter

/** How often things may be done, by whoever does them. Each answers the refusal, if there is one. */
export interface Rates {
  /** Counts a request: the caller's own, otherwise the address's. */
  request(caller: Caller | null, address: string): Refusal | undefined
  /** Counts what a route's own rate counts. */
  route(rate: Rate | undefined, caller: Caller | null, address: string): Refusal | undefined
}

/** The rates of a server. Each limiter forgets keys beyond its own bound. */
export function ratesOf(newLimiter: NewLimiter): Rates {
  const limited = (max: number, windowMs: number): ((key: string) => Refusal | undefined) => {
    const limiter = newLimiter(max, windowMs)
    return (key) => {
      const taken = limiter.take(key)
      if (taken.ok) return undefined
      return refusal('too_many', { limit: max, retryAfterMs: taken.retryAfterMs })
    }
  }
  const { requestWindowMs, sendWindowMs, signInWindowMs, visitorWindowMs } = limits
  const requestOfActor = limited(limits.requestsPerActorMax, requestWindowMs)
  const requestFromAddress = limited(limits.requestsPerAddressMax, requestWindowMs)
  const sendOfActor = limited(limits.sendsPerActorMax, sendWindowMs)
  const sendOfContact = limited(limits.sendsPerContactMax, sendWindowMs)
  const signInFromAddress = limited(limits.signInsPerAddressMax, signInWindowMs)
  const resetFromAddress = limited(limits.resetsPerAddressMax, limits.resetWindowMs)
  const visitorFromAddress = limited(limits.visitorsPerAddressMax, visitorWindowMs)

  return {
    request: (caller, address) =>
      caller === null ? requestFromAddress(addressKey(address)) : requestOfActor(caller.id),
    route(rate, caller, address) {
      switch (rate) {
        case undefined:
        case 'request':
          return undefined
        case 'send':
          if (caller === null) return undefined
          return caller.kind === 'contact' ? sendOfContact(caller.id) : sendOfActor(caller.id)
        case 'signIn':
          return signInFromAddress(addressKey(address))
        case 'reset':
          return resetFromAddress(addressKey(address))
        case 'visitor':
          return visitorFromAddress(addressKey(address))
      }
    },
  }
}
