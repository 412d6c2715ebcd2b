import { daysBetween, wallAt } from './zone.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

function formatted(time: number, locale: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${locale} ${JSON.stringify(options)}`
  let format = formats.get(key)
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale, options)
    formats.set(key, format)
  }
  return format.format(time)
}

/** Whose clock and calendar a time is shown by. */
export interface Shown {
  readonly locale: string
  readonly zone: string
}

/** `09:05`, in the hours that the locale is used to. */
export function clockText(time: number, { locale, zone }: Shown): string {
  return formatted(time, locale, { hour: '2-digit', minute: '2-digit', timeZone: zone })
}

/** `Tuesday 24 November`, with the year where it is not this one. */
export function dayText(time: number, now: number, { locale, zone }: Shown): string {
  const sameYear = wallAt(time, zone).year === wallAt(now, zone).year
  return formatted(time, locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
    timeZone: zone,
  })
}

/** `24 Nov`, with the year where it is not this one. */
export function dateText(time: number, now: number, { locale, zone }: Shown): string {
  const sameYear = wallAt(time, zone).year === wallAt(now, zone).year
  return formatted(time, locale, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' }),
    timeZone: zone,
  })
}

/** `Tue 24 Nov, 09:00`: a time that lies some days away. */
export function momentText(time: number, now: number, { locale, zone }: Shown): string {
  const near = Math.abs(daysBetween(wallAt(now, zone), wallAt(time, zone))) < 300
  return formatted(time, locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(near ? {} : { year: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  })
}

/** The whole date with seconds and zone, for whoever wants to know exactly. */
export function fullText(time: number, { locale, zone }: Shown): string {
  return formatted(time, locale, { dateStyle: 'full', timeStyle: 'long', timeZone: zone })
}
