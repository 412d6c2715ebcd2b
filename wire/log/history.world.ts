import { assert } from '@fermata/base/assert'
import type { SeededRandom } from '@fermata/testkit/random'
import { lastOffsetOf, patchBatch, readBatchHeader } from './batch.ts'
import { batchOf } from './contract.world.ts'
import { encodeMarker, readMarker } from './marker.ts'
import {
  applyAppend,
  applyMarker,
  decideAppend,
  newPartitionState,
  setHigh,
  type PartitionState,
} from './partition.ts'

/** What happened to a partition: its state, and the batches that led to it. */
export interface History {
  readonly state: PartitionState
  readonly batches: Uint8Array[]
  /** The records of which something may be seen, by offset. */
  readonly records: Map<number, HistoryRecord>
}

/** A record, and the transaction that it is part of. */
export interface HistoryRecord {
  readonly text: string
  readonly transaction: { isAborted: boolean } | undefined
}

interface Actor {
  readonly id: number
  readonly isPlain: boolean
  epoch: number
  sequence: number
  transaction: { isAborted: boolean } | undefined
}

/** A random history of some producers, which all end their transactions in the end if `isClosed`. */
export function randomHistory(
  random: SeededRandom,
  { steps = 200, isClosed = false } = {},
): History {
  const history: History = { state: newPartitionState(), batches: [], records: new Map() }
  const actors = Array.from({ length: 5 }, (_, id): Actor => {
    return { id, isPlain: id % 3 === 0, epoch: 0, sequence: 0, transaction: undefined }
  })
  for (let step = 0; step < steps; step++) {
    const actor = random.pick(actors)
    if (random.chance(0.2)) appendTo(history, keyedTexts(random, step), {}, undefined)
    else if (actor.transaction !== undefined && random.chance(0.3)) {
      endTransaction(history, actor, random.chance(0.5), random.chance(0.2))
    } else send(history, actor, keyedTexts(random, step), random)
  }
  for (const actor of actors) {
    if (isClosed && actor.transaction !== undefined) endTransaction(history, actor, true, false)
  }
  setHigh(history.state, history.state.end)
  return history
}

function keyedTexts(random: SeededRandom, step: number): string[] {
  return Array.from({ length: 1 + random.below(3) }, () => {
    const key = `k${random.below(10)}`
    return random.chance(0.15) ? `${key}!` : `${key}=${step}`
  })
}

function send(history: History, actor: Actor, texts: string[], random: SeededRandom): void {
  if (actor.transaction === undefined && random.chance(0.05)) {
    actor.epoch++
    actor.sequence = 0
  }
  if (!actor.isPlain) actor.transaction ??= { isAborted: false }
  const fields = {
    producerId: actor.id,
    producerEpoch: actor.epoch,
    baseSequence: actor.sequence,
    transactional: !actor.isPlain,
  }
  appendTo(history, texts, fields, actor.transaction)
  actor.sequence += texts.length
}

function appendTo(
  { state, batches, records }: History,
  texts: string[],
  fields: Parameters<typeof batchOf>[1],
  transaction: Actor['transaction'],
): void {
  const bytes = batchOf(texts, fields)
  patchBatch(bytes, 0, state.end, 0)
  const header = readBatchHeader(bytes, 0)
  assert(decideAppend(state, header).kind === 'append', 'the batch is taken')
  applyAppend(state, header)
  batches.push(bytes)
  texts.forEach((text, index) => records.set(header.baseOffset + index, { text, transaction }))
}

function endTransaction({ state, batches }: History, actor: Actor, commit: boolean, bump: boolean) {
  if (bump) {
    actor.epoch++
    actor.sequence = 0
  }
  actor.transaction!.isAborted = !commit
  actor.transaction = undefined
  const marker = { producerId: actor.id, producerEpoch: actor.epoch, coordinatorEpoch: 1, commit }
  const bytes = encodeMarker({ ...marker, baseOffset: state.end, leaderEpoch: 0, timestamp: 1 })
  applyMarker(state, { ...marker, offset: state.end, timestamp: 1 })
  batches.push(bytes)
}

/** The state that follows from what lies in a log, as recovery finds it. */
export function replayed(
  batches: readonly Uint8Array[],
  from: PartitionState = newPartitionState(),
): PartitionState {
  for (const bytes of batches) {
    const header = readBatchHeader(bytes, 0)
    const { producerId, producerEpoch, maxTimestamp: timestamp } = header
    const marker = readMarker(bytes, 0)
    if (marker === undefined) applyAppend(from, header)
    else {
      const offset = lastOffsetOf(header)
      applyMarker(from, { ...marker, producerId, producerEpoch, offset, timestamp })
    }
  }
  setHigh(from, from.end)
  return from
}
