import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { limits } from '@fermata/base/limits'
import { wallAt } from '../../ui/time/zone.ts'
import { laterChoices, parseLater } from './later.ts'

const zone = 'Europe/Rome'
/** Monday, 23 November 2026, 10:20 in Rome. */
const now = Date.UTC(2026, 10, 23, 9, 20)

function shown(at: number | undefined): string | undefined {
  if (at === undefined) return undefined
  const { year, month, day, hour, minute } = wallAt(at, zone)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`
}

function says(locale: string, text: string): string | undefined {
  return shown(parseLater(text, { now, zone, locale }))
}

const english: Record<string, string | undefined> = {
  'tue 9': '2026-11-24 09:00',
  'Tuesday at 9': '2026-11-24 09:00',
  'tue 9:30': '2026-11-24 09:30',
  'tue 3': '2026-11-24 15:00',
  'tue 03': '2026-11-24 03:00',
  'tue 3am': '2026-11-24 03:00',
  'next friday 4 pm': '2026-11-27 16:00',
  mon: '2026-11-30 09:00',
  'mon 17': '2026-11-23 17:00',
  'mon 9': '2026-11-30 09:00',
  tomorrow: '2026-11-24 09:00',
  tom: '2026-11-24 09:00',
  'tomorrow afternoon': '2026-11-24 14:00',
  'tomorrow noon': '2026-11-24 12:00',
  tonight: '2026-11-23 20:00',
  today: '2026-11-23 18:00',
  'today midnight': '2026-11-24 00:00',
  'this evening': '2026-11-23 18:00',
  'next week': '2026-11-30 09:00',
  'next month': '2026-12-01 09:00',
  weekend: '2026-11-28 09:00',
  'in 2 h': '2026-11-23 12:20',
  '2h': '2026-11-23 12:20',
  'in 1h30': '2026-11-23 11:50',
  'in 1 h 30 min': '2026-11-23 11:50',
  'half an hour': '2026-11-23 10:50',
  'in an hour': '2026-11-23 11:20',
  '45 min': '2026-11-23 11:05',
  'in 3 days': '2026-11-26 09:00',
  'in 3 days at 14': '2026-11-26 14:00',
  '2 weeks': '2026-12-07 09:00',
  'in 3 months': '2027-02-23 09:00',
  '12 dec': '2026-12-12 09:00',
  'dec 12': '2026-12-12 09:00',
  'dec 12 at 8': '2026-12-12 08:00',
  '12 dec 2026 8:15': '2026-12-12 08:15',
  'jan 5': '2027-01-05 09:00',
  'the 25th': '2026-11-25 09:00',
  'the 3rd': '2026-12-03 09:00',
  '2026-12-01': '2026-12-01 09:00',
  '2026-12-01 17:45': '2026-12-01 17:45',
  '1/12': '2026-12-01 09:00',
  '11': '2026-11-23 11:00',
  '9': '2026-11-24 09:00',
  '2': '2026-11-23 14:00',
  'at 10:15': '2026-11-24 10:15',
  noon: '2026-11-23 12:00',
  '': undefined,
  whenever: undefined,
  'tue 25': undefined,
  'tue 9:75': undefined,
  '31 feb': undefined,
  '13 pm': undefined,
  'today 9': undefined,
  'in 2 years': undefined,
  '12 dec 2030': undefined,
  'tue tomato': undefined,
  'half a day': undefined,
}

const italian: Record<string, string | undefined> = {
  'mar 9': '2026-11-24 09:00',
  'martedì alle 9': '2026-11-24 09:00',
  'martedì 9.30': '2026-11-24 09:30',
  'venerdì prossimo alle 16': '2026-11-27 16:00',
  domani: '2026-11-24 09:00',
  dom: '2026-11-29 09:00',
  'domani pomeriggio': '2026-11-24 14:00',
  domattina: '2026-11-24 09:00',
  'dopodomani alle 8': '2026-11-25 08:00',
  stasera: '2026-11-23 20:00',
  'oggi alle 17': '2026-11-23 17:00',
  'a mezzogiorno': '2026-11-23 12:00',
  'settimana prossima': '2026-11-30 09:00',
  'la prossima settimana': '2026-11-30 09:00',
  'prossima settimana': '2026-11-30 09:00',
  'il mese prossimo': '2026-12-01 09:00',
  'mese prossimo': '2026-12-01 09:00',
  'tra 2 ore': '2026-11-23 12:20',
  'fra 2 h': '2026-11-23 12:20',
  "tra un'ora": '2026-11-23 11:20',
  "tra mezz'ora": '2026-11-23 10:50',
  'tra 3 giorni': '2026-11-26 09:00',
  'tra due settimane': '2026-12-07 09:00',
  '12 dic': '2026-12-12 09:00',
  'il 12': '2026-12-12 09:00',
  'il 25 alle 15': '2026-11-25 15:00',
  '9 mar': '2027-03-09 09:00',
  lun: '2026-11-30 09:00',
  boh: undefined,
}

test('English words mean what people mean by them', () => {
  for (const [text, want] of Object.entries(english)) assert.equal(says('en', text), want, text)
})

test('Italian words mean what people mean by them', () => {
  for (const [text, want] of Object.entries(italian)) assert.equal(says('it', text), want, text)
})

test('in the United States the month comes first', () => {
  assert.equal(says('en-US', '1/12'), '2027-01-12 09:00')
  assert.equal(says('en-GB', '1/12'), '2026-12-01 09:00')
})

test('a day and an hour are those of the wall, also when the clocks change in between', () => {
  const october = Date.UTC(2026, 9, 24, 12)
  const at = parseLater('tomorrow 9', { now: october, zone, locale: 'en' })
  assert.equal(at, Date.UTC(2026, 9, 25, 8))
  const far = parseLater('in 2 h', { now: Date.UTC(2026, 9, 25, 0, 0), zone, locale: 'en' })
  assert.equal(far, Date.UTC(2026, 9, 25, 2, 0))
})

test('a day that a short month lacks becomes the last that it has', () => {
  const context = { now: Date.UTC(2026, 0, 31, 12), zone: 'UTC', locale: 'en' }
  assert.equal(parseLater('in 1 month', context), Date.UTC(2026, 1, 28, 9))
})

test('seed 106286795: half behind hours is half an hour', () => {
  assert.equal(parseLater('3 h half', { now, zone, locale: 'en' }), now + 3.5 * 3_600_000)
})

test('whatever is typed, the answer is a time ahead within the limit, or none', () => {
  const words = fc.constantFrom(
    ...'in at tue next 9 24 0 31 feb dec / : . am pm th h min days week month il mar domani'.split(
      ' ',
    ),
    ...['9:30', '12/11', '2026-11-30', 'half', 'an', "l'", 'mezz', '99', '1999', '0'],
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words, { maxLength: 6 }).map((some) => some.join(' ')),
      ),
      fc.constantFrom('en', 'en-US', 'it'),
      (text, locale) => {
        const at = parseLater(text, { now, zone, locale })
        if (at === undefined) return
        assert.ok(Number.isSafeInteger(at) && at > now && at <= now + limits.pauseMsMax, text)
        assert.equal(at % 60_000, 0, text)
      },
    ),
    { numRuns: 3_000 },
  )
})

test('the choices that are offered lie ahead, in order, each once', () => {
  assert.deepEqual(
    laterChoices(now, zone).map(({ id, at }) => `${id} ${shown(at)}`),
    [
      'hours 2026-11-23 12:20',
      'evening 2026-11-23 18:00',
      'tomorrow 2026-11-24 09:00',
      'monday 2026-11-30 09:00',
    ],
  )
})
