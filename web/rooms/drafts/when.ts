import type { When } from '@fermata/contract/drafts.schema'
import { timeOf, wallAt, type Wall } from '../../ui/time/zone.ts'

/** In whose zone a time is said. */
export type Whose = Extract<When, { wall: string }>['whose']

const two = (number: number): string => String(number).padStart(2, '0')

/** What a wall shows, as it travels: `2026-03-29T09:00`. */
export function wallText({ year, month, day, hour, minute }: Wall): string {
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`
}

/**
 * A time (ms) as it was meant: what the wall shows in a zone, so that it stays so should the zone's rules
 * change. Of the hour that autumn brings twice the second has no such name; it is sent as the moment it is.
 */
export function whenOf(at: number, zone: string, whose: Whose): When {
  const wall = wallAt(at, zone)
  return timeOf(wall, zone) === at ? { wall: wallText(wall), zone, whose } : { at }
}
