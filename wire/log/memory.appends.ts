import { ok, refused, type Result } from '@fermata/base/result'
import { admitBatch, keyless } from './admission.ts'
import { batchHeaderBytes, patchBatch, readBatchHeader, stampBatch } from './batch.ts'
import { encodeMarker } from './marker.ts'
import { addBatch, type MemoryPartition } from './memory.partition.ts'
import {
  advance,
  refusalOf,
  unknown,
  whenFlushed,
  type MemoryLog,
  type WaitingRecord,
} from './memory.log.ts'
import { applyAppend, applyMarker, decideAppend, decideMarker } from './partition.ts'
import { gatherRecords, recordBytesMax } from './records.gather.ts'
import { encodeBatch } from './records.ts'
import type {
  Appended,
  AppendOrder,
  AppendRefusal,
  EndedTransaction,
  EndRefusal,
  LogStore,
  NewRecord,
  TransactionEnd,
} from './store.ts'

/** The part of the port that adds to partitions. */
export function appendsOf(
  log: MemoryLog,
): Pick<LogStore, 'append' | 'appendRecord' | 'endTransaction'> {
  return {
    append: (order) => Promise.resolve(append(log, order)),
    appendRecord: (order) => Promise.resolve(appendRecord(log, order)),
    endTransaction: (order) => Promise.resolve(endTransaction(log, order)),
  }
}

type Answer<T, R> = Result<T, R> | Promise<Result<T, R>>

function append(log: MemoryLog, order: AppendOrder): Answer<Appended, AppendRefusal> {
  const fault = refusalOf(log, order.batch.length)
  if (fault !== undefined) return fault
  const partition = log.partitions.get(order.partition)
  if (partition === undefined) return unknown
  const admitted = admitBatch(order.batch, partition.config)
  if (!admitted.ok) return admitted
  const { state } = partition
  const decision = decideAppend(state, admitted.value)
  switch (decision.kind) {
    case 'refused':
      return refused(decision.refusal)
    case 'duplicate': {
      const { first, last } = decision
      // It waits behind the original, which is in this group or in one before.
      return whenFlushed(log, 0, () => ok({ first, last, duplicate: true }))
    }
    case 'append': {
      partition.leaderEpoch = order.leaderEpoch
      const bytes = order.batch.slice()
      if (partition.config.stampsTime !== true) return appendBatch(log, partition, bytes)
      const stampedMs = log.clock.now()
      stampBatch(bytes, 0, stampedMs)
      return appendBatch(log, partition, bytes, { stampedMs })
    }
  }
}

/** Gives a batch its offset and answers once it is flushed. */
function appendBatch(
  log: MemoryLog,
  partition: MemoryPartition,
  bytes: Uint8Array,
  more: Pick<Appended, 'stampedMs'> = {},
): Promise<Result<Appended, AppendRefusal>> {
  const { state } = partition
  const first = state.end
  patchBatch(bytes, 0, first, partition.leaderEpoch)
  applyAppend(state, readBatchHeader(bytes, 0))
  addBatch(partition, bytes, log.clock.now())
  const { end } = state
  return whenFlushed(log, bytes.length, () => {
    advance(log, partition, end)
    return ok({ first, last: end - 1, duplicate: false, ...more })
  })
}

function appendRecord(
  log: MemoryLog,
  order: { readonly partition: number; readonly record: NewRecord },
): Answer<Appended, AppendRefusal> {
  const bytes = recordBytesMax(order.record)
  const fault = refusalOf(log, batchHeaderBytes + bytes)
  if (fault !== undefined) return fault
  const partition = log.partitions.get(order.partition)
  if (partition === undefined) return unknown
  const { batchBytesMax: bytesMax, compaction } = partition.config
  if (compaction !== undefined && order.record.key === null) return refused(keyless)
  if (batchHeaderBytes + bytes > bytesMax) return refused({ code: 'batch_too_large', bytesMax })
  return new Promise((answer) => {
    const waiting = log.records.get(partition) ?? []
    // Its time is when it was asked for.
    const record = { ...order.record, timestamp: order.record.timestamp ?? log.clock.now() }
    waiting.push({ record, bytes, answer })
    log.records.set(partition, waiting)
    log.flusher.wake()
  })
}

/** Puts the records of our own that wait into batches, so that they go with the next group. */
export function sealRecords(log: MemoryLog, partition: MemoryPartition): void {
  const waiting = log.records.get(partition) ?? []
  log.records.delete(partition)
  for (const group of gatherRecords(waiting, partition.config.batchBytesMax)) {
    const { leaderEpoch } = partition
    const records = group.map(({ record }) => ({ timestamp: 0, ...record }))
    const bytes = encodeBatch({ baseOffset: 0, leaderEpoch, records })
    void appendBatch(log, partition, bytes).then((result) => answerEach(group, result))
  }
}

function answerEach(
  group: readonly WaitingRecord[],
  result: Result<Appended, AppendRefusal>,
): void {
  group.forEach(({ answer }, index) => {
    if (!result.ok) return answer(result)
    const offset = result.value.first + index
    return answer(ok({ first: offset, last: offset, duplicate: false }))
  })
}

function endTransaction(
  log: MemoryLog,
  order: TransactionEnd,
): Answer<EndedTransaction, EndRefusal> {
  const fault = refusalOf(log, 0)
  if (fault !== undefined) return fault
  const partitions: MemoryPartition[] = []
  for (const id of new Set(order.partitions)) {
    const partition = log.partitions.get(id)
    if (partition === undefined) return unknown
    const decision = decideMarker(partition.state, order)
    if (decision.kind === 'refused') return refused(decision.refusal)
    partitions.push(partition)
  }
  const markers = partitions.map((partition) => ({
    partition: partition.id,
    offset: addMarker(log, partition, order),
  }))
  return whenFlushed(log, 0, () => {
    partitions.forEach((partition, index) => advance(log, partition, markers[index]!.offset + 1))
    return ok({ markers })
  })
}

function addMarker(log: MemoryLog, partition: MemoryPartition, order: TransactionEnd): number {
  const { state, leaderEpoch } = partition
  const offset = state.end
  const timestamp = log.clock.now()
  const { producerId, producerEpoch, coordinatorEpoch, commit } = order
  const marker = { producerId, producerEpoch, coordinatorEpoch, commit, timestamp }
  applyMarker(state, { ...marker, offset })
  addBatch(partition, encodeMarker({ ...marker, baseOffset: offset, leaderEpoch }), timestamp)
  return offset
}
