import assert from 'node:assert/strict'
import { lastOffsetOf, type Compression } from './batch.ts'
import { hasCompression } from './compression.ts'
import {
  append,
  appendRefused,
  batchOf,
  bytesOf,
  committedTexts,
  configOf,
  made,
  pass,
  producerOf,
  readAll,
  readOnce,
  recordOf,
  refusalIn,
  taken,
  textsIn,
  type Check,
  type World,
} from './contract.world.ts'
import { decodeRecords, encodeBatch, type NewBatchHeader } from './records.ts'
import type { CompactionConfig, PartitionConfig } from './store.ts'

/** What every log promises about partitions that keep the newest record of each key. */
export function compactionContract(check: Check): void {
  keys(check)
  tombstones(check)
  causes(check)
  transactions(check)
  producers(check)
}

const hour = 3_600_000

/** A partition in which each batch has a segment of its own, compacted as soon as that is closed. */
function compacted(
  compaction: Partial<CompactionConfig> = {},
  changes: Partial<PartitionConfig> = {},
): Partial<PartitionConfig> {
  const config = { lagMs: 0, tombstoneMs: hour, dirtyShare: 0, ...compaction }
  return { segmentBytes: 1, compaction: config, ...changes }
}

/** Appends batches, each from texts that are divided by spaces. */
async function fill({ log }: World, partition: number, ...batches: readonly string[]) {
  for (const batch of batches) await append(log, partition, batch.split(' '))
}

async function offsetsIn({ log }: World, partition: number): Promise<number[]> {
  return (await readAll(log, partition)).flatMap(({ offsets }) => offsets)
}

function keys(check: Check): void {
  check('of each key the newest record stays, at its offset', async (world) => {
    const { log } = world
    const partition = await made(log, compacted())
    await fill(world, partition, 'a=1 b=1 c=1', 'a=2 d=1', 'b=2', 'a=3', 'e=1')
    await pass(world)
    assert.deepEqual(await textsIn(log, partition), ['c=1', 'd=1', 'b=2', 'a=3', 'e=1'])
    assert.deepEqual(await offsetsIn(world, partition), [2, 4, 5, 6, 7])
    const { start, high } = log.partition(partition)!
    assert.deepEqual([start, high], [0, 8])
    for (const [offset, next] of [2, 2, 2, 4, 4, 5, 6, 7].entries()) {
      const { batches } = await readOnce(log, partition, offset, { bytesMax: 1 })
      assert.ok(batches[0]?.offsets.includes(next), `from ${offset}`)
    }
    assert.equal((await append(log, partition, ['a=4'])).first, 8)
  })

  check('what is left of a batch is otherwise as it was', async (world) => {
    const { log } = world
    const partition = await made(log, compacted())
    const headers = [{ key: 'h', value: bytesOf('x') }]
    const compressions = ([0, 1, 2, 3, 4] as const).filter((one) => hasCompression(one))
    const kept = (key: string) => ({
      key: bytesOf(key),
      value: bytesOf('v'),
      headers,
      timestamp: 9,
    })
    const batchIn = (compression: Compression) => {
      const records = [recordOf('x=1', 5), kept(`k${compression}`), recordOf('x=2', 7)]
      return encodeBatch({ baseOffset: 0, leaderEpoch: 3, compression, records })
    }
    for (const compression of compressions) await append(log, partition, batchIn(compression))
    await fill(world, partition, 'x=3', 'end=1')
    await pass(world)
    const read = await readAll(log, partition)
    for (const compression of compressions) {
      const { header, bytes } = read[compressions.indexOf(compression)]!
      assert.equal(header.compression, compression)
      assert.deepEqual([header.recordCount, header.lastOffsetDelta, header.maxTimestamp], [1, 2, 9])
      const expected = [{ offsetDelta: 1, ...kept(`k${compression}`) }]
      assert.deepEqual(taken(decodeRecords(bytes, 0)), expected)
    }
  })

  check('long keys, equal ones and such as begin alike are told apart', async (world) => {
    const { log } = world
    const partition = await made(log, compacted())
    const long = 'k'.repeat(1_000)
    await fill(world, partition, `${long}a=1 ${long}b=1 ${long}=1 =1 é=1`, `${long}b=2 =2`, 'end=1')
    await pass(world)
    const texts = [`${long}a=1`, `${long}=1`, 'é=1', `${long}b=2`, '=2', 'end=1']
    assert.deepEqual(await textsIn(log, partition), texts)
  })

  check('a record without a key is refused', async ({ log }) => {
    const partition = await made(log, compacted())
    const keyless = batchOf(['a=1', 'none'])
    const packed = batchOf(['none'], { compression: 1 })
    for (const [batch, records] of [
      [keyless, [1]],
      [packed, [0]],
    ] as const) {
      const refusal = await appendRefused(log, partition, batch)
      assert.ok(refusal.code === 'invalid_record')
      assert.deepEqual(refusal.records, records)
    }
    const own = { partition, record: { key: null, value: bytesOf('v') } }
    assert.equal(refusalIn(await log.appendRecord(own)).code, 'invalid_record')
    taken(await log.configurePartition({ partition, config: configOf() }))
    await append(log, partition, keyless)
  })

  check('a record without a key from before stays', async (world) => {
    const { log } = world
    const partition = await made(log, { segmentBytes: 1 })
    await fill(world, partition, 'one a=1', 'two', 'a=2', 'end=1')
    taken(await log.configurePartition({ partition, config: configOf(compacted()) }))
    await pass(world)
    assert.deepEqual(await textsIn(log, partition), ['one', 'two', 'a=2', 'end=1'])
  })
}

function tombstones(check: Check): void {
  check('a tombstone stays for its grace after the first compaction that met it', async (world) => {
    const { log } = world
    const partition = await made(log, compacted())
    await fill(world, partition, 'a=1', 'b=1', 'a! c=1', 'end=1')
    await pass(world)
    assert.deepEqual(await textsIn(log, partition), ['b=1', 'a!', 'c=1', 'end=1'])
    await pass(world, hour / 2)
    assert.deepEqual(await textsIn(log, partition), ['b=1', 'a!', 'c=1', 'end=1'])
    await pass(world, hour / 2)
    assert.deepEqual(await textsIn(log, partition), ['b=1', 'c=1', 'end=1'])
  })

  check('the grace of a tombstone begins once, though its batch changes again', async (world) => {
    const { log } = world
    const partition = await made(log, compacted())
    await fill(world, partition, 'a=1', 'a! c=1', 'end=1')
    await pass(world)
    await pass(world, hour / 2)
    await fill(world, partition, 'c=2', 'd=1')
    await pass(world)
    assert.deepEqual(await textsIn(log, partition), ['a!', 'end=1', 'c=2', 'd=1'])
    await pass(world, hour / 2)
    assert.deepEqual(await textsIn(log, partition), ['end=1', 'c=2', 'd=1'])
  })

  check('the times of a tombstone’s batch are not changed by its grace', async (world) => {
    const { log } = world
    const partition = await made(log, compacted())
    const records = [recordOf('a!', 1_000), recordOf('b=1', 2_500), recordOf('c=1', 1_500)]
    await append(log, partition, encodeBatch({ baseOffset: 0, leaderEpoch: 0, records }))
    await fill(world, partition, 'c=2', 'end=1')
    await pass(world)
    const [first] = await readAll(log, partition)
    assert.deepEqual([first?.header.deleteHorizon, first?.header.maxTimestamp], [true, 2_500])
    const times = taken(decodeRecords(first!.bytes, 0)).map(({ timestamp }) => timestamp)
    assert.deepEqual(times, [1_000, 2_500])
    const found = await log.findTime({ partition, timestamp: 1_001, committed: false })
    assert.deepEqual(taken(found), { offset: 1, timestamp: 2_500 })
  })

  check('a key that comes back after its tombstone stays', async (world) => {
    const { log } = world
    const partition = await made(log, compacted())
    await fill(world, partition, 'a=1', 'a!', 'end=1')
    await pass(world)
    await fill(world, partition, 'a=2', 'b=1')
    await pass(world, 2 * hour)
    assert.deepEqual(await textsIn(log, partition), ['end=1', 'a=2', 'b=1'])
  })
}

function causes(check: Check): void {
  check('the open segment is left alone', async (world) => {
    const { log } = world
    const partition = await made(log, compacted({}, { segmentBytes: 100_000 }))
    await fill(world, partition, 'a=1', 'a=2', 'a=3')
    await pass(world, hour)
    assert.deepEqual(await textsIn(log, partition), ['a=1', 'a=2', 'a=3'])
  })

  check('nothing is compacted before enough is new', async (world) => {
    const { log } = world
    const partition = await made(log, { segmentBytes: 1 })
    const texts = Array.from({ length: 10 }, (_, index) => `k${index}=1`)
    await fill(world, partition, ...texts, 'k0=2', 'end=1')
    const config = configOf(compacted({ dirtyShare: 0.5 }))
    taken(await log.configurePartition({ partition, config }))
    await pass(world)
    const cleaned = [...texts.slice(1), 'k0=2', 'end=1']
    assert.deepEqual(await textsIn(log, partition), cleaned)
    const more = Array.from({ length: 20 }, (_, index) => `x=${index}`)
    await fill(world, partition, ...more.slice(0, 5))
    await pass(world)
    assert.deepEqual(await textsIn(log, partition), [...cleaned, ...more.slice(0, 5)])
    await fill(world, partition, ...more.slice(5))
    await pass(world)
    const left = await textsIn(log, partition)
    assert.ok(left.length < cleaned.length + more.length - 5)
    assert.deepEqual(left.slice(-1), more.slice(-1))
  })

  check('records are left alone until they are old enough', async (world) => {
    const { log, clock } = world
    const partition = await made(log, compacted({ lagMs: hour }))
    const now = (text: string) => {
      const records = [recordOf(text, clock.now())]
      return append(log, partition, encodeBatch({ baseOffset: 0, leaderEpoch: 0, records }))
    }
    await now('a=1')
    await now('a=2')
    clock.advance(hour / 2)
    await now('a=3')
    await now('end=1')
    await pass(world, hour / 4)
    assert.deepEqual(await textsIn(log, partition), ['a=1', 'a=2', 'a=3', 'end=1'])
    await pass(world, hour / 4)
    assert.deepEqual(await textsIn(log, partition), ['a=2', 'a=3', 'end=1'])
    await pass(world, hour)
    assert.deepEqual(await textsIn(log, partition), ['a=3', 'end=1'])
  })

  check('compaction and retention go together', async (world) => {
    const { log } = world
    const partition = await made(log, compacted({}, { retentionMs: 1e12 }))
    await fill(world, partition, 'a=1', 'b=1', 'a=2', 'c=1', 'd=1')
    await pass(world)
    const config = configOf(compacted({}, { retentionBytes: 2 * batchOf(['a=1']).length }))
    taken(await log.configurePartition({ partition, config }))
    await pass(world)
    assert.deepEqual(await textsIn(log, partition), ['c=1', 'd=1'])
    assert.equal(log.partition(partition)!.start, 3)
  })

  check('a reader who stands where nothing is left comes on', async (world) => {
    const { log } = world
    const partition = await made(log, compacted())
    await fill(world, partition, 'a=1', 'a=2', 'a=3', 'a!', 'a!')
    await pass(world)
    // The open segment is closed and empty, and all before it may go.
    const config = configOf(compacted({ tombstoneMs: 0 }, { segmentMs: 1_000 }))
    taken(await log.configurePartition({ partition, config }))
    await pass(world, hour)
    await pass(world, hour)
    assert.deepEqual(await textsIn(log, partition), [])
    const { high } = log.partition(partition)!
    for (let offset = 0; offset < high; offset++) {
      const { batches } = await readOnce(log, partition, offset)
      const last = batches.at(-1)
      assert.equal(last && lastOffsetOf(last.header) + 1, high)
    }
  })
}

function transactions(check: Check): void {
  check('aborted records go and replace nothing; committed ones stay', async (world) => {
    const { log } = world
    const partition = await made(log, compacted())
    const [good, bad] = [producerOf(log, 1), producerOf(log, 2)]
    await fill(world, partition, 'a=1', 'b=1')
    await append(log, partition, bad.next(['a=2', 'x=1']))
    await append(log, partition, good.next(['b=2', 'y=1']))
    await bad.end(false, partition)
    await good.end(true, partition)
    // Whatever a producer has written last stays in some form.
    await append(log, partition, bad.next(['z=1']))
    await append(log, partition, good.next(['z=2']))
    await bad.end(true, partition)
    await good.end(true, partition)
    await fill(world, partition, 'end=1')
    const expected = ['a=1', 'b=2', 'y=1', 'z=2', 'end=1']
    await pass(world)
    for (const bytesMax of [1, 4096]) {
      assert.deepEqual(await committedTexts(log, partition, bytesMax), expected)
    }
    // Nothing of the aborted transaction is left even for those who read everything.
    assert.deepEqual(await textsIn(log, partition), expected)
  })

  check('what an open transaction holds back is left alone', async (world) => {
    const { log } = world
    const partition = await made(log, compacted())
    const producer = producerOf(log, 1)
    await fill(world, partition, 'a=1', 'a=2')
    await append(log, partition, producer.next(['a=3']))
    await fill(world, partition, 'a=4', 'a=5', 'end=1')
    await pass(world, hour)
    assert.deepEqual(await textsIn(log, partition), ['a=2', 'a=3', 'a=4', 'a=5', 'end=1'])
    await producer.end(true, partition)
    await fill(world, partition, 'b=1')
    await pass(world)
    assert.deepEqual(await committedTexts(log, partition), ['a=5', 'end=1', 'b=1'])
  })

  check('markers go after their transactions, and nobody is misled meanwhile', async (world) => {
    const { log } = world
    const partition = await made(log, compacted())
    const producer = producerOf(log, 1)
    for (const commit of [false, true, false, true]) {
      await append(log, partition, producer.next([`a=${commit}`, 'b=1']))
      await producer.end(commit, partition)
    }
    await fill(world, partition, 'b=2', 'end=0')
    for (let round = 1; round <= 4; round++) {
      await pass(world, 2 * hour)
      const ends = round === 1 ? ['end=0'] : [`end=${round - 2}`, `end=${round - 1}`]
      const expected = ['a=true', 'b=2', ...ends]
      for (const bytesMax of [1, 4096]) {
        assert.deepEqual(await committedTexts(log, partition, bytesMax), expected)
      }
      // New bytes are a cause for the next round.
      await fill(world, partition, `end=${round}`)
    }
    const markers = (await readAll(log, partition)).filter(({ header }) => header.control)
    // That of the transaction of which a record is left.
    assert.equal(markers.length, 1)
    const { aborted } = await readOnce(log, partition, 0, { committed: true, bytesMax: 1e6 })
    assert.deepEqual(aborted, [])
  })

  check(
    'a reader who is late by less than the grace still finds the abort marker',
    async (world) => {
      const { log } = world
      const partition = await made(log, compacted())
      const producer = producerOf(log, 1)
      await append(log, partition, producer.next(['a=1']))
      const [marker] = await producer.end(false, partition)
      await append(log, partition, producer.next(['b=1']))
      await producer.end(true, partition)
      for (const text of ['end=1', 'end=2', 'end=3']) {
        await fill(world, partition, text, text)
        await pass(world, hour / 10)
        const offsets = await offsetsIn(world, partition)
        assert.ok(offsets.includes(marker!), `${offsets.join(' ')} without ${marker}`)
      }
    },
  )
}

function producers(check: Check): void {
  check('a producer’s numbering outlives its records', async (world) => {
    const { log } = world
    const partition = await made(log, compacted())
    const producer = producerOf(log, 7, { isPlain: true })
    const sent = ['a=1 b=1', 'a=2 b=2'].map((texts) => producer.next(texts.split(' ')))
    for (const batch of sent) await append(log, partition, batch)
    await fill(world, partition, 'a=3', 'b=3', 'end=1')
    await pass(world)
    assert.deepEqual(await textsIn(log, partition), ['a=3', 'b=3', 'end=1'])
    const trace = (await readAll(log, partition)).map(({ header }) => header)
    const last = trace.find(({ producerId }) => producerId === 7)
    const fields: Partial<NewBatchHeader> = {
      producerEpoch: 0,
      baseSequence: 2,
      lastOffsetDelta: 1,
    }
    for (const [name, value] of Object.entries(fields)) {
      assert.equal(last?.[name as keyof typeof fields], value, name)
    }
    assert.equal(last?.recordCount, 0)
    assert.deepEqual(await append(log, partition, sent[1]!), { first: 2, last: 3, duplicate: true })
    assert.equal((await append(log, partition, producer.next(['c=1']))).duplicate, false)
  })
}
