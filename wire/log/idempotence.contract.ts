import assert from 'node:assert/strict'
import { limits } from '@fermata/base/limits'
import {
  append,
  appendRefused,
  batchOf,
  made,
  pass,
  producerOf,
  readAll,
  recordTime,
  textsIn,
  turns,
  type Check,
} from './contract.world.ts'

/** What every log promises to producers that number their batches (KIP-98, "Idempotent Producer Guarantees"). */
export function idempotenceContract(check: Check): void {
  duplicates(check)
  numbering(check)
  epochs(check)
  forgetting(check)
}

const sequencesMax = 2 ** 31 - 1

function numbered(baseSequence: number, texts: readonly string[] = ['a'], producerEpoch = 0) {
  return batchOf(texts, { producerId: 7, producerEpoch, baseSequence })
}

function duplicates(check: Check): void {
  check('each of the last five batches is known again by its sequences', async ({ log }) => {
    const partition = await made(log)
    const producer = producerOf(log, 7, { isPlain: true })
    const sent = ['a', 'b c', 'd', 'e f g', 'h', 'i j'].map((texts) =>
      producer.next(texts.split(' ')),
    )
    const places = []
    for (const batch of sent) places.push(await append(log, partition, batch))
    for (const index of [1, 5, 2, 3, 4, 4, 1]) {
      const again = await append(log, partition, sent[index]!)
      assert.deepEqual(again, { ...places[index], duplicate: true })
    }
    assert.deepEqual(await appendRefused(log, partition, sent[0]!), { code: 'old_duplicate' })
    assert.equal((await textsIn(log, partition)).join(''), 'abcdefghij')
    assert.equal((await append(log, partition, producer.next(['k']))).first, 10)
  })

  check('those who number their batches are shown, with what they have begun', async ({ log }) => {
    const partition = await made(log)
    assert.deepEqual(log.producers(partition), [])
    assert.deepEqual(log.producers(partition + 1), [])
    await append(log, partition, ['plain'])
    await append(log, partition, numbered(0, ['a', 'b']))
    await append(log, partition, producerOf(log, 8).next(['c']))
    const times = { lastTimestamp: recordTime, coordinatorEpoch: -1 }
    assert.deepEqual(log.producers(partition), [
      { id: 7, epoch: 0, lastSequence: 1, openFrom: -1, ...times },
      { id: 8, epoch: 0, lastSequence: 0, openFrom: 3, ...times },
    ])
  })

  check(
    'a duplicate is answered with its original, once that is flushed',
    async ({ log, hold }) => {
      const partition = await made(log)
      const batch = numbered(0, ['a', 'b'])
      const release = hold()
      const done: string[] = []
      const send = async (name: string): Promise<void> => {
        const { first, last, duplicate } = await append(log, partition, batch)
        assert.ok(log.partition(partition)!.high > last, `${name} is not flushed`)
        done.push(`${name} ${first}-${last} ${duplicate}`)
      }
      const asked = [send('original'), send('again')]
      await turns()
      asked.push(send('later'))
      await turns()
      assert.deepEqual(done, [])
      release()
      await Promise.all(asked)
      const all = new Set(['original 0-1 false', 'again 0-1 true', 'later 0-1 true'])
      assert.deepEqual(new Set(done), all)
      assert.equal((await readAll(log, partition)).length, 1)
    },
  )

  check('five under way at once are all known again', async ({ log, hold }) => {
    const partition = await made(log)
    const release = hold()
    const sent = [0, 1, 2, 3, 4].map((sequence) => numbered(sequence, [`${sequence}`]))
    const answers = [...sent, ...sent].map((batch) => append(log, partition, batch))
    release()
    assert.deepEqual(
      (await Promise.all(answers)).map(({ first }) => first),
      [0, 1, 2, 3, 4, 0, 1, 2, 3, 4],
    )
    assert.deepEqual(await textsIn(log, partition), ['0', '1', '2', '3', '4'])
  })

  check('producers and partitions are numbered each for itself', async ({ log }) => {
    const [a, b] = [await made(log, {}, 'a'), await made(log, {}, 'b')]
    const other = batchOf(['x'], { producerId: 8, producerEpoch: 0, baseSequence: 0 })
    for (const partition of [a, b]) {
      assert.equal((await append(log, partition, numbered(0))).duplicate, false)
      assert.equal((await append(log, partition, other)).duplicate, false)
      assert.equal((await append(log, partition, numbered(0))).duplicate, true)
    }
    // Batches without a producer are never the same.
    await append(log, a, ['x'])
    assert.equal((await append(log, a, ['x'])).first, 3)
  })
}

function numbering(check: Check): void {
  check('a gap in the numbering is refused with what was expected', async ({ log }) => {
    const partition = await made(log)
    await append(log, partition, numbered(0, ['a', 'b']))
    for (const sequence of [3, 4, 1000, sequencesMax]) {
      const refusal = { code: 'out_of_order', expected: 2 }
      assert.deepEqual(await appendRefused(log, partition, numbered(sequence)), refusal)
    }
    assert.equal((await append(log, partition, numbered(2))).first, 2)
  })

  check('a batch that begins like one that is known, but is another, is refused', async (world) => {
    const { log } = world
    const partition = await made(log)
    await append(log, partition, numbered(0, ['a', 'b', 'c']))
    for (const batch of [
      numbered(0, ['a', 'b']),
      numbered(1, ['b', 'c']),
      numbered(2, ['c', 'd']),
    ]) {
      const refusal = { code: 'out_of_order', expected: 3 }
      assert.deepEqual(await appendRefused(log, partition, batch), refusal)
    }
  })

  check('what was perhaps never taken is no old duplicate', async ({ log }) => {
    const partition = await made(log)
    await append(log, partition, numbered(100))
    // Whoever is told "old duplicate" takes it for success.
    const refusal = { code: 'out_of_order', expected: 101 }
    assert.deepEqual(await appendRefused(log, partition, numbered(99)), refusal)
    for (let sequence = 101; sequence < 106; sequence++)
      await append(log, partition, numbered(sequence))
    assert.deepEqual(await appendRefused(log, partition, numbered(100)), { code: 'old_duplicate' })
    assert.equal((await appendRefused(log, partition, numbered(99))).code, 'out_of_order')
  })

  check('sequences go round at their end, also within a batch', async ({ log }) => {
    const partition = await made(log)
    const batches = [
      numbered(sequencesMax - 2, ['a', 'b']),
      numbered(sequencesMax, ['c', 'd', 'e']),
      numbered(2, ['f']),
      numbered(3, ['g']),
    ]
    for (const batch of batches) await append(log, partition, batch)
    for (const [index, first] of [0, 2, 5, 6].entries()) {
      const { duplicate, ...place } = await append(log, partition, batches[index]!)
      assert.deepEqual([duplicate, place.first], [true, first])
    }
    assert.equal((await appendRefused(log, partition, numbered(5))).code, 'out_of_order')
    await append(log, partition, numbered(4, ['h']))
    await append(log, partition, numbered(5, ['i']))
    assert.deepEqual(await appendRefused(log, partition, batches[0]!), { code: 'old_duplicate' })
    assert.equal((await append(log, partition, batches[1]!)).duplicate, true)
    assert.equal((await textsIn(log, partition)).join(''), 'abcdefghi')
  })

  check('the end of the sequences may be the end of a batch', async ({ log }) => {
    const partition = await made(log)
    await append(log, partition, numbered(sequencesMax - 1, ['a', 'b']))
    const refusal = { code: 'out_of_order', expected: 0 }
    assert.deepEqual(await appendRefused(log, partition, numbered(1)), refusal)
    assert.equal((await append(log, partition, numbered(0))).first, 2)
  })

  check('a refused batch leaves no trace in the numbering', async ({ log }) => {
    const partition = await made(log, { batchBytesMax: 200 })
    await append(log, partition, numbered(0))
    const large = numbered(1, ['a'.repeat(200)])
    assert.equal((await appendRefused(log, partition, large)).code, 'batch_too_large')
    assert.equal((await append(log, partition, numbered(1))).first, 1)
  })
}

function epochs(check: Check): void {
  check('a newer epoch numbers anew and fences the older ones', async ({ log }) => {
    const partition = await made(log)
    await append(log, partition, numbered(0, ['a'], 1))
    await append(log, partition, numbered(1, ['b'], 1))
    const refusal = { code: 'out_of_order', expected: 0 }
    assert.deepEqual(await appendRefused(log, partition, numbered(2, ['c'], 2)), refusal)
    // The refused batch has fenced nobody.
    await append(log, partition, numbered(2, ['c'], 1))
    assert.equal((await append(log, partition, numbered(0, ['d'], 2))).first, 3)
    for (const sequence of [0, 2, 3]) {
      const fenced = await appendRefused(log, partition, numbered(sequence, ['x'], 1))
      assert.deepEqual(fenced, { code: 'producer_fenced', epoch: 2 })
    }
    assert.equal((await append(log, partition, numbered(0, ['d'], 2))).duplicate, true)
    assert.equal((await append(log, partition, numbered(1, ['e'], 2))).first, 4)
    assert.equal((await append(log, partition, numbered(0, ['f'], 9))).first, 5)
    assert.equal((await textsIn(log, partition)).join(''), 'abcdef')
  })
}

function forgetting(check: Check): void {
  check(
    'a producer is known again a day after its last batch, and then forgotten',
    async (world) => {
      const { log, clock } = world
      const partition = await made(log)
      await append(log, partition, numbered(0))
      await pass(world, limits.producerStateMs - 10 * limits.wireCaretakerMs)
      assert.equal((await append(log, partition, numbered(0))).duplicate, true)
      await append(log, partition, numbered(1))
      await pass(world, limits.producerStateMs - 10 * limits.wireCaretakerMs)
      assert.equal((await append(log, partition, numbered(1))).duplicate, true)
      clock.advance(20 * limits.wireCaretakerMs)
      await pass(world)
      assert.equal((await append(log, partition, numbered(0))).duplicate, false)
      assert.equal((await append(log, partition, numbered(1))).first, 3)
    },
  )

  check(
    'of too many producers, the one that was used least recently is forgotten',
    async ({ log }) => {
      const partition = await made(log)
      const batchOfProducer = (producerId: number) =>
        batchOf(['a'], { producerId, producerEpoch: 0, baseSequence: 0 })
      const first = producerOf(log, 1, { isPlain: true })
      const [firstBatch, nextBatch] = [first.next(['a']), first.next(['b'])]
      await append(log, partition, firstBatch)
      const count = limits.producersPerPartitionMax
      const others = Array.from({ length: count - 1 }, (_, index) => batchOfProducer(index + 2))
      await Promise.all(others.map((batch) => append(log, partition, batch)))
      await append(log, partition, nextBatch)
      await append(log, partition, batchOfProducer(count + 1))
      assert.equal((await append(log, partition, firstBatch)).duplicate, true)
      assert.equal((await append(log, partition, others[1]!)).duplicate, true)
      assert.equal((await append(log, partition, others[0]!)).duplicate, false)
    },
  )
}
