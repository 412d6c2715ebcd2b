/** What a calendar and a clock on the wall show, in no particular zone. Months count from 1. */
export interface Wall {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
}

const dayMs = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()

/** Making a format costs far more than using it, so each zone's is made once. */
function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-u-ca-iso8601', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    })
    formats.set(zone, format)
  }
  return format
}

/** Whether this is a time zone that the browser knows. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone)
    return true
  } catch {
    return false
  }
}

/** What the wall shows at a time, in milliseconds since the epoch, in a zone. */
export function wallAt(time: number, zone: string): Wall {
  const wall = { year: 0, month: 0, day: 0, hour: 0, minute: 0 }
  for (const { type, value } of formatOf(zone).formatToParts(time)) {
    if (type in wall) wall[type as keyof typeof wall] = Number(value)
  }
  return wall
}

/** The wall's time read as if it were UTC: an order and a distance between walls. */
function asUtc(wall: Wall): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute)
}

/**
 * When a zone's wall shows this. A time that the clock skips in spring is taken as much later as the
 * clock jumped; of a time that autumn brings twice, the first counts.
 */
export function timeOf(wall: Wall, zone: string): number {
  const guess = asUtc(wall)
  // The zone's distance from UTC on either side of the time; they differ only around a change.
  const before = asUtc(wallAt(guess - dayMs, zone)) - (guess - dayMs)
  const after = asUtc(wallAt(guess + dayMs, zone)) - (guess + dayMs)
  const early = guess - before
  if (before === after || asUtc(wallAt(early, zone)) === guess) return early
  const late = guess - after
  return asUtc(wallAt(late, zone)) === guess ? late : early
}

/** The wall's date, some days later (or earlier), at a time of day. Takes dates past a month's end. */
export function onDay(wall: Wall, days: number, hour: number, minute = 0): Wall {
  const date = new Date(Date.UTC(wall.year, wall.month - 1, wall.day + days))
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour,
    minute,
  }
}

/** The day of the week of a wall's date: 0 is Monday, 6 is Sunday. */
export function weekdayOf(wall: Wall): number {
  return (new Date(Date.UTC(wall.year, wall.month - 1, wall.day)).getUTCDay() + 6) % 7
}

/** Whether there is such a date: no 31st of June. */
export function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day
}

/** How many days a wall's date lies after another's; negative when it lies before. */
export function daysBetween(from: Wall, to: Wall): number {
  return Math.round(
    (asUtc({ ...to, hour: 0, minute: 0 }) - asUtc({ ...from, hour: 0, minute: 0 })) / dayMs,
  )
}
