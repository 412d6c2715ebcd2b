import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  answerBy,
  atHour,
  clockText,
  dayNumber,
  momentText,
  readField,
  weekday,
  writeField,
} from './times.ts'

const rome = { zone: 'Europe/Rome', locale: 'it-IT' }
const newYork = { zone: 'America/New_York', locale: 'en-US' }
const at = (text: string): number => Date.parse(text)
/** Newer versions of Unicode's data put narrow spaces before "AM". */
const plain = (text: string): string => text.replaceAll(/\s/g, ' ')

test('the answer time is told in the visitor’s own zone', () => {
  const by = answerBy(at('2026-06-01T08:00:00Z'), 30)!
  assert.equal(clockText(by, rome), '10:30')
  assert.equal(plain(clockText(by, newYork)), '4:30 AM')
})

test('a promise is never told earlier than it is kept', () => {
  const now = at('2026-06-01T08:01:01Z')
  const by = answerBy(now, 30)!
  assert.ok(by >= now + 30 * 60_000)
  assert.equal(by, at('2026-06-01T08:35:00Z'))
})

test('where nothing is promised, nothing is told', () => {
  assert.equal(answerBy(0, null), null)
})

test('a moment is told by its clock today, by its day otherwise', () => {
  const now = at('2026-06-01T20:00:00Z')
  assert.equal(momentText(at('2026-06-01T21:00:00Z'), now, rome), '23:00')
  assert.equal(momentText(at('2026-06-01T22:30:00Z'), now, rome), 'domani, 00:30')
  assert.equal(momentText(at('2026-05-31T10:00:00Z'), now, rome), 'ieri, 12:00')
  assert.equal(momentText(at('2026-06-05T07:00:00Z'), now, rome), 'venerdì, 09:00')
  assert.equal(momentText(at('2026-06-20T07:00:00Z'), now, rome), '20 giugno, 09:00')
  assert.equal(
    plain(momentText(at('2027-01-02T15:00:00Z'), now, newYork)),
    'January 2, 2027, 10:00 AM',
  )
})

test('days are those of the zone, not those of UTC', () => {
  const late = at('2026-06-01T22:30:00Z')
  assert.equal(dayNumber(late, 'Europe/Rome') - dayNumber(late, 'UTC'), 1)
  assert.equal(weekday(late, 'Europe/Rome'), 2)
  assert.equal(weekday(late, 'UTC'), 1)
})

test('nine in the morning is nine on both nights of a change of the clocks', () => {
  for (const [now, expected] of [
    ['2026-03-28T20:00:00Z', '2026-03-29T07:00:00Z'],
    ['2026-10-24T20:00:00Z', '2026-10-25T08:00:00Z'],
  ] as const) {
    assert.equal(atHour(at(now), 'Europe/Rome', 1, 9), at(expected))
  }
})

test('an hour that a zone skips is moved on, and one that it repeats is the first', () => {
  assert.equal(readField('2026-03-29T02:30', 'Europe/Rome'), at('2026-03-29T01:30:00Z'))
  assert.equal(readField('2026-03-08T02:30', 'America/New_York'), at('2026-03-08T07:30:00Z'))
  assert.equal(readField('2026-10-25T02:30', 'Europe/Rome'), at('2026-10-25T00:30:00Z'))
})

test('a field is written and read back', () => {
  const ms = at('2026-12-24T17:05:00Z')
  for (const zone of ['Europe/Rome', 'America/New_York', 'Asia/Kolkata', 'UTC']) {
    assert.equal(readField(writeField(ms, zone), zone), ms)
  }
  assert.equal(readField('soon', 'UTC'), null)
})
