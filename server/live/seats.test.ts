import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import type { Caller } from '@fermata/contract/actors'
import { openSeats } from './seats.ts'

const caller = (n: number) =>
  ({
    kind: 'contact',
    workspace: 'wsp_1',
    id: `ctc_${n}`,
    name: '',
    inbox: 'ibx_1',
  }) as const satisfies Caller

test('one caller gets so many places and no more, until one is left', () => {
  const seats = openSeats()
  for (let i = 0; i < limits.socketsPerActorMax; i++) assert.ok(seats.take(caller(1)).ok)
  const full = seats.take(caller(1))
  assert.ok(!full.ok && full.refusal.code === 'too_many')
  assert.equal(full.refusal.limit, limits.socketsPerActorMax)
  assert.ok(seats.take(caller(2)).ok)
  seats.leave(caller(1))
  assert.ok(seats.take(caller(1)).ok)
})

test('all callers together get so many places and no more', () => {
  const seats = openSeats()
  for (let i = 0; i < limits.socketsMax; i++) assert.ok(seats.take(caller(i)).ok)
  const full = seats.take(caller(limits.socketsMax))
  assert.ok(!full.ok && full.refusal.code === 'unavailable')
  seats.leave(caller(0))
  assert.equal(seats.taken(), limits.socketsMax - 1)
  assert.throws(() => seats.leave(caller(0)), /must have been taken/)
})
