import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { When } from '@fermata/contract/drafts.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'

/** What a wall shows in a zone, and whose zone it is. */
export type WallTime = Extract<When, { wall: string }>

/**
 * The moment (ms) at which a wall in a zone shows something, by the rules that this machine knows; null when
 * there is no such date or zone. A time that spring skips is taken as much later as the clocks jump, and of
 * one that autumn brings twice, the first: as RFC 5545 says and calendars do.
 */
export function momentOf({ wall, zone }: Pick<WallTime, 'wall' | 'zone'>): number | null {
  try {
    const date = Temporal.PlainDateTime.from(wall, { overflow: 'reject' })
    return date.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds
  } catch {
    return null
  }
}

/** When something is to be sent: the moment, and how that was said. */
export interface Time {
  readonly at: number
  readonly wall: WallTime | null
}

/** Finds out what moment is meant. Refuses what is no time, is over, or lies too far ahead. */
export function timeOf(when: When, now: number): Result<Time, Refusal> {
  const unfit = (message: string, limit?: number) => {
    const met = limit === undefined ? {} : { limit }
    return refused(refusal('invalid_field', { message, field: 'body.when', ...met }))
  }
  const wall = 'at' in when ? null : when
  const at = 'at' in when ? when.at : momentOf(when)
  if (at === null) return unfit('There is no such date, or no such time zone.')
  if (at <= now) return unfit('That time is over.')
  const limit = limits.scheduledAheadMsMax
  if (at > now + limit) return unfit('That is more than `limit` milliseconds ahead.', limit)
  return ok({ at, wall })
}
