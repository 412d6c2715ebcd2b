import assert from 'node:assert/strict'
import { limits } from '@fermata/base/limits'
import { seededRandom, type SeededRandom } from '@fermata/testkit/random'
import {
  bytesOf,
  committedTexts,
  configOf,
  readOnce,
  recordOf,
  taken,
  type Check,
  type World,
} from './contract.world.ts'
import {
  committedIn,
  holdAgainst,
  newestByKey,
  place,
  stableIn,
  timeIn,
  type Model,
  type ModelEntry,
  type ModelTransaction,
} from './random.model.world.ts'
import { encodeBatch, type NewBatchHeader } from './records.ts'
import type { PartitionConfig } from './store.ts'

/** Random calls, held against arrays. A seed that fails stays here by number. */
export function randomContract(check: Check): void {
  check('random calls do what arrays would', (world) => runRandomly(world))
  for (const seed of [1, 2]) {
    check(`random calls do what arrays would, seed ${seed}`, (world) => runRandomly(world, seed))
  }
}

const roundsMax = 150
const hour = 3_600_000

const configs: readonly PartitionConfig[] = [
  configOf(),
  configOf({ segmentBytes: 700 }),
  configOf({ segmentBytes: 700, retentionBytes: 3_000 }),
  configOf({ segmentBytes: 700, untilRead: true, segmentMs: hour }),
  configOf({ segmentBytes: 700, compaction: { lagMs: 0, tombstoneMs: hour, dirtyShare: 0.3 } }),
]

/** A partition beside its model. */
interface Pair extends Model {
  readonly partition: number
  readonly isCompacted: boolean
}

/** A producer of which one call is under way at most. */
interface Actor {
  readonly id: number
  epoch: number
  readonly sequences: Map<Pair, number>
  transaction: ModelTransaction | undefined
  readonly joined: Set<Pair>
  last: (() => Promise<void>) | undefined
}

interface Run extends World {
  readonly random: SeededRandom
  readonly pairs: readonly Pair[]
  texts: number
}

async function runRandomly(world: World, seed?: number): Promise<void> {
  const random = seededRandom('random calls', seed)
  const pairs: Pair[] = []
  for (const [index, config] of configs.entries()) {
    const partition = taken(await world.log.createPartition({ name: `p${index}`, config }))
    pairs.push({ partition, entries: [], start: 0, isCompacted: config.compaction !== undefined })
  }
  const run: Run = { ...world, random, pairs, texts: 0 }
  const actors = Array.from({ length: 6 }, (_, id): Actor => {
    const nothing = { transaction: undefined, last: undefined }
    return { id, epoch: 0, sequences: new Map(), joined: new Set(), ...nothing }
  })
  for (let round = 0; round < roundsMax; round++) {
    const acting = actors.filter(() => random.chance(0.6)).map((actor) => act(run, actor))
    const others = Array.from({ length: random.below(5) }, () => actPlainly(run))
    await Promise.all([...acting, ...others])
    if (random.chance(0.2)) run.clock.advance(random.below(2 * limits.wireCaretakerMs))
    // What goes on in the background may move the start between a look at the bounds and a read.
    await run.log.idle()
    for (const pair of pairs) await compareBounds(run, pair)
    await compareAll(run, random.pick(pairs))
  }
  for (const pair of pairs) await compareAll(run, pair)
}

/** Some records, some of them with the keys of others. */
function makeEntries(run: Run, transaction?: ModelTransaction): ModelEntry[] {
  return Array.from({ length: 1 + run.random.below(3) }, () => {
    const key = `k${run.random.below(12)}`
    const text = run.random.chance(0.1) ? `${key}!` : `${key}=${run.texts++}`
    const time = run.clock.now() - run.random.below(hour)
    return transaction === undefined ? { text, time } : { text, time, transaction }
  })
}

function encodeEntries(entries: readonly ModelEntry[], fields: Partial<NewBatchHeader> = {}) {
  const records = entries.map(({ text, time }) => recordOf(text!, time))
  return encodeBatch({ baseOffset: 0, leaderEpoch: 0, records, ...fields })
}

async function actPlainly(run: Run): Promise<void> {
  const { log, random } = run
  const pair = random.pick(run.pairs)
  const { partition } = pair
  const what = random.below(6)
  if (what < 3) {
    const entries = makeEntries(run)
    const batch = encodeEntries(entries, { compression: random.pick([0, 0, 1, 4] as const) })
    const { first, last } = taken(await log.append({ partition, batch, leaderEpoch: 0 }))
    assert.equal(last - first, entries.length - 1)
    place(pair, first, entries)
  } else if (what < 5) {
    const [entry] = makeEntries(run)
    const [key, value] = entry!.text!.split(/[=!]/)
    const isTombstone = entry!.text!.endsWith('!')
    const record = { key: bytesOf(key!), value: isTombstone ? null : bytesOf(value!) }
    const order = { partition, record: { ...record, timestamp: entry!.time } }
    place(pair, taken(await log.appendRecord(order)).first, [entry!])
  } else {
    const { start, high } = log.partition(partition)!
    const before = start + random.below(high - start + 1)
    if (random.chance(0.5)) taken(await log.setCursor({ partition, cursor: 'c', offset: before }))
    else if (random.chance(0.3)) taken(await log.deleteRecords({ partition, before }))
  }
}

/** One step of a producer: a batch in a transaction or without one, an end, a repetition, a new epoch. */
async function act(run: Run, actor: Actor): Promise<void> {
  const { random } = run
  if (random.chance(0.2) && actor.last !== undefined) return actor.last()
  if (actor.transaction !== undefined && random.chance(0.3)) return endOf(run, actor)
  if (actor.transaction === undefined && random.chance(0.1)) {
    actor.epoch++
    actor.sequences.clear()
    actor.last = undefined
  }
  if (actor.transaction === undefined && random.chance(0.6)) {
    actor.transaction = { producerId: actor.id, state: 'open' }
  }
  return send(run, actor, random.pick(run.pairs))
}

async function send(run: Run, actor: Actor, pair: Pair): Promise<void> {
  const { log } = run
  const { transaction } = actor
  const entries = makeEntries(run, transaction)
  const baseSequence = actor.sequences.get(pair) ?? 0
  const batch = encodeEntries(entries, {
    producerId: actor.id,
    producerEpoch: actor.epoch,
    baseSequence,
    transactional: transaction !== undefined,
  })
  const order = { partition: pair.partition, batch, leaderEpoch: 0 }
  const { first, last, duplicate } = taken(await log.append(order))
  assert.equal(duplicate, false)
  place(pair, first, entries)
  actor.sequences.set(pair, baseSequence + entries.length)
  if (transaction !== undefined) actor.joined.add(pair)
  actor.last = async () => {
    assert.deepEqual(taken(await log.append(order)), { first, last, duplicate: true })
  }
}

async function endOf({ log, random, clock }: Run, actor: Actor): Promise<void> {
  const { transaction, joined } = actor
  const commit = random.chance(0.5)
  const order = { producerId: actor.id, producerEpoch: actor.epoch, coordinatorEpoch: 0, commit }
  const pairs = [...joined]
  const partitions = pairs.map(({ partition }) => partition)
  const { markers } = taken(await log.endTransaction({ ...order, partitions }))
  transaction!.state = commit ? 'committed' : 'aborted'
  actor.transaction = undefined
  joined.clear()
  for (const [index, pair] of pairs.entries()) {
    const marker = { text: undefined, time: clock.now(), transaction: transaction! }
    place(pair, markers[index]!.offset, [marker])
  }
}

/** Holds the bounds, and one read, against the model. */
async function compareBounds(run: Run, pair: Pair): Promise<void> {
  const { log, random } = run
  const { partition, entries, isCompacted } = pair
  const { start, stable, high } = log.partition(partition)!
  assert.ok(start >= pair.start && start <= high, 'the start goes forwards')
  pair.start = start
  assert.equal(high, entries.length)
  assert.equal(entries.includes(undefined as unknown as ModelEntry), false, 'offsets have no gaps')
  assert.equal(stable, stableIn(pair))

  const from = start + random.below(high - start + 1)
  const committed = random.chance(0.5)
  const bytesMax = random.pick([1, 200, 1_000, 100_000])
  const { batches } = await readOnce(log, partition, from, { bytesMax, committed })
  const to = committed ? stable : high
  holdAgainst(pair, batches, { from, to, isCompacted })
  assert.equal(batches.length > 0, from < to)
}

/** Holds all that is committed, and one look-up by time, against the model. */
async function compareAll(run: Run, pair: Pair): Promise<void> {
  const { log, random } = run
  const { partition } = pair
  const seen = await committedTexts(log, partition, random.pick([1, 200, 1_000, 100_000]))
  const expected = committedIn(pair)
  if (pair.isCompacted) {
    const newest = newestByKey(expected)
    const seenNewest = newestByKey(seen)
    for (const [key, text] of newest) assert.equal(seenNewest.get(key), text)
    assert.equal(seenNewest.size, newest.size)
  } else {
    assert.deepEqual(seen, expected)
    const timestamp = run.clock.now() - random.below(2 * hour)
    const committed = random.chance(0.5)
    const found = taken(await log.findTime({ partition, timestamp, committed }))
    assert.deepEqual(found, timeIn(pair, timestamp, committed))
  }
}
