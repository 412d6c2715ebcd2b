import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { fakeClock } from '@fermata/testkit/clock'
import { openLiveness, type Pulse } from './liveness.ts'

interface FakePulse extends Pulse {
  pings: number
  dropped: boolean
}

function fakePulse(answers: boolean): FakePulse {
  return {
    heard: true,
    pings: 0,
    dropped: false,
    ping() {
      this.pings += 1
      this.heard = answers
    },
    drop() {
      this.dropped = true
    },
  }
}

test('a connection that answers its pings lives, and one that does not is dropped', () => {
  const clock = fakeClock()
  const liveness = openLiveness(clock)
  const [alive, dead] = [fakePulse(true), fakePulse(false)]
  liveness.add(alive)
  liveness.add(dead)
  clock.advance(limits.pingMs)
  assert.deepEqual([alive.pings, dead.pings], [1, 1])
  assert.equal(dead.dropped, false)
  clock.advance(limits.pingMs)
  assert.equal(dead.dropped, true)
  assert.equal(alive.dropped, false)
  assert.equal(alive.pings, 2)
})

test('many connections are pinged in parts, and none that has gone', () => {
  const clock = fakeClock()
  const liveness = openLiveness(clock)
  const pulses = Array.from({ length: 300 }, () => fakePulse(true))
  for (const pulse of pulses) liveness.add(pulse)
  liveness.remove(pulses[0]!)
  clock.advance(limits.pingMs / 30)
  const first = pulses.filter((pulse) => pulse.pings === 1).length
  assert.equal(first, 9)
  clock.advance(limits.pingMs - limits.pingMs / 30)
  assert.equal(pulses.filter((pulse) => pulse.pings === 1).length, 299)
  liveness.stop()
  assert.equal(clock.timers(), 0)
})
