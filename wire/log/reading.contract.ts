import assert from 'node:assert/strict'
import { limits } from '@fermata/base/limits'
import {
  append,
  batchOf,
  made,
  producerOf,
  readAll,
  readOnce,
  recordOf,
  recordTime,
  refusalIn,
  taken,
  turns,
  type Check,
  type World,
} from './contract.world.ts'
import { encodeBatch } from './records.ts'
import type { Place } from './store.ts'

/** What every log promises about what is read from it. */
export function readingContract(check: Check): void {
  reads(check)
  times(check)
  waits(check)
}

function reads(check: Check): void {
  check('an offset within a batch is answered with the whole batch', async ({ log }) => {
    const partition = await made(log)
    await append(log, partition, ['a', 'b', 'c'])
    await append(log, partition, ['d', 'e'])
    for (const [offset, first] of [0, 0, 0, 3, 3].entries()) {
      const { batches } = await readOnce(log, partition, offset)
      assert.equal(batches[0]?.header.baseOffset, first)
      assert.equal(batches[0]?.offsets.includes(offset), true)
    }
  })

  check('one batch at least is answered however few bytes are asked for', async ({ log }) => {
    const partition = await made(log)
    for (const text of ['a', 'b', 'c']) await append(log, partition, [text.repeat(500)])
    for (const bytesMax of [0, 1, 600]) {
      const { batches } = await readOnce(log, partition, 1, { bytesMax })
      assert.equal(batches.length, 1)
      assert.equal(batches[0]?.header.baseOffset, 1)
    }
    const size = batchOf(['a'.repeat(500)]).length
    const { batches } = await readOnce(log, partition, 0, { bytesMax: 3 * size - 1 })
    assert.ok(batches.length === 1 || batches.length === 2)
  })

  check('offsets outside of what is there are refused with its bounds', async ({ log }) => {
    const partition = await made(log)
    for (const text of ['a', 'b', 'c', 'd']) await append(log, partition, [text])
    await append(log, partition, producerOf(log, 1).next(['e']))
    taken(await log.deleteRecords({ partition, before: 2 }))
    for (const offset of [-1, 0, 1, 6, 1e12]) {
      const answer = await log.read({ partition, offset, bytesMax: 100, committed: false })
      const refusal = { code: 'offset_out_of_range', start: 2, stable: 4, high: 5 }
      assert.deepEqual(refusalIn(answer), refusal)
    }
    assert.deepEqual((await readOnce(log, partition, 5)).batches, [])
    // Between the last stable offset and the high watermark there is only nothing yet.
    assert.deepEqual((await readOnce(log, partition, 5, { committed: true })).batches, [])
  })

  check('a long partition is read from every offset, in pieces of every size', async ({ log }) => {
    const partition = await made(log, { segmentBytes: 2_000 })
    const texts: string[] = []
    for (let index = 0; index < 60; index++) {
      const batch = Array.from({ length: 1 + (index % 3) }, (_, at) => `${index}-${at}`.repeat(9))
      await append(log, partition, batch)
      texts.push(...batch)
    }
    await log.idle()
    for (const bytesMax of [1, 333, 5_000, 1e6]) {
      for (let from = 0; from <= texts.length; from += 7) {
        const read = await readAll(log, partition, { from, bytesMax })
        const offsets = read.flatMap((batch) => batch.offsets)
        const wanted = read.flatMap((batch) => batch.texts).slice(offsets.indexOf(from))
        assert.deepEqual(wanted, texts.slice(from))
      }
    }
  })
}

function times(check: Check): void {
  /** Appends a batch of records with these times, counted from `recordTime`. */
  const appendTimes = ({ log }: World, partition: number, times: readonly number[]) => {
    const records = times.map((time) => recordOf(`${time}`, recordTime + time))
    const batch = encodeBatch({ baseOffset: 0, leaderEpoch: 0, compression: 1, records })
    return append(log, partition, batch)
  }
  const find = async ({ log }: World, partition: number, time: number, committed = false) => {
    const order = { partition, timestamp: recordTime + time, committed }
    const found = taken(await log.findTime(order))
    return found && { offset: found.offset, time: found.timestamp - recordTime }
  }

  check('a time is found inside batches, and nothing where all is older', async (world) => {
    const partition = await made(world.log)
    assert.equal(await find(world, partition, 0), undefined)
    await appendTimes(world, partition, [0, 10, 20])
    await appendTimes(world, partition, [30, 40])
    assert.deepEqual(await find(world, partition, -1e9), { offset: 0, time: 0 })
    assert.deepEqual(await find(world, partition, 0), { offset: 0, time: 0 })
    assert.deepEqual(await find(world, partition, 1), { offset: 1, time: 10 })
    assert.deepEqual(await find(world, partition, 20), { offset: 2, time: 20 })
    assert.deepEqual(await find(world, partition, 21), { offset: 3, time: 30 })
    assert.deepEqual(await find(world, partition, 40), { offset: 4, time: 40 })
    assert.equal(await find(world, partition, 41), undefined)
  })

  check(
    'times out of order are answered with the first offset that is not older',
    async (world) => {
      const partition = await made(world.log, { segmentBytes: 300 })
      await appendTimes(world, partition, [50, 10, 60])
      for (const time of [20, 70, 5, 30, 80, 40])
        await appendTimes(world, partition, [time, time - 1])
      await world.log.idle()
      const all = [50, 10, 60, ...[20, 70, 5, 30, 80, 40].flatMap((time) => [time, time - 1])]
      for (let time = 0; time <= 81; time++) {
        const offset = all.findIndex((one) => one >= time)
        const expected = offset === -1 ? undefined : { offset, time: all[offset] }
        assert.deepEqual(await find(world, partition, time), expected)
      }
    },
  )

  check('a time is looked for from the start to the last stable offset', async (world) => {
    const { log } = world
    const partition = await made(log)
    await appendTimes(world, partition, [10, 20, 30])
    const producer = producerOf(log, 1)
    await append(log, partition, producer.next(['open']))
    await appendTimes(world, partition, [40])
    assert.deepEqual(await find(world, partition, 35), { offset: 4, time: 40 })
    assert.equal(await find(world, partition, 35, true), undefined)
    taken(await log.deleteRecords({ partition, before: 1 }))
    assert.deepEqual(await find(world, partition, 0), { offset: 1, time: 20 })
    await producer.end(true, partition)
    assert.deepEqual(await find(world, partition, 35, true), { offset: 4, time: 40 })
    // A marker is none of the users' records, though it is younger than they.
    assert.equal(await find(world, partition, 41), undefined)
  })
}

function waits(check: Check): void {
  const at = (partition: number, offset: number, committed = false): Place => {
    return { partition, offset, committed }
  }

  check('who stands before something to read does not wait', async ({ log, clock }) => {
    const [a, b] = [await made(log, {}, 'a'), await made(log, {}, 'b')]
    await append(log, a, ['a'])
    const timers = clock.timers()
    const places = [at(a, 0), at(b, 0)]
    assert.deepEqual(await log.waitFor({ places, waitMs: 1e9 }), [a])
    assert.deepEqual(await log.waitFor({ places: [at(b, 0)], waitMs: 0 }), [])
    assert.equal(clock.timers(), timers)
  })

  check('who waits is woken when it is flushed, not sooner', async ({ log, hold }) => {
    const [a, b] = [await made(log, {}, 'a'), await made(log, {}, 'b')]
    const woken: string[] = []
    const wait = (name: string, ...places: readonly Place[]): Promise<unknown> =>
      log
        .waitFor({ places, waitMs: 1e9 })
        .then((ready) => woken.push(`${name}: ${ready.join(' ')}`))
    const waiting = [wait('next', at(a, 0), at(b, 0)), wait('later', at(a, 1))]
    const release = hold()
    const appended = append(log, a, ['a'])
    await turns()
    assert.deepEqual(woken, [])
    release()
    await Promise.all([appended, waiting[0]])
    await turns()
    assert.deepEqual(woken, [`next: ${a}`])
    await append(log, a, ['b'])
    await Promise.all(waiting)
    assert.deepEqual(woken, [`next: ${a}`, `later: ${a}`])
  })

  check('waiting ends with nothing when its time is over', async ({ log, clock }) => {
    const partition = await made(log)
    let ready: readonly number[] | undefined
    const waiting = log.waitFor({ places: [at(partition, 0)], waitMs: 500 })
    void waiting.then((partitions) => (ready = partitions))
    clock.advance(499)
    await turns()
    assert.equal(ready, undefined)
    clock.advance(1)
    assert.deepEqual(await waiting, [])
  })

  check('who waits for committed records is woken when the transaction ends', async ({ log }) => {
    const partition = await made(log)
    const producer = producerOf(log, 1)
    let isWoken = false
    const waiting = log.waitFor({ places: [at(partition, 0, true)], waitMs: 1e9 })
    void waiting.then(() => (isWoken = true))
    await append(log, partition, producer.next(['a']))
    await append(log, partition, ['b'])
    await turns()
    assert.equal(isWoken, false)
    await producer.end(true, partition)
    assert.deepEqual(await waiting, [partition])
  })

  check('no more places wait than the limit says', async ({ log }) => {
    const partition = await made(log)
    const places = Array.from({ length: limits.wireWaitersMax }, () => at(partition, 0))
    const waiting = log.waitFor({ places, waitMs: 1e9 })
    assert.deepEqual(await log.waitFor({ places: [at(partition, 0)], waitMs: 1e9 }), [])
    await append(log, partition, ['a'])
    assert.deepEqual(await waiting, [partition])
  })

  check('a partition that is not there is no reason to wait', async ({ log }) => {
    const partition = await made(log)
    const places = [at(partition, 0), at(partition + 1_000, 0)]
    assert.deepEqual(await log.waitFor({ places, waitMs: 1e9 }), [partition + 1_000])
  })
}
