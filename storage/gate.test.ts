import assert from 'node:assert/strict'
import { setImmediate as macrotask } from 'node:timers/promises'
import { test } from 'node:test'
import { seededRandom } from '@fermata/testkit/random'
import { openGate, type Gate } from './gate.ts'

interface Flushes {
  readonly gate: Gate
  /** The flushes that were started and have not ended, at most one. */
  readonly started: PromiseWithResolvers<void>[]
  readonly fatal: Error[]
}

function gateWithFlushesByHand(): Flushes {
  const started: PromiseWithResolvers<void>[] = []
  const fatal: Error[] = []
  const flush = (): Promise<void> => {
    const one = Promise.withResolvers<void>()
    started.push(one)
    return one.promise
  }
  return { gate: openGate({ flush, fatal: (error) => fatal.push(error) }), started, fatal }
}

/** Whether a promise has been kept once all microtasks and a macrotask have run. */
async function kept(promise: Promise<void> | undefined): Promise<boolean> {
  let done = promise === undefined
  void promise?.then(() => (done = true))
  await macrotask()
  return done
}

test('nothing has to wait while nothing was committed', () => {
  const { gate, started } = gateWithFlushesByHand()
  assert.equal(gate.durable(), undefined)
  assert.equal(started.length, 0)
})

test('a commit is durable after one flush, and then nobody waits', async () => {
  const { gate, started } = gateWithFlushesByHand()
  gate.committed()
  const durable = gate.durable()
  assert.equal(started.length, 1)
  assert.equal(await kept(durable), false)
  started.shift()!.resolve()
  assert.equal(await kept(durable), true)
  assert.equal(gate.durable(), undefined)
})

test('a commit that arrives during a flush waits for the next one', async () => {
  const { gate, started } = gateWithFlushesByHand()
  gate.committed()
  const first = gate.durable()
  gate.committed()
  const second = gate.durable()
  started.shift()!.resolve()
  assert.equal(await kept(first), true)
  assert.equal(await kept(second), false, 'the first flush started before the second commit')
  assert.equal(started.length, 1)
  started.shift()!.resolve()
  assert.equal(await kept(second), true)
})

test('a commit that arrived during a flush is not on disk when that flush has ended', async () => {
  const { gate, started } = gateWithFlushesByHand()
  gate.committed()
  const first = gate.durable()
  gate.committed()
  started.shift()!.resolve()
  assert.equal(await kept(first), true)
  const read = gate.durable()
  assert.equal(started.length, 1)
  assert.equal(await kept(read), false)
})

test('a repeat or a read that asks before the first flush has ended waits for it', async () => {
  const { gate, started } = gateWithFlushesByHand()
  gate.committed()
  const answer = gate.durable()
  const repeat = gate.durable()
  assert.notEqual(repeat, undefined, 'the repeat saw what a power cut could still remove')
  assert.equal(await kept(repeat), false)
  started.shift()!.resolve()
  assert.equal(await kept(answer), true)
  assert.equal(await kept(repeat), true)
  assert.equal(started.length, 0, 'both waited for one flush')
})

test('a read that asks although nobody has asked for the commit it saw starts the flush', async () => {
  const { gate, started } = gateWithFlushesByHand()
  gate.committed()
  assert.equal(started.length, 0)
  const read = gate.durable()
  assert.equal(started.length, 1)
  assert.equal(await kept(read), false)
  started.shift()!.resolve()
  assert.equal(await kept(read), true)
})

test('all that come during a flush share the next', async () => {
  const { gate, started } = gateWithFlushesByHand()
  gate.committed()
  const first = gate.durable()
  const later = Array.from({ length: 5 }, () => {
    gate.committed()
    return gate.durable()
  })
  started.shift()!.resolve()
  await kept(first)
  assert.equal(started.length, 1)
  started.shift()!.resolve()
  for (const one of later) assert.equal(await kept(one), true)
  assert.equal(started.length, 0)
  assert.equal(gate.durable(), undefined)
})

test('a failed flush ends the process and keeps no promise ever again', async () => {
  const { gate, started, fatal } = gateWithFlushesByHand()
  gate.committed()
  const asked = gate.durable()
  gate.committed()
  const queued = gate.durable()
  const cause = new Error('EIO')
  started.shift()!.reject(cause)
  assert.equal(await kept(asked), false)
  assert.equal(await kept(queued), false)
  assert.equal(fatal.length, 1)
  assert.equal(fatal[0]!.cause, cause)
  assert.equal(await kept(gate.durable()), false)
  assert.equal(started.length, 0, 'no second flush may succeed over lost pages')
  assert.equal(gate.failed(), true)
})

test('whatever the order of commits, questions and flushes, nobody is let through early', async () => {
  const random = seededRandom('gate')
  for (let round = 0; round < 100; round++) {
    const { gate, started } = gateWithFlushesByHand()
    let commits = 0
    let onDisk = 0
    let covered = 0
    const waiting: { readonly saw: number; done: boolean }[] = []
    for (let step = 0; step < 60; step++) {
      const before = started.length
      if (random.chance(0.4)) {
        gate.committed()
        commits += 1
      } else if (random.chance(0.6)) {
        const one = { saw: commits, done: false }
        const durable = gate.durable()
        if (durable === undefined) assert.equal(onDisk, commits)
        else waiting.push(one)
        void durable?.then(() => {
          assert.ok(onDisk >= one.saw, 'let through before the flush')
          one.done = true
        })
        if (started.length > before) covered = commits
      } else if (started.length > 0) {
        onDisk = covered
        started.shift()!.resolve()
        await macrotask()
        if (started.length > 0) covered = commits
      }
    }
    while (started.length > 0) {
      onDisk = covered
      started.shift()!.resolve()
      await macrotask()
      covered = commits
    }
    assert.ok(
      waiting.every((one) => one.done),
      'nobody is forgotten',
    )
  }
})
