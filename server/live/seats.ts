import { assert } from '@fermata/base/assert'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'

/** The places for live readers, of which there are only so many. */
export interface Seats {
  /** Takes a place for a caller, or says which limit is reached. Every place must be left once. */
  take(caller: Caller): Result<void, Refusal>
  leave(caller: Caller): void
  taken(): number
}

/** Places for `socketsMax` readers, `socketsPerActorMax` of them for any one caller. */
export function openSeats(): Seats {
  const byCaller = new Map<string, number>()
  let taken = 0
  return {
    take({ id }) {
      if (taken >= limits.socketsMax) {
        const message = 'The server has no room for another live reader; try again.'
        return refused(refusal('unavailable', { message, limit: limits.socketsMax }))
      }
      const own = byCaller.get(id) ?? 0
      if (own >= limits.socketsPerActorMax) {
        const message = 'Too many live readers are open for one actor; close some.'
        return refused(refusal('too_many', { message, limit: limits.socketsPerActorMax }))
      }
      byCaller.set(id, own + 1)
      taken += 1
      return ok(undefined)
    },
    leave({ id }) {
      const own = byCaller.get(id) ?? 0
      assert(own > 0 && taken > 0, 'a place that is left must have been taken')
      if (own === 1) byCaller.delete(id)
      else byCaller.set(id, own - 1)
      taken -= 1
    },
    taken: () => taken,
  }
}
