/** How long something lasts, in the one unit that people would say. */
export interface Span {
  readonly unit: 'now' | 'minutes' | 'hours' | 'days'
  readonly count: number
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** The span that a number of milliseconds is: whole units, rounded down. */
export function spanOf(ms: number): Span {
  if (ms < minuteMs) return { unit: 'now', count: 0 }
  if (ms < hourMs) return { unit: 'minutes', count: Math.floor(ms / minuteMs) }
  if (ms < 2 * dayMs) return { unit: 'hours', count: Math.floor(ms / hourMs) }
  return { unit: 'days', count: Math.floor(ms / dayMs) }
}

/** Whether a deadline presses: it has passed, or less than an hour is left. */
export function presses(due: number, now: number): boolean {
  return due - now < hourMs
}
