import assert from 'node:assert/strict'
import { test } from 'node:test'
import { laterChoices } from './later.ts'

const rome = { zone: 'Europe/Rome' }
const words = (now: string): string[] => laterChoices(Date.parse(now), rome).map(({ word }) => word)

test('in the middle of the week everything is offered, soonest first', () => {
  const choices = laterChoices(Date.parse('2026-06-03T08:00:00Z'), rome)
  assert.deepEqual(
    choices.map(({ word, until }) => [word, new Date(until).toISOString()]),
    [
      ['laterHour', '2026-06-03T09:00:00.000Z'],
      ['laterEvening', '2026-06-03T16:00:00.000Z'],
      ['laterTomorrow', '2026-06-04T07:00:00.000Z'],
      ['laterMonday', '2026-06-08T07:00:00.000Z'],
    ],
  )
})

test('an evening that is near or over is not offered', () => {
  assert.ok(!words('2026-06-03T15:00:00Z').includes('laterEvening'))
  assert.ok(words('2026-06-03T14:59:00Z').includes('laterEvening'))
})

test('on a Sunday tomorrow is Monday, and is offered once', () => {
  assert.ok(!words('2026-06-07T08:00:00Z').includes('laterMonday'))
  assert.ok(words('2026-06-08T08:00:00Z').includes('laterMonday'))
})

test('every time that is offered is still to come', () => {
  for (let hour = 0; hour < 24 * 8; hour++) {
    const now = Date.parse('2026-03-26T00:10:00Z') + hour * 3_600_000
    for (const { until, word } of laterChoices(now, rome)) assert.ok(until > now, word)
  }
})
