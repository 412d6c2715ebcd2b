/**
 * Times as the visitor reads them, in their own zone. Pure: zone and locale are handed in.
 * Times are milliseconds since the epoch.
 */
export interface Place {
  readonly zone: string
  readonly locale: string
}

const dayMs = 24 * 3_600_000

interface Wall {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
}

const walls = new Map<string, Intl.DateTimeFormat>()

/** What clock and calendar on the wall show in a zone. */
function wallAt(ms: number, zone: string): Wall {
  let format = walls.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    })
    walls.set(zone, format)
  }
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]))
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
  }
}

function asUtc(wall: Wall): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute)
}

/** Which day it is in a zone, counted so that the difference of two is the number of nights between. */
export function dayNumber(ms: number, zone: string): number {
  return Math.floor(asUtc(wallAt(ms, zone)) / dayMs)
}

/**
 * The moment at which the wall clock shows this: the first one when it is shown twice, and in an hour
 * that the zone skips, as much later.
 */
function momentOf(wall: Wall, zone: string): number {
  const wanted = asUtc(wall)
  const offsetAt = (ms: number): number => asUtc(wallAt(ms, zone)) - ms
  const early = wanted - offsetAt(wanted - dayMs)
  const late = wanted - offsetAt(wanted + dayMs)
  const fits = [early, late].find((ms) => asUtc(wallAt(ms, zone)) === wanted)
  return fits ?? early
}

/** The moment some days later at an hour of the wall clock. */
export function atHour(nowMs: number, zone: string, days: number, hour: number): number {
  const today = wallAt(nowMs, zone)
  const date = new Date(Date.UTC(today.year, today.month - 1, today.day + days))
  return momentOf(
    {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour,
      minute: 0,
    },
    zone,
  )
}

/** The day of the week in a zone; Sunday is 0. */
export function weekday(ms: number, zone: string): number {
  return new Date(dayNumber(ms, zone) * dayMs).getUTCDay()
}

/** The hour that the wall clock shows. */
export function hourOf(ms: number, zone: string): number {
  return wallAt(ms, zone).hour
}

/** Reads the value of a `datetime-local` field; null when it is none. */
export function readField(value: string, zone: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(value)
  if (match === null) return null
  const [, year, month, day, hour, minute] = match.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return momentOf({ year, month, day, hour, minute }, zone)
}

/** Writes a moment as a `datetime-local` field wants it. */
export function writeField(ms: number, zone: string): string {
  return new Date(asUtc(wallAt(ms, zone))).toISOString().slice(0, 16)
}

/** "10:30" */
export function clockText(ms: number, place: Place): string {
  return new Intl.DateTimeFormat(place.locale, {
    timeZone: place.zone,
    timeStyle: 'short',
  }).format(ms)
}

/** "Monday", within a week; otherwise "3 March", with the year when it is another one. */
export function dayText(ms: number, nowMs: number, place: Place): string {
  const apart = dayNumber(ms, place.zone) - dayNumber(nowMs, place.zone)
  const sameYear = wallAt(ms, place.zone).year === wallAt(nowMs, place.zone).year
  const near = Math.abs(apart) < 7
  return new Intl.DateTimeFormat(place.locale, {
    timeZone: place.zone,
    ...(near ? { weekday: 'long' } : { day: 'numeric', month: 'long' }),
    ...(near || sameYear ? {} : { year: 'numeric' }),
  }).format(ms)
}

/** "30 November, 09:00": for times whose day of the week is said beside them. */
export function dateText(ms: number, place: Place): string {
  const day = new Intl.DateTimeFormat(place.locale, {
    timeZone: place.zone,
    day: 'numeric',
    month: 'long',
  })
  return `${day.format(ms)}, ${clockText(ms, place)}`
}

/** "10:30" today, "tomorrow, 10:30", "Monday, 10:30", "3 March, 10:30". */
export function momentText(ms: number, nowMs: number, place: Place): string {
  const apart = dayNumber(ms, place.zone) - dayNumber(nowMs, place.zone)
  const clock = clockText(ms, place)
  if (apart === 0) return clock
  const near = Math.abs(apart) === 1
  const day = near
    ? new Intl.RelativeTimeFormat(place.locale, { numeric: 'auto' }).format(apart, 'day')
    : dayText(ms, nowMs, place)
  return `${day}, ${clock}`
}

const fiveMinutesMs = 5 * 60_000

/**
 * By when somebody who writes now has an answer, or null when none is promised. Rounded up to five
 * minutes, because a promise that is read out must not be earlier than the one that is kept.
 */
export function answerBy(nowMs: number, answerMinutes: number | null): number | null {
  if (answerMinutes === null) return null
  return Math.ceil((nowMs + answerMinutes * 60_000) / fiveMinutesMs) * fiveMinutesMs
}
