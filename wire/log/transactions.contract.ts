import assert from 'node:assert/strict'
import { limits } from '@fermata/base/limits'
import {
  append,
  appendRefused,
  batchOf,
  committedTexts,
  made,
  producerOf,
  readAll,
  readOnce,
  refusalIn,
  taken,
  turns,
  type Check,
  type World,
} from './contract.world.ts'
import { readMarker } from './marker.ts'

/** What every log promises about transactions (KIP-98). */
export function transactionsContract(check: Check): void {
  stability(check)
  abortedLists(check)
  ends(check)
  fences(check)
}

const stableOf = (log: World['log'], partition: number) => log.partition(partition)!.stable

function stability(check: Check): void {
  check(
    'an open transaction holds the last stable offset back until it has ended',
    async (world) => {
      const { log } = world
      const partition = await made(log)
      await append(log, partition, ['before'])
      const producer = producerOf(log, 1)
      await append(log, partition, producer.next(['a', 'b']))
      await append(log, partition, ['between'])
      await append(log, partition, producer.next(['c']))
      assert.deepEqual([stableOf(log, partition), log.partition(partition)!.high], [1, 5])
      assert.deepEqual(await committedTexts(log, partition), ['before'])
      assert.equal((await readAll(log, partition)).length, 4)
      assert.deepEqual(await producer.end(true, partition), [5])
      assert.equal(stableOf(log, partition), 6)
      assert.deepEqual(await committedTexts(log, partition), ['before', 'a', 'b', 'between', 'c'])
    },
  )

  check('the oldest of several open transactions counts', async ({ log }) => {
    const partition = await made(log)
    const [a, b, c] = [producerOf(log, 1), producerOf(log, 2), producerOf(log, 3)]
    await append(log, partition, a.next(['a1']))
    await append(log, partition, b.next(['b1']))
    await append(log, partition, c.next(['c1']))
    await append(log, partition, a.next(['a2']))
    await b.end(true, partition)
    assert.equal(stableOf(log, partition), 0)
    await a.end(false, partition)
    assert.equal(stableOf(log, partition), 2)
    assert.deepEqual(await committedTexts(log, partition), ['b1'])
    await append(log, partition, a.next(['a3']))
    await append(log, partition, b.next(['b2']))
    await c.end(true, partition)
    assert.equal(stableOf(log, partition), 6)
    await b.end(false, partition)
    await a.end(true, partition)
    assert.equal(stableOf(log, partition), log.partition(partition)!.high)
    for (const bytesMax of [1, 200, 4096]) {
      assert.deepEqual(await committedTexts(log, partition, bytesMax), ['b1', 'c1', 'a3'])
    }
  })

  check('a transaction has not ended before its marker is flushed', async ({ log, hold }) => {
    const partition = await made(log)
    const producer = producerOf(log, 1)
    await append(log, partition, producer.next(['a']))
    const release = hold()
    let isEnded = false
    const ended = producer.end(true, partition).then(() => (isEnded = true))
    await turns()
    assert.equal(isEnded, false)
    assert.equal(stableOf(log, partition), 0)
    assert.deepEqual(await committedTexts(log, partition), [])
    release()
    await ended
    assert.equal(stableOf(log, partition), 2)
  })

  check('an open transaction that the start has passed does not hold it back', async ({ log }) => {
    const partition = await made(log)
    const producer = producerOf(log, 1)
    await append(log, partition, producer.next(['a']))
    await append(log, partition, ['b', 'c'])
    taken(await log.deleteRecords({ partition, before: 2 }))
    assert.deepEqual([log.partition(partition)!.start, stableOf(log, partition)], [2, 2])
    await producer.end(true, partition)
    assert.equal(stableOf(log, partition), 4)
  })
}

function abortedLists(check: Check): void {
  check('a reader is told whose batches it must pass over, and of nobody else', async ({ log }) => {
    const partition = await made(log)
    const [a, b] = [producerOf(log, 1), producerOf(log, 2)]
    for (const round of [0, 1, 2]) {
      await append(log, partition, a.next([`a${round}`]))
      await append(log, partition, b.next([`b${round}`]))
      await a.end(round === 1, partition)
      await b.end(round !== 1, partition)
    }
    const abortedAt = async (offset: number, bytesMax: number, committed = true) => {
      const order = { partition, offset, bytesMax, committed }
      return taken(await log.read(order)).aborted
    }
    const all = [
      { producerId: 1, firstOffset: 0 },
      { producerId: 2, firstOffset: 5 },
      { producerId: 1, firstOffset: 8 },
    ]
    const byOffset = (list: typeof all) => list.toSorted((x, y) => x.firstOffset - y.firstOffset)
    assert.deepEqual(byOffset([...(await abortedAt(0, 1e6))]), all)
    assert.deepEqual(await abortedAt(0, 1), all.slice(0, 1))
    assert.deepEqual(await abortedAt(2, 1), all.slice(0, 1), 'the marker is still to come')
    assert.deepEqual(await abortedAt(3, 1), [])
    assert.deepEqual(await abortedAt(5, 1), all.slice(1, 2))
    assert.deepEqual(byOffset([...(await abortedAt(7, 1e6))]), all.slice(1))
    assert.deepEqual(await abortedAt(11, 1e6), [])
    assert.deepEqual(await abortedAt(0, 1e6, false), [])
    assert.deepEqual(await committedTexts(log, partition), ['b0', 'a1', 'b2'])
  })

  check(
    'a long transaction that is aborted late is known from its first batch on',
    async (world) => {
      const { log } = world
      const partition = await made(log, { segmentBytes: 500 })
      const [long, short] = [producerOf(log, 1), producerOf(log, 2)]
      await append(log, partition, long.next(['long']))
      for (let round = 0; round < 20; round++) {
        await append(log, partition, short.next([`short${round}`]))
        await short.end(round % 2 === 0, partition)
        await append(log, partition, long.next(['long']))
      }
      await long.end(false, partition)
      await log.idle()
      const expected = Array.from({ length: 10 }, (_, index) => `short${index * 2}`)
      for (const bytesMax of [1, 300, 4096, 1e6]) {
        assert.deepEqual(await committedTexts(log, partition, bytesMax), expected)
      }
    },
  )
}

function ends(check: Check): void {
  check('a transaction ends on all its partitions in one step', async ({ log, hold }) => {
    const partitions = [
      await made(log, {}, 'a'),
      await made(log, {}, 'b'),
      await made(log, {}, 'c'),
    ]
    const [a, b, c] = partitions as [number, number, number]
    const [onA, onB] = [producerOf(log, 1), producerOf(log, 1)]
    await append(log, a, onA.next(['a1']))
    await append(log, b, onB.next(['b1', 'b2']))
    await append(log, c, ['c1'])
    const release = hold()
    const ended = producerOf(log, 1).end(false, a, b, c)
    await turns()
    assert.deepEqual(
      partitions.map((partition) => stableOf(log, partition)),
      [0, 0, 1],
    )
    release()
    assert.deepEqual(await ended, [1, 2, 1])
    assert.deepEqual(
      partitions.map((partition) => stableOf(log, partition)),
      [2, 3, 2],
    )
    for (const partition of partitions) {
      const marker = (await readAll(log, partition)).at(-1)!
      assert.deepEqual(readMarker(marker.bytes, 0), { commit: false, coordinatorEpoch: 0 })
      assert.equal(marker.header.producerId, 1)
    }
    assert.deepEqual(await committedTexts(log, c), ['c1'])
  })

  check('on none of them, where one is not there or fences', async ({ log }) => {
    const [a, b] = [await made(log, {}, 'a'), await made(log, {}, 'b')]
    const producer = producerOf(log, 1)
    await append(log, a, producer.next(['a1']))
    await append(log, b, batchOf(['b1'], { producerId: 1, producerEpoch: 3, baseSequence: 0 }))
    const end = { producerId: 1, producerEpoch: 0, coordinatorEpoch: 0, commit: true }
    const absent = await log.endTransaction({ ...end, partitions: [a, b + 1_000] })
    assert.deepEqual(refusalIn(absent), { code: 'unknown_partition' })
    const fenced = await log.endTransaction({ ...end, partitions: [a, b] })
    assert.deepEqual(refusalIn(fenced), { code: 'producer_fenced', epoch: 3 })
    assert.deepEqual([stableOf(log, a), log.partition(a)!.high, log.partition(b)!.high], [0, 1, 1])
    assert.deepEqual(await producer.end(true, a), [1])
  })

  check(
    'a marker without batches of its producer lies in the log and holds nothing',
    async (world) => {
      const { log } = world
      const partition = await made(log)
      await append(log, partition, ['a'])
      assert.deepEqual(await producerOf(log, 1).end(false, partition), [1])
      assert.deepEqual([stableOf(log, partition), log.partition(partition)!.high], [2, 2])
      const { aborted } = await readOnce(log, partition, 0, { committed: true })
      assert.deepEqual(aborted, [])
      assert.deepEqual(await committedTexts(log, partition), ['a'])
    },
  )

  check('an end on no partition, and one that is told twice, are fine', async ({ log }) => {
    const partition = await made(log)
    const producer = producerOf(log, 1)
    await append(log, partition, producer.next(['a']))
    assert.deepEqual(await producer.end(true), [])
    assert.deepEqual(await producer.end(true, partition), [1])
    assert.deepEqual(await producer.end(true, partition), [2])
    assert.deepEqual(await committedTexts(log, partition), ['a'])
    const end = { producerId: 1, producerEpoch: 0, coordinatorEpoch: 0, commit: true }
    const twice = await log.endTransaction({ ...end, partitions: [partition, partition] })
    assert.deepEqual(taken(twice).markers, [{ partition, offset: 3 }])
  })

  check(
    'a duplicate within a transaction is answered, and begins none after it',
    async ({ log }) => {
      const partition = await made(log)
      const producer = producerOf(log, 1)
      const batch = producer.next(['a'])
      await append(log, partition, batch)
      await producer.end(true, partition)
      assert.deepEqual(await append(log, partition, batch), { first: 0, last: 0, duplicate: true })
      assert.equal(stableOf(log, partition), 2)
    },
  )
}

function fences(check: Check): void {
  check('a marker of a newer epoch fences the older instances of a producer', async ({ log }) => {
    const partition = await made(log)
    const old = producerOf(log, 1)
    await append(log, partition, old.next(['a']))
    const end = { producerId: 1, producerEpoch: 1, coordinatorEpoch: 0, commit: false }
    taken(await log.endTransaction({ ...end, partitions: [partition] }))
    const refusal = { code: 'producer_fenced', epoch: 1 }
    assert.deepEqual(await appendRefused(log, partition, old.next(['b'])), refusal)
    const late = await log.endTransaction({ ...end, producerEpoch: 0, partitions: [partition] })
    assert.deepEqual(refusalIn(late), refusal)
    const renewed = producerOf(log, 1, { epoch: 1, sequence: 5 })
    const expected = { code: 'out_of_order', expected: 0 }
    assert.deepEqual(await appendRefused(log, partition, renewed.next(['c'])), expected)
    const begun = producerOf(log, 1, { epoch: 1 })
    await append(log, partition, begun.next(['c']))
    await begun.end(true, partition)
    assert.deepEqual(await committedTexts(log, partition), ['c'])
  })

  check('a marker of an older coordinator is refused', async ({ log }) => {
    const partition = await made(log)
    const end = { producerId: 1, producerEpoch: 0, commit: true, partitions: [partition] }
    taken(await log.endTransaction({ ...end, coordinatorEpoch: 4 }))
    const refusal = { code: 'coordinator_fenced', epoch: 4 }
    assert.deepEqual(refusalIn(await log.endTransaction({ ...end, coordinatorEpoch: 3 })), refusal)
    taken(await log.endTransaction({ ...end, coordinatorEpoch: 4 }))
  })

  check('what is no part of the open transaction of its producer is refused', async ({ log }) => {
    const partition = await made(log)
    const producer = producerOf(log, 1)
    await append(log, partition, producer.next(['a']))
    const plain = producerOf(log, 1, { isPlain: true, sequence: 1 }).next(['b'])
    const newer = producerOf(log, 1, { epoch: 1 }).next(['b'])
    for (const batch of [plain, newer]) {
      const { code } = await appendRefused(log, partition, batch)
      assert.equal(code, 'invalid_transaction_state')
    }
    await producer.end(true, partition)
    assert.equal((await append(log, partition, plain)).first, 2)
    assert.equal(stableOf(log, partition), 3)
  })

  check('no more transactions are open than the limit says', async ({ log }) => {
    const partition = await made(log)
    const count = limits.openTransactionsPerPartitionMax
    const producers = Array.from({ length: count + 1 }, (_, index) => producerOf(log, index))
    const first = producers.slice(0, count)
    await Promise.all(first.map((producer) => append(log, partition, producer.next(['a']))))
    const batch = producers.at(-1)!.next(['a'])
    const refusal = await appendRefused(log, partition, batch)
    assert.equal(refusal.code, 'invalid_transaction_state')
    assert.match(JSON.stringify(refusal), new RegExp(`${count} transactions are open`))
    await append(log, partition, producers[0]!.next(['b']))
    await producers[0]!.end(true, partition)
    await append(log, partition, batch)
  })
}
