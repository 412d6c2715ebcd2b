import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { daysBetween, isDate, isZone, onDay, timeOf, wallAt, weekdayOf } from './zone.ts'

const zones = [
  'UTC',
  'Europe/Rome',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Kiritimati',
  'America/St_Johns',
]

test('a time and its wall agree with Temporal in every zone and at every hour', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2060, 0) }),
      (zone, time) => {
        const truth = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(zone)
        const { year, month, day, hour, minute } = truth
        assert.deepEqual(wallAt(time, zone), { year, month, day, hour, minute })
      },
    ),
  )
})

test('a wall leads back to the time that Temporal gives it, around clock changes too', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: Date.UTC(2026, 2, 1) / 60_000, max: Date.UTC(2026, 3, 15) / 60_000 }),
      fc.boolean(),
      (zone, minutes, autumn) => {
        const shown = new Date((minutes + (autumn ? 210 * 1440 : 0)) * 60_000)
        const wall = {
          year: shown.getUTCFullYear(),
          month: shown.getUTCMonth() + 1,
          day: shown.getUTCDate(),
          hour: shown.getUTCHours(),
          minute: shown.getUTCMinutes(),
        }
        const truth = Temporal.PlainDateTime.from(wall).toZonedDateTime(zone, {
          disambiguation: 'compatible',
        })
        assert.equal(timeOf(wall, zone), truth.epochMilliseconds)
      },
    ),
    { numRuns: 2_000 },
  )
})

test('the hour that spring skips is taken later, of the hour that autumn repeats the first', () => {
  const skipped = { year: 2026, month: 3, day: 29, hour: 2, minute: 30 }
  assert.equal(timeOf(skipped, 'Europe/Rome'), Date.UTC(2026, 2, 29, 1, 30))
  const repeated = { year: 2026, month: 10, day: 25, hour: 2, minute: 30 }
  assert.equal(timeOf(repeated, 'Europe/Rome'), Date.UTC(2026, 9, 25, 0, 30))
})

test('days are counted by the calendar, across months and years', () => {
  const wall = { year: 2026, month: 12, day: 30, hour: 23, minute: 50 }
  assert.deepEqual(onDay(wall, 3, 9), { year: 2027, month: 1, day: 2, hour: 9, minute: 0 })
  assert.equal(daysBetween(wall, onDay(wall, 3, 0)), 3)
  assert.equal(daysBetween(onDay(wall, 3, 0), wall), -3)
  assert.equal(weekdayOf({ year: 2026, month: 11, day: 23, hour: 0, minute: 0 }), 0)
  assert.equal(isDate(2028, 2, 29), true)
  assert.equal(isDate(2026, 2, 29), false)
  assert.equal(isZone('Europe/Rome'), true)
  assert.equal(isZone('Europe/Nowhere'), false)
})
