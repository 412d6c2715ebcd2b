import { limits } from '@fermata/base/limits'
import { isDate, onDay, timeOf, wallAt, weekdayOf, type Wall } from '../../ui/time/zone.ts'
import { laterWords, type LaterWords, type Unit } from './later.words.ts'

/** Where and when somebody says "later". */
export interface LaterContext {
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly zone: string
  /** Whose words are understood: `en`, `en-US`, `it` … */
  readonly locale: string
}

/** The hour of a day that is named without one. */
export const morningHour = 9

/** What has been understood of the words so far. */
interface Draft {
  ahead: Partial<Record<Unit, number>>
  days?: number
  weekday?: number
  date?: { day: number; month?: number; year?: number }
  start?: 'week' | 'month'
  hour?: number
  minute?: number
  /** The hour was said as a bare number, which may mean the afternoon. */
  bare?: boolean
}

/** Lower case, without accents, with numbers apart from the letters they touch. */
function tokensOf(text: string): string[] {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/([ap])\.m\.?/g, '$1m')
    .replaceAll(/[’',]/g, ' ')
    .replaceAll(/(\d)([a-z])/g, '$1 $2')
    .replaceAll(/([a-z])(\d)/g, '$1 $2')
    .split(/\s+/)
    .filter((token) => token !== '')
}

/** The index of the only name that begins with the token, or of the first one in doubt. */
function named(names: readonly string[], token: string, charsMin: number): number {
  return token.length < charsMin ? -1 : names.findIndex((name) => name.startsWith(token))
}

/** A time of day as `9:30` or `9.30`; a date as `2026-11-12`, `12/11` or `12/11/2026`. */
function readWritten(draft: Draft, token: string, words: LaterWords): boolean {
  const clock = /^(\d{1,2})[:.](\d{2})$/.exec(token)
  if (clock) {
    draft.hour = Number(clock[1])
    draft.minute = Number(clock[2])
    return true
  }
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(token)
  if (iso) {
    draft.date = { year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) }
    return true
  }
  const slashed = /^(\d{1,2})\/(\d{1,2})(?:\/(\d{4}))?$/.exec(token)
  if (!slashed) return false
  const [first, second] = [Number(slashed[1]), Number(slashed[2])]
  const [day, month] = words.dayFirst ? [first, second] : [second, first]
  draft.date = { day, month, ...(slashed[3] ? { year: Number(slashed[3]) } : {}) }
  return true
}

function readWord(
  draft: Draft,
  token: string,
  after: string | undefined,
  words: LaterWords,
): number {
  const weekday = named(words.weekdays, token, 2)
  if (weekday >= 0) {
    draft.weekday = weekday
    return 1
  }
  const exact = words.hours[token]
  if (exact !== undefined) {
    draft.hour = exact
    return 1
  }
  const dayName = Object.keys(words.days)[named(Object.keys(words.days), token, 3)]
  const day = dayName === undefined ? undefined : words.days[dayName]
  if (day) {
    draft.days = day.days
    if (day.hour !== undefined) draft.hour ??= day.hour
    return 1
  }
  if (words.weekend.includes(token)) {
    draft.weekday = 5
    return 1
  }
  const month = named(words.months, token, 3)
  if (month >= 0) {
    draft.date = { ...(draft.date ?? { day: Number.NaN }), month: month + 1 }
    return 1
  }
  const unit = words.units[token]
  if (unit !== 'weeks' && unit !== 'months') return 0
  draft.start = unit === 'weeks' ? 'week' : 'month'
  return after !== undefined && words.next.includes(after) ? 2 : 1
}

function readNumber(
  draft: Draft,
  value: number,
  after: string | undefined,
  words: LaterWords,
): number {
  if (after === 'am' || after === 'pm') {
    if (value < 1 || value > 12) return 0
    draft.hour = (value % 12) + (after === 'pm' ? 12 : 0)
    return 2
  }
  if (after !== undefined && words.ordinals.includes(after)) {
    draft.date = { ...draft.date, day: value }
    return 2
  }
  const month = after === undefined ? -1 : named(words.months, after, 3)
  if (month >= 0) {
    draft.date = { ...draft.date, day: value, month: month + 1 }
    return 2
  }
  const unit = after === undefined ? undefined : words.units[after]
  const dayKnown =
    draft.days !== undefined || draft.weekday !== undefined || draft.date !== undefined
  if (unit !== undefined && !(dayKnown && unit === 'hours')) {
    if (value < 1 && unit !== 'hours') return 0
    draft.ahead[unit] = (draft.ahead[unit] ?? 0) + value
    return 2
  }
  if (Number.isNaN(draft.date?.day)) draft.date = { ...draft.date, day: value }
  else if (draft.date && value >= 2000) draft.date = { ...draft.date, year: value }
  else if (draft.ahead.hours !== undefined && draft.ahead.minutes === undefined) {
    // "2 h half" means half an hour more.
    draft.ahead.minutes = value < 1 ? value * 60 : value
  } else if (draft.hour === undefined && value <= 24) {
    draft.hour = value
    draft.bare = true
  } else return 0
  return unit === undefined ? 1 : 2
}

/** Reads all words into a draft; undefined when one is not understood. */
function read(text: string, words: LaterWords): Draft | undefined {
  const tokens = tokensOf(text)
  const draft: Draft = { ahead: {} }
  for (let at = 0; at < tokens.length;) {
    const token = tokens[at]!
    const after = tokens[at + 1]
    const number = words.numbers[token] ?? (/^\d{1,4}$/.test(token) ? Number(token) : undefined)
    // "half an hour": the article between them counts nothing.
    const counted = number === 0.5 && after !== undefined && words.numbers[after] === 1
    let taken = 0
    if (words.dayMarks.includes(token) && /^\d{1,2}$/.test(after ?? '')) {
      draft.date = { day: Number.NaN }
      taken = 1
    } else if (words.next.includes(token) || words.fillers.includes(token)) taken = 1
    else if (number !== undefined) {
      const used = readNumber(draft, number, counted ? tokens[at + 2] : after, words)
      taken = used === 0 ? 0 : used + (counted ? 1 : 0)
      if (token.startsWith('0') && token.length === 2) draft.bare = false
    } else if (readWritten(draft, token, words)) taken = 1
    else taken = readWord(draft, token, after, words)
    if (taken === 0) return undefined
    at += taken
  }
  return tokens.length === 0 ? undefined : draft
}

/** The hour that was meant: a bare 1 to 6 is the afternoon, when people are at work. */
function hourOf(draft: Draft): number {
  const hour = draft.hour ?? morningHour
  return draft.bare === true && hour >= 1 && hour <= 6 ? hour + 12 : hour
}

function dateWall(draft: Draft, today: Wall, hour: number, minute: number): Wall | undefined {
  const { day, month, year } = draft.date!
  const wall = {
    ...today,
    day,
    hour,
    minute,
    month: month ?? today.month,
    year: year ?? today.year,
  }
  const past = wall.month < today.month || (wall.month === today.month && day < today.day)
  if (past && month === undefined) wall.month += 1
  else if (past && year === undefined) wall.year += 1
  if (wall.month > 12) {
    wall.month = 1
    wall.year += 1
  }
  return isDate(wall.year, wall.month, day) ? wall : undefined
}

/** The wall's time that a draft means, or undefined when it names no day that there is. */
function wallOf(draft: Draft, today: Wall, isPast: (wall: Wall) => boolean): Wall | undefined {
  const [hour, minute] = [hourOf(draft), draft.minute ?? 0]
  if (hour > 24 || minute > 59) return undefined
  const { days = 0, weeks = 0, months = 0 } = draft.ahead
  if (months > 0) {
    const first = onDay({ ...today, month: today.month + months, day: 1 }, 0, hour, minute)
    return isDate(first.year, first.month, today.day)
      ? { ...first, day: today.day }
      : onDay({ ...first, month: first.month + 1, day: 1 }, -1, hour, minute)
  }
  if (days + weeks > 0) return onDay(today, days + 7 * weeks, hour, minute)
  if (draft.date) return dateWall(draft, today, hour, minute)
  if (draft.weekday !== undefined) {
    const ahead = (draft.weekday - weekdayOf(today) + 7) % 7
    const wall = onDay(today, ahead, hour, minute)
    return isPast(wall) || (ahead === 0 && draft.hour === undefined)
      ? onDay(today, ahead + 7, hour, minute)
      : wall
  }
  if (draft.start === 'week') return onDay(today, 7 - weekdayOf(today), hour, minute)
  if (draft.start === 'month')
    return onDay({ ...today, month: today.month + 1, day: 1 }, 0, hour, minute)
  if (draft.days !== undefined) {
    const evening = draft.days === 0 && draft.hour === undefined
    return onDay(today, draft.days, evening ? 18 : hour, minute)
  }
  const wall = onDay(today, 0, hour, minute)
  return isPast(wall) ? onDay(today, 1, hour, minute) : wall
}

/**
 * The time that plain words mean: "tue 9", "tomorrow", "in 2 h"; in Italian "mar 9", "domani",
 * "tra 2 ore". Milliseconds since the epoch, on a whole minute; undefined for words that are not
 * understood, a time that has passed, or one beyond limits.pauseMsMax.
 */
export function parseLater(text: string, context: LaterContext): number | undefined {
  const { now, zone, locale } = context
  const draft = read(text, laterWords(locale))
  if (draft === undefined) return undefined
  const { minutes = 0, hours = 0 } = draft.ahead
  const today = wallAt(now, zone)
  let at: number | undefined
  if (minutes + hours > 0) {
    at = Math.ceil(now / 60_000) * 60_000 + (hours * 60 + minutes) * 60_000
  } else {
    const wall = wallOf(draft, today, (some) => timeOf(some, zone) <= now)
    // Onto the calendar first: hour 24 is the next day's midnight.
    at = wall && timeOf(onDay(wall, wall.hour === 24 ? 1 : 0, wall.hour % 24, wall.minute), zone)
  }
  if (at === undefined || at <= now || at > now + limits.pauseMsMax) return undefined
  return at
}

/** A time that is offered without typing. */
export interface LaterChoice {
  readonly id: 'hours' | 'evening' | 'tomorrow' | 'monday' | 'week'
  readonly at: number
}

/** The times that people mostly mean, soonest first. */
export function laterChoices(now: number, zone: string): LaterChoice[] {
  const today = wallAt(now, zone)
  const weekday = weekdayOf(today)
  const soon = Math.ceil(now / 300_000) * 300_000 + 2 * 3_600_000
  const choices: LaterChoice[] = [{ id: 'hours', at: soon }]
  if (today.hour < 15) choices.push({ id: 'evening', at: timeOf(onDay(today, 0, 18), zone) })
  choices.push({ id: 'tomorrow', at: timeOf(onDay(today, 1, morningHour), zone) })
  // On a Sunday, tomorrow is Monday.
  if (weekday !== 6) {
    choices.push({ id: 'monday', at: timeOf(onDay(today, 7 - weekday, morningHour), zone) })
  }
  choices.push({ id: 'week', at: timeOf(onDay(today, 7, morningHour), zone) })
  const ordered = choices.toSorted((a, b) => a.at - b.at)
  return ordered.filter((choice, index) => choice.at !== ordered[index - 1]?.at)
}
