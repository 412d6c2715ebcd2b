import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clockText, dateText, dayText, momentText } from './format.ts'
import { presses, spanOf } from './span.ts'

const hour = 3_600_000

test('a span is said in the one unit that people would say', () => {
  const said = (ms: number): string => Object.values(spanOf(ms)).join(' ')
  assert.equal(said(59_999), 'now 0')
  assert.equal(said(60_000), 'minutes 1')
  assert.equal(said(hour - 1), 'minutes 59')
  assert.equal(said(hour), 'hours 1')
  assert.equal(said(48 * hour - 1), 'hours 47')
  assert.equal(said(48 * hour), 'days 2')
})

test('a deadline presses in its last hour, and after it', () => {
  assert.equal(presses(2 * hour, hour), false)
  assert.equal(presses(2 * hour, hour + 1), true)
  assert.equal(presses(hour, 2 * hour), true)
})

test('times are shown in the zone and the language of the reader', () => {
  const now = Date.UTC(2026, 10, 23, 9, 5)
  const rome = { locale: 'en-GB', zone: 'Europe/Rome' }
  assert.equal(clockText(now, rome), '10:05')
  assert.equal(clockText(now, { locale: 'en-US', zone: 'America/New_York' }), '04:05 AM')
  assert.equal(dayText(now, now, rome), 'Monday, 23 November'.replace(',', ''))
  assert.equal(dayText(now, now, { ...rome, locale: 'it' }), 'lunedì 23 novembre')
  assert.equal(dateText(Date.UTC(2025, 0, 2), now, rome), '2 Jan 2025')
  assert.equal(momentText(Date.UTC(2026, 10, 24, 8), now, rome), 'Tue 24 Nov, 09:00')
})
