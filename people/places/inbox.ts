import { idText } from '@fermata/base/ids'
import type { AnswerMinutes, InboxView } from '@fermata/contract/places.schema'
import type { InboxRow } from './tables.ts'

/** What an inbox promises that was told nothing else: one working day for what is normal. */
export const usualAnswerMinutes: AnswerMinutes = { low: 2_880, normal: 480, high: 120, urgent: 30 }

/** An inbox without a greeting says nothing before a word is said. */
export const usualGreeting = ''

/** The answer times of a row. */
export function answerMinutesOf(
  row: Pick<InboxRow, 'answer_low' | 'answer_normal' | 'answer_high' | 'answer_urgent'>,
): AnswerMinutes {
  return {
    low: row.answer_low,
    normal: row.answer_normal,
    high: row.answer_high,
    urgent: row.answer_urgent,
  }
}

/** Answer times as columns. */
export function answerColumns(minutes: AnswerMinutes) {
  return {
    answer_low: minutes.low,
    answer_normal: minutes.normal,
    answer_high: minutes.high,
    answer_urgent: minutes.urgent,
  }
}

/** The web origins of a row. */
export function originsOf(row: Pick<InboxRow, 'origins'>): string[] {
  return row.origins === '[]' ? [] : (JSON.parse(row.origins) as string[])
}

/** An inbox as members and apps see it. */
export function inboxView(row: InboxRow): InboxView {
  return {
    id: idText('ibx', row.id),
    name: row.name,
    medium: row.medium as InboxView['medium'],
    team: row.team === null ? null : idText('tea', row.team),
    key: row.public_key,
    greeting: row.greeting,
    origins: originsOf(row),
    answerMinutes: answerMinutesOf(row),
    createdAt: row.created_at,
  }
}
