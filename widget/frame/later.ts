import { atHour, hourOf, weekday, type Place } from './times.ts'
import type { Word } from './words.en.ts'

/** A time at which somebody may come back. */
export interface LaterChoice {
  readonly word: Word
  readonly until: number
}

const hourMs = 3_600_000
const monday = 1

/** The times that are offered: only such as are still to come and differ from each other. */
export function laterChoices(now: number, { zone }: Pick<Place, 'zone'>): readonly LaterChoice[] {
  const hour = hourOf(now, zone)
  const today = weekday(now, zone)
  const toMonday = (monday - today + 7) % 7 || 7
  return [
    { word: 'laterHour', until: now + hourMs },
    ...(hour < 17 ? [{ word: 'laterEvening', until: atHour(now, zone, 0, 18) } as const] : []),
    { word: 'laterTomorrow', until: atHour(now, zone, 1, 9) },
    ...(toMonday > 1
      ? [{ word: 'laterMonday', until: atHour(now, zone, toMonday, 9) } as const]
      : []),
  ]
}
