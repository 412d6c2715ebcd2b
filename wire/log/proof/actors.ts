import type { SeededRandom } from '@fermata/testkit/random'
import { bytesOf, taken } from '../contract.world.ts'
import type { LogStore } from '../store.ts'
import { batchFor, configFor, noteText, purposeOf, recordCount, type Sending } from './batches.ts'
import type { Ending, Said } from './said.ts'

/** What all actors share. */
export interface Stage {
  readonly log: LogStore
  readonly random: SeededRandom
  readonly say: (said: Said) => void
  /** A number that nobody has used. */
  readonly number: () => number
  /** Whether the show goes on. */
  readonly goesOn: () => boolean
}

/** Makes a partition, unless it is there. */
export async function partitionOf({ log, say }: Stage, name: string): Promise<number> {
  const found = log.partitions().find((info) => info.name === name)
  say({ kind: 'making', name })
  const order = { name, config: configFor(purposeOf(name)) }
  const partition = found?.partition ?? taken(await log.createPartition(order))
  say({ kind: 'made', name, partition })
  return partition
}

/** Sends a batch, which must be taken. */
export async function send({ log, say }: Stage, sending: Sending): Promise<number> {
  const { number, partition } = sending
  say({ kind: 'sending', sending })
  const answer = await log.append({ partition, batch: batchFor(sending), leaderEpoch: 3 })
  const { first } = taken(answer)
  say({ kind: 'sent', number, first })
  return first
}

/** Ends a transaction. */
export async function end({ log, say }: Stage, ending: Ending): Promise<void> {
  say({ kind: 'ending', ending })
  const { markers } = taken(
    await log.endTransaction({
      producerId: ending.producer,
      producerEpoch: 0,
      coordinatorEpoch: ending.end,
      commit: ending.commit,
      partitions: ending.partitions,
    }),
  )
  say({ kind: 'ended', end: ending.end, markers })
}

const inFlightMax = 5

/** A producer that has up to five batches under way on one partition. */
export async function producer(stage: Stage, id: number, partition: number): Promise<void> {
  const isKeyed = isKeyedPartition(stage, partition)
  let sequence = 0
  const sendNext = (): Promise<number> => {
    const number = stage.number()
    const sending = { number, partition, producer: id, sequence, isTransactional: false, isKeyed }
    sequence += recordCount(sending)
    return send(stage, sending)
  }
  while (stage.goesOn()) {
    await Promise.all(Array.from({ length: 1 + stage.random.below(inFlightMax) }, sendNext))
  }
}

function isKeyedPartition({ log }: Stage, partition: number): boolean {
  return purposeOf(log.partition(partition)?.name ?? '') === 'keyed'
}

/** A client without a producer id, and the log's own records. */
export async function noter(stage: Stage, partition: number): Promise<void> {
  const { log, say, random } = stage
  while (stage.goesOn()) {
    const notes = Array.from({ length: 1 + random.below(6) }, async () => {
      const number = stage.number()
      say({ kind: 'noting', number, partition })
      const record = { key: null, value: bytesOf(noteText(number)) }
      const { first } = taken(await log.appendRecord({ partition, record }))
      say({ kind: 'noted', number, offset: first })
    })
    const number = stage.number()
    const sending = { number, partition, producer: -1, sequence: -1 }
    await Promise.all([
      ...notes,
      send(stage, { ...sending, isTransactional: false, isKeyed: false }),
    ])
  }
}

/** A producer of transactions over several partitions. */
export async function transactor(
  stage: Stage,
  id: number,
  partitions: readonly number[],
): Promise<void> {
  const { random } = stage
  const sequences = new Map<number, number>()
  while (stage.goesOn()) {
    const chosen = random.shuffled(partitions).slice(0, 1 + random.below(partitions.length))
    const batches = chosen.flatMap((partition) =>
      Array.from({ length: 1 + random.below(3) }, () => {
        const sequence = sequences.get(partition) ?? 0
        const place = { number: stage.number(), partition, producer: id, sequence }
        sequences.set(partition, sequence + recordCount(place))
        return send(stage, { ...place, isTransactional: true, isKeyed: false })
      }),
    )
    await Promise.all(batches)
    const commit = random.chance(0.7)
    await end(stage, { end: stage.number(), producer: id, commit, partitions: chosen })
  }
}

/** Somebody who writes to a partition, reads it, and drops what was read. */
export async function dropper(stage: Stage, partition: number): Promise<void> {
  const { log, say, random } = stage
  while (stage.goesOn()) {
    const sending = {
      partition,
      producer: -1,
      sequence: -1,
      isTransactional: false,
      isKeyed: false,
    }
    let last = 0
    for (let left = 5; left > 0; left--)
      last = await send(stage, { number: stage.number(), ...sending })
    say({ kind: 'moving', partition, offset: last })
    taken(await log.setCursor({ partition, cursor: 'reader', offset: last }))
    say({ kind: 'moved', partition, offset: last })
    const { start, high } = log.partition(partition) ?? { start: 0, high: 0 }
    const before = start + random.below(high - start)
    say({ kind: 'dropping', partition, before })
    const { start: dropped } = taken(await log.deleteRecords({ partition, before }))
    say({ kind: 'dropped', partition, start: dropped })
  }
}

/** So many partitions stand until the oldest is deleted: long enough that most have files by then. */
const standingMax = 8

/** Somebody who makes partitions, writes to them and deletes them. */
export async function deleter(stage: Stage): Promise<void> {
  const { log, say, random } = stage
  const standing: number[] = []
  while (stage.goesOn()) {
    const partition = await partitionOf(stage, `doomed-${stage.number()}`)
    const sending = {
      partition,
      producer: -1,
      sequence: -1,
      isTransactional: false,
      isKeyed: false,
    }
    for (let left = 1 + random.below(4); left > 0; left--) {
      await send(stage, { number: stage.number(), ...sending })
    }
    standing.push(partition)
    const oldest = standing.length > standingMax ? standing.shift() : undefined
    if (oldest === undefined) continue
    say({ kind: 'deleting', partition: oldest })
    taken(await log.deletePartition(oldest))
    say({ kind: 'deleted', partition: oldest })
  }
}
