/** In what a promise is counted. */
export type AnswerUnit = 'minutes' | 'hours' | 'days'

/** The units, smallest first. */
export const answerUnits: readonly AnswerUnit[] = ['minutes', 'hours', 'days']

const minutesIn: Record<AnswerUnit, number> = { minutes: 1, hours: 60, days: 1_440 }

/** A promise as it is written in a form. No amount: nothing is promised. */
export interface AnswerTime {
  readonly amount: string
  readonly unit: AnswerUnit
}

/** Minutes in the largest unit in which they are a whole number. */
export function answerTime(minutes: number | null): AnswerTime {
  if (minutes === null) return { amount: '', unit: 'hours' }
  const unit = answerUnits.findLast((one) => minutes % minutesIn[one] === 0) ?? 'minutes'
  return { amount: String(minutes / minutesIn[unit]), unit }
}

/** The minutes of what was written; null promises nothing, undefined is no whole number of minutes. */
export function answerMinutesOf({ amount, unit }: AnswerTime): number | null | undefined {
  const text = amount.trim().replace(',', '.')
  if (text === '') return null
  const minutes = Number(text) * minutesIn[unit]
  return Number.isInteger(minutes) && minutes > 0 ? minutes : undefined
}
