import assert from 'node:assert/strict'
import { limits } from '@fermata/base/limits'
import {
  append,
  batchOf,
  configOf,
  made,
  pass,
  producerOf,
  readAll,
  recordOf,
  refusalIn,
  taken,
  textsIn,
  type Check,
  type World,
} from './contract.world.ts'
import { encodeBatch } from './records.ts'

/** What every log promises about what goes: by order, by age, by size, and when it was read. */
export function retentionContract(check: Check): void {
  deletions(check)
  cursors(check)
  rules(check)
}

const startOf = (log: World['log'], partition: number) => log.partition(partition)!.start

/** Of batches with one text of this length, two fit into a segment. */
const text = (index: number): string => `${index}`.padStart(50, '.')
const batchBytes = batchOf([text(0)]).length
const twoInOne = { segmentBytes: 2 * batchBytes }

/** Appends so many batches of one record, whose times are those of the log. */
async function fill({ log, clock }: World, partition: number, count: number): Promise<void> {
  const { high } = log.partition(partition)!
  for (let index = high; index < high + count; index++) {
    const records = [recordOf(text(index), clock.now())]
    await append(log, partition, encodeBatch({ baseOffset: 0, leaderEpoch: 0, records }))
  }
}

function deletions(check: Check): void {
  check('records are deleted up to an offset, also within a batch', async (world) => {
    const { log } = world
    const partition = await made(log)
    await append(log, partition, ['a', 'b', 'c'])
    await append(log, partition, ['d'])
    assert.deepEqual(taken(await log.deleteRecords({ partition, before: 2 })), { start: 2 })
    assert.deepEqual(await textsIn(log, partition), ['a', 'b', 'c', 'd'])
    assert.deepEqual(taken(await log.deleteRecords({ partition, before: 1 })), { start: 2 })
    assert.deepEqual(taken(await log.deleteRecords({ partition, before: 4 })), { start: 4 })
    assert.deepEqual(await textsIn(log, partition), [])
    const refusal = { code: 'offset_out_of_range', start: 4, stable: 4, high: 4 }
    assert.deepEqual(refusalIn(await log.deleteRecords({ partition, before: 5 })), refusal)
    assert.equal((await append(log, partition, ['e'])).first, 4)
    assert.deepEqual(await textsIn(log, partition), ['e'])
  })

  check('segments that lie before the start give their room back', async (world) => {
    const { log } = world
    const partition = await made(log, twoInOne)
    await fill(world, partition, 7)
    assert.equal(log.partition(partition)!.bytes, 7 * batchBytes)
    taken(await log.deleteRecords({ partition, before: 5 }))
    await pass(world)
    assert.equal(log.partition(partition)!.bytes, 3 * batchBytes)
    assert.equal(startOf(log, partition), 5)
    assert.deepEqual(await textsIn(log, partition), [5, 6].map(text))
  })
}

function cursors(check: Check): void {
  check('cursors are set, moved either way and removed', async ({ log }) => {
    const partition = await made(log)
    const set = async (cursor: string, offset: number | undefined) =>
      taken(await log.setCursor({ partition, cursor, offset }))
    await set('a', 5)
    await set('b', 0)
    await set('a', 3)
    assert.deepEqual(log.cursors(partition), new Map(Object.entries({ a: 3, b: 0 })))
    await set('b', undefined)
    await set('c', undefined)
    assert.deepEqual(log.cursors(partition), new Map([['a', 3]]))
    const named = await log.setCursor({ partition, cursor: 'no name', offset: 1 })
    const refusal = { code: 'invalid_name', charsMax: limits.partitionNameCharsMax }
    assert.deepEqual(refusalIn(named), refusal)
  })

  check('no partition has more cursors than the limit says', async ({ log }) => {
    const partition = await made(log)
    const set = (cursor: string) => log.setCursor({ partition, cursor, offset: 0 })
    const names = Array.from({ length: limits.cursorsPerPartitionMax }, (_, index) => `c${index}`)
    for (const answer of await Promise.all(names.map(set))) taken(answer)
    assert.deepEqual(refusalIn(await set('one-more')), { code: 'too_many_cursors' })
    taken(await set('c0'))
    taken(await log.setCursor({ partition, cursor: 'c1', offset: undefined }))
    taken(await set('one-more'))
  })
}

function rules(check: Check): void {
  check('without a rule nothing goes', async (world) => {
    const { log } = world
    const partition = await made(log, twoInOne)
    await fill(world, partition, 7)
    await pass(world, 1e9)
    assert.equal((await readAll(log, partition)).length, 7)
  })

  check('closed segments go when their newest record is too old', async (world) => {
    const { log, clock } = world
    const partition = await made(log, { ...twoInOne, retentionMs: 3_600_000 })
    await fill(world, partition, 3)
    clock.advance(1_800_000)
    await fill(world, partition, 4)
    await pass(world, 1_700_000)
    assert.equal(startOf(log, partition), 0)
    await pass(world, 200_000)
    // The second segment's first record is too old as well, its newest is not.
    assert.equal(startOf(log, partition), 2)
    assert.deepEqual(await textsIn(log, partition), [2, 3, 4, 5, 6].map(text))
    await pass(world, 1e9)
    // The open segment stays however old it is.
    assert.deepEqual(await textsIn(log, partition), [6].map(text))
    assert.equal(startOf(log, partition), 6)
    await fill(world, partition, 1)
    assert.deepEqual(await textsIn(log, partition), [6, 7].map(text))
  })

  check('a segment whose first record is too old is closed, and then may go', async (world) => {
    const { log } = world
    const hour = 3_600_000
    const partition = await made(log, { segmentMs: hour, retentionMs: 2 * hour })
    await fill(world, partition, 3)
    await pass(world, 1.5 * hour)
    assert.equal(startOf(log, partition), 0)
    await pass(world, hour)
    const { start, high, bytes } = log.partition(partition)!
    assert.deepEqual([start, high, bytes], [3, 3, 0])
    assert.deepEqual(await textsIn(log, partition), [])
    await fill(world, partition, 2)
    assert.deepEqual(await textsIn(log, partition), [3, 4].map(text))
  })

  check('the oldest closed segments go while the partition is too large', async (world) => {
    const { log } = world
    const partition = await made(log, { ...twoInOne, retentionBytes: 5 * batchBytes })
    await fill(world, partition, 5)
    await pass(world)
    assert.equal(startOf(log, partition), 0)
    await fill(world, partition, 1)
    await pass(world)
    assert.equal(startOf(log, partition), 2)
    await fill(world, partition, 20)
    await pass(world)
    assert.ok(log.partition(partition)!.bytes <= 5 * batchBytes)
    assert.equal(startOf(log, partition), 22)
    assert.deepEqual(await textsIn(log, partition), [22, 23, 24, 25].map(text))
  })

  check('what every cursor has passed goes, and not before there is one', async (world) => {
    const { log } = world
    const partition = await made(log, { ...twoInOne, untilRead: true })
    const set = async (cursor: string, offset: number | undefined) => {
      taken(await log.setCursor({ partition, cursor, offset }))
      await pass(world)
      return startOf(log, partition)
    }
    await fill(world, partition, 9)
    await pass(world)
    assert.equal(startOf(log, partition), 0)
    assert.equal(await set('a', 3), 2)
    assert.equal(await set('b', 4), 2)
    assert.equal(await set('a', 9), 4)
    assert.equal(await set('b', undefined), 8)
    assert.deepEqual(await textsIn(log, partition), [8].map(text))
  })

  check('a rule that comes later, or is loosened, counts from then on', async (world) => {
    const { log } = world
    const partition = await made(log, { ...twoInOne, retentionBytes: 4 * batchBytes })
    await fill(world, partition, 6)
    await pass(world)
    assert.equal(startOf(log, partition), 2)
    taken(await log.configurePartition({ partition, config: configOf(twoInOne) }))
    await fill(world, partition, 6)
    await pass(world)
    assert.equal(startOf(log, partition), 2)
    const config = configOf({ ...twoInOne, retentionMs: 1_000 })
    taken(await log.configurePartition({ partition, config }))
    await pass(world, 2_000)
    assert.equal(startOf(log, partition), 10)
  })

  check('a producer is known though its records are gone', async (world) => {
    const { log } = world
    const partition = await made(log, { ...twoInOne, retentionBytes: 0 })
    const producer = producerOf(log, 1, { isPlain: true })
    const batch = producer.next(['a'])
    await append(log, partition, batch)
    await fill(world, partition, 6)
    await pass(world)
    assert.ok(startOf(log, partition) > 1)
    assert.deepEqual(await append(log, partition, batch), { first: 0, last: 0, duplicate: true })
    assert.equal((await append(log, partition, producer.next(['b']))).duplicate, false)
  })
}
