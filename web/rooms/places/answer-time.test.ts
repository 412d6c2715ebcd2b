import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerMinutesOf, answerTime } from './answer-time.ts'

test('minutes are shown in the largest unit that fits, and read back as the same', () => {
  const shown: [number | null, string][] = [
    [null, ' hours'],
    [1, '1 minutes'],
    [90, '90 minutes'],
    [240, '4 hours'],
    [1_440, '1 days'],
    [43_200, '30 days'],
  ]
  for (const [minutes, text] of shown) {
    const time = answerTime(minutes)
    assert.equal(`${time.amount} ${time.unit}`, text)
    assert.equal(answerMinutesOf(time), minutes)
  }
})

test('a fraction counts where it is whole minutes, and nothing else passes for a time', () => {
  assert.equal(answerMinutesOf({ amount: '1.5', unit: 'hours' }), 90)
  assert.equal(answerMinutesOf({ amount: '1,5', unit: 'hours' }), 90)
  assert.equal(answerMinutesOf({ amount: '0', unit: 'hours' }), undefined)
  assert.equal(answerMinutesOf({ amount: '-2', unit: 'days' }), undefined)
  assert.equal(answerMinutesOf({ amount: '1.1', unit: 'minutes' }), undefined)
  assert.equal(answerMinutesOf({ amount: 'soon', unit: 'days' }), undefined)
})
