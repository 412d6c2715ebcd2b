import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '@fermata/testkit/clock'
import { batchOf } from '../log/contract.world.ts'
import { memoryBroker, workspace } from './broker.world.ts'
import { openToil } from './toil.ts'

void test('there is so much time at once, and a half over time', () => {
  const clock = fakeClock()
  const toil = openToil(clock)
  const work = (ms: number) => toil.count(() => clock.advance(ms))
  work(150)
  assert.equal(toil.isTooMuch(), false)
  work(150)
  assert.equal(toil.isTooMuch(), true)
  clock.advance(199)
  assert.equal(toil.isTooMuch(), true)
  clock.advance(2)
  assert.equal(toil.isTooMuch(), false)
  clock.advance(1_000_000)
  work(199)
  assert.equal(toil.isTooMuch(), false)
  work(1)
  assert.equal(toil.isTooMuch(), true, 'nothing is saved up')
})

void test('small batches that hold much do not stop the others: they are taken again later', async () => {
  const { broker, log, clock } = await memoryBroker()
  const settings = [{ name: 'cleanup.policy', value: 'compact' }]
  const topics = [
    { name: 'latest', settings },
    { name: 'plain', settings: [] },
  ]
  await broker.createTopics({ workspace, topics, validateOnly: false })
  // Each takes as long as one of two kilobytes that holds sixty megabytes.
  const { append } = log
  log.append = (order) => {
    clock.advance(50)
    return append.call(log, order)
  }
  const send = async (topic: string, compression?: 4) => {
    const batch = batchOf(['a=1'], compression && { compression })
    const batches = Array.from({ length: 10 }, () => ({ topic, index: 0, batch }))
    const answers = await broker.produce({ workspace, acks: -1, batches })
    return answers.map((answer) => (answer.ok ? 'taken' : answer.refusal.code))
  }
  const packed = await send('latest', 4)
  assert.deepEqual(packed.slice(0, 4), Array(4).fill('taken'))
  assert.deepEqual(packed.slice(4), Array(6).fill('overloaded'))
  assert.deepEqual(await send('latest'), Array(10).fill('taken'), 'what is not packed is taken')
  assert.deepEqual(await send('plain', 4), Array(10).fill('taken'), 'nobody looks into it')
  assert.equal((await send('latest', 4))[0], 'taken', 'time has passed')
})
