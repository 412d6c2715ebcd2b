import { ok, refused, type Refused, type Result } from '@fermata/base/result'
import { assert } from '@fermata/base/assert'
import { admitBatch } from './admission.ts'
import { arenaOver } from './arena.ts'
import { lastOffsetOf, patchBatch, readBatchHeader, stampBatch, type BatchHeader } from './batch.ts'
import type { Committer, Group } from './committer.ts'
import {
  appendEntryBytes,
  endEntryBytes,
  writeAppendHead,
  writeEnd,
  type EndEntry,
} from './entries.ts'
import type { Health } from './health.ts'
import { openOutbox, type Outbox } from './writer.records.ts'
import { placeBatch, type FilePartition, type LogParts } from './partition.file.ts'
import { applyAppend, decideAppend, decideMarker } from './partition.ts'
import { applyStored, markerOf } from './partition.stored.ts'
import type {
  Appended,
  AppendRefusal,
  EndedTransaction,
  LogRefusal,
  LogStore,
  TransactionEnd,
} from './store.ts'

type Ended = Awaited<ReturnType<LogStore['endTransaction']>>

/** Decides on what is to be written, gives it its offsets and puts it into groups. */
export interface Writer {
  append(
    partition: FilePartition,
    batch: Uint8Array,
    leaderEpoch: number,
  ): Promise<Result<Appended, AppendRefusal>>
  readonly outbox: Outbox
  endTransaction(partitions: readonly FilePartition[], order: TransactionEnd): Promise<Ended>
  /** There may be room for what waits. */
  retry(): void
  /** Whether something waits for an arena. */
  isWaiting(): boolean
  /** Takes nothing more; what was taken still goes to disk. */
  close(): void
  end(): void
}

/** Something that waits for an arena: true when it found one, or needs none any more. */
interface Waiting {
  readonly bytes: number
  readonly attempt: () => boolean
  readonly end: () => void
}

/** Makes the writer of a log. */
export function openWriter(options: {
  readonly parts: LogParts
  readonly committer: Committer
  readonly health: Health
  readonly onPlaced: (partition: FilePartition) => void
  /** Called when something begins to wait for an arena. */
  readonly onWaiting: () => void
}): Writer {
  const { parts, committer, health } = options
  let waiting: Waiting[] = []
  let waitingBytes = 0
  let isClosed = false

  const closed = { code: 'ended', reason: 'the log was closed' } as const
  const ended = (): Refused<LogRefusal> => refused(health.refusal() ?? closed)

  /** Puts a batch that has its place in an arena into its partition. */
  const place = (
    partition: FilePartition,
    group: Group,
    header: BatchHeader,
    at: number,
    arena = group.arena,
  ): void => {
    placeBatch(parts, partition, { header, arena, at, group: group.number })
    group.ends.set(partition, lastOffsetOf(header) + 1)
    options.onPlaced(partition)
  }
  /** Decides on a batch and reserves its place; undefined where no arena is free. */
  const tryAppend = (
    partition: FilePartition,
    batch: Uint8Array,
    admitted: BatchHeader,
    leaderEpoch: number,
    answer: (result: Result<Appended, AppendRefusal>) => void,
  ): boolean => {
    const { state } = partition
    if (partition.isDeleted) {
      answer(refused({ code: 'unknown_partition' }))
      return true
    }
    const decision = decideAppend(state, admitted)
    if (decision.kind === 'refused') {
      answer(refused(decision.refusal))
      return true
    }
    if (decision.kind === 'duplicate') {
      const { first, last } = decision
      const found = ok({ first, last, duplicate: true })
      // The first one may still be on its way to the disk.
      if (last < state.high) answer(found)
      else committer.afterAll((isOnDisk) => answer(isOnDisk ? found : ended()))
      return true
    }
    const reserved = committer.reserve(appendEntryBytes + batch.length)
    if (reserved === undefined) return false
    const { group, bytes, at } = reserved
    const from = at + appendEntryBytes
    writeAppendHead(bytes, at, partition.id, batch.length)
    bytes.set(batch, from)
    patchBatch(bytes, from, state.end, leaderEpoch)
    const isStamped = partition.config.stampsTime === true
    if (isStamped) stampBatch(bytes, from, parts.clock.now())
    const header = readBatchHeader(bytes, from)
    applyAppend(state, header)
    place(partition, group, header, from)
    const { baseOffset: first, maxTimestamp: stampedMs } = header
    const where = { first, last: lastOffsetOf(header), duplicate: false }
    const appended = ok({ ...where, ...(isStamped && { stampedMs }) })
    group.acknowledge.push((isOnDisk) => answer(isOnDisk ? appended : ended()))
    return true
  }
  const tryEnd = (
    partitions: readonly FilePartition[],
    order: TransactionEnd,
    answer: (result: Ended) => void,
  ): boolean => {
    for (const { state } of partitions) {
      const decision = decideMarker(state, order)
      if (decision.kind !== 'refused') continue
      answer(refused(decision.refusal))
      return true
    }
    const reserved = committer.reserve(endEntryBytes(partitions.length))
    if (reserved === undefined) return false
    const { group, bytes, at } = reserved
    const entry: EndEntry = {
      kind: 'end',
      producerId: order.producerId,
      producerEpoch: order.producerEpoch,
      coordinatorEpoch: order.coordinatorEpoch,
      commit: order.commit,
      timestamp: parts.clock.now(),
      markers: partitions.map(({ id, state, leaderEpoch }) => ({
        partition: id,
        offset: state.end,
        leaderEpoch,
      })),
    }
    writeEnd(bytes, at, entry)
    for (const [number, partition] of partitions.entries()) {
      const marker = entry.markers[number]
      assert(marker !== undefined, 'each partition has its marker')
      const batch = markerOf(entry, marker)
      applyStored(partition, batch)
      place(partition, group, readBatchHeader(batch, 0), 0, arenaOver(batch))
    }
    const markers = entry.markers.map(({ partition, offset }) => ({ partition, offset }))
    const done: Result<EndedTransaction, never> = ok({ markers })
    group.acknowledge.push((isOnDisk) => answer(isOnDisk ? done : ended()))
    return true
  }

  /** Does it now, or behind all that waits already. */
  const inTurn = <R>(
    bytes: number,
    attempt: (answer: (result: R) => void) => boolean,
    keep: () => void,
    onRefused: (refused: Refused<LogRefusal>) => R,
  ): Promise<R> =>
    new Promise((resolve) => {
      if (waiting.length === 0 && attempt(resolve)) return
      if (waitingBytes + bytes > parts.sizes.waitingBytesMax) {
        resolve(onRefused(refused({ code: 'too_much_waiting' })))
        return
      }
      keep()
      waitingBytes += bytes
      waiting.push({
        bytes,
        attempt: () => attempt(resolve),
        end: () => resolve(onRefused(ended())),
      })
      options.onWaiting()
    })

  const outbox = openOutbox({ parts, committer, health, place })
  return {
    append(partition, batch, leaderEpoch) {
      const refusal = isClosed ? closed : health.refusal()
      if (refusal !== undefined) return Promise.resolve(refused(refusal))
      const admitted = admitBatch(batch, partition.config)
      if (!admitted.ok) return Promise.resolve(admitted)
      // What waits is a copy: the caller may use the bytes again once the call has returned.
      let kept = batch
      return inTurn<Result<Appended, AppendRefusal>>(
        batch.length,
        (answer) => tryAppend(partition, kept, admitted.value, leaderEpoch, answer),
        () => void (kept = Uint8Array.from(batch)),
        (refusal) => refusal,
      )
    },
    outbox,
    endTransaction(partitions, order) {
      const refusal = isClosed ? closed : health.refusal()
      if (refusal !== undefined) return Promise.resolve(refused(refusal))
      return inTurn<Ended>(
        endEntryBytes(partitions.length),
        (answer) => tryEnd(partitions, order, answer),
        () => undefined,
        (refusal) => refusal,
      )
    },
    retry() {
      while (waiting[0]?.attempt() === true) waitingBytes -= waiting.shift()?.bytes ?? 0
      if (waiting.length === 0) outbox.retry()
    },
    isWaiting: () => waiting.length > 0 || outbox.isWaiting(),
    close() {
      isClosed = true
      outbox.close()
    },
    end() {
      for (const one of waiting) one.end()
      waiting = []
      outbox.end()
    },
  }
}
