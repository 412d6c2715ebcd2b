import { useTranslation } from 'react-i18next'
import { limits } from '@fermata/base/limits'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** The lengths that are offered, in milliseconds. */
const usual: readonly number[] = [
  limits.teamLeaseMsMin,
  15 * minuteMs,
  30 * minuteMs,
  hourMs,
  2 * hourMs,
  4 * hourMs,
  limits.leaseMsDefault,
  12 * hourMs,
  dayMs,
  2 * dayMs,
  limits.teamLeaseMsMax,
]

/** A length in the largest unit in which it is whole, in the words of a language. */
export function leaseLength(ms: number, language: string): string {
  const [unit, unitMs] =
    ms % dayMs === 0
      ? (['day', dayMs] as const)
      : ms % hourMs === 0
        ? (['hour', hourMs] as const)
        : (['minute', minuteMs] as const)
  const words = { style: 'unit', unit, unitDisplay: 'long' } as const
  return new Intl.NumberFormat(language, words).format(ms / unitMs)
}

/** How long leases may last, the one that is set among them. */
export function useLeaseLengths(now: number): readonly { id: string; text: string }[] {
  const { i18n } = useTranslation()
  return [...new Set([...usual, now])]
    .toSorted((a, b) => a - b)
    .map((ms) => ({ id: String(ms), text: leaseLength(ms, i18n.language) }))
}
