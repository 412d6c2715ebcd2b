import { AssertionFailure } from '@fermata/base/assert'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Refused } from '@fermata/base/result'
import { ownPartition, removalOf } from './catalogue.ts'
import type { Caretaker } from './caretaker.ts'
import type { Committer } from './committer.ts'
import type { Health } from './health.ts'
import type { Journal } from './journal.ts'
import type { Keeper } from './keeper.ts'
import { nameFault } from './names.ts'
import { boundsOf, bytesOf, type FilePartition, type LogParts } from './partition.file.ts'
import { dropBefore, producersOf } from './partition.ts'
import type { RecoveryReport } from './recover.ts'
import { openReader } from './reader.ts'
import type { Settler } from './settler.ts'
import type { FileLog } from './store.file.ts'
import type { AppendRefusal, LogRefusal, PartitionInfo, UnknownPartition } from './store.ts'
import type { Waiters } from './waiters.ts'
import type { Writer } from './writer.ts'

const unknown: Refused<UnknownPartition> = refused({ code: 'unknown_partition' })

/** What stands behind the port. */
export interface FileStoreParts {
  readonly parts: LogParts
  readonly journal: Journal
  readonly partitions: Map<number, FilePartition>
  readonly committer: Committer
  readonly writer: Writer
  readonly settler: Settler
  readonly waiters: Waiters
  readonly keeper: Keeper
  readonly caretaker: Caretaker
  readonly health: Health
  readonly recovered: RecoveryReport
}

function infoOf(partition: FilePartition): PartitionInfo {
  const { id, name, config, gaps } = partition
  return { ...boundsOf(partition), partition: id, name, config, gaps, bytes: bytesOf(partition) }
}

/** Answers the port's calls: finds the partition, and hands on. */
export function fileStore(store: FileStoreParts): FileLog {
  const { partitions, writer, settler, waiters, caretaker, health, committer } = store
  const reader = openReader(store)
  /** The log's own partition is nobody else's. */
  const find = (id: number): FilePartition | undefined => {
    const partition = id === ownPartition ? undefined : partitions.get(id)
    return partition?.isDeleted === false ? partition : undefined
  }
  return {
    recovered: store.recovered,
    ...partitionCalls(store, find),
    append({ partition: id, batch, leaderEpoch }) {
      const partition = find(id)
      if (partition === undefined) return Promise.resolve(unknown)
      return writer.append(partition, batch, leaderEpoch)
    },
    appendRecord({ partition: id, record }) {
      const partition = find(id)
      if (partition === undefined) return Promise.resolve(unknown)
      return writer.outbox.add(partition, record)
    },
    endTransaction(order) {
      const found = [...new Set(order.partitions)].map(find)
      const known = found.filter((partition) => partition !== undefined)
      if (known.length < found.length) return Promise.resolve(unknown)
      return writer.endTransaction(known, order)
    },
    async read(order) {
      const partition = find(order.partition)
      return partition === undefined ? unknown : reader.read(partition, order)
    },
    async findTime(order) {
      const partition = find(order.partition)
      return partition === undefined ? unknown : reader.findTime(partition, order)
    },
    waitFor: ({ places, waitMs }) => waiters.waitFor(places, waitMs),
    partitions: () =>
      Array.from(partitions.values())
        .filter(({ id }) => id !== ownPartition)
        .toSorted((a, b) => a.id - b.id)
        .map(infoOf),
    partition(id) {
      const partition = find(id)
      return partition === undefined ? undefined : infoOf(partition)
    },
    producers(id) {
      const partition = find(id)
      return partition === undefined ? [] : producersOf(partition.state)
    },
    cursors: (id) => new Map(find(id)?.cursors),
    state: () => health.state(),
    async idle() {
      await new Promise<void>((resolve) => committer.afterAll(() => resolve()))
      await settler.idle()
      await caretaker.idle()
    },
    async close() {
      if (health.state().kind === 'ended') return
      await closeStore(store)
    },
  }
}

type PartitionCalls = Pick<
  FileLog,
  'createPartition' | 'configurePartition' | 'deletePartition' | 'deleteRecords' | 'setCursor'
>

/** The calls that change what the catalogue knows of a partition. */
function partitionCalls(
  { partitions, keeper, caretaker, health }: FileStoreParts,
  find: (id: number) => FilePartition | undefined,
): PartitionCalls {
  return {
    async createPartition({ name, config }) {
      const fault = nameFault(name)
      if (fault !== undefined) return refused(fault)
      if (keeper.names.has(name)) return refused({ code: 'name_taken' })
      keeper.names.add(name)
      const partition = keeper.nextPartition()
      const changed = await keeper.change([
        { kind: 'next', partition: partition + 1 },
        { kind: 'partition', partition, value: { name, config } },
      ])
      if (changed.ok) return ok(partition)
      keeper.names.delete(name)
      return refused(refusalOf(changed.refusal))
    },
    async configurePartition({ partition: id, config }) {
      const partition = find(id)
      if (partition === undefined) return unknown
      const value = { name: partition.name, config }
      const changed = await keeper.change([{ kind: 'partition', partition: id, value }])
      return changed.ok ? ok(undefined) : refused(refusalOf(changed.refusal))
    },
    async deletePartition(id) {
      const partition = find(id)
      if (partition === undefined) return unknown
      const changed = await keeper.change(removalOf(keeper.catalogue, id))
      if (!changed.ok) return refused(refusalOf(changed.refusal))
      if (partitions.get(id) === partition) keeper.remove(partition)
      return ok(undefined)
    },
    async deleteRecords({ partition: id, before }) {
      const partition = find(id)
      if (partition === undefined) return unknown
      const bounds = boundsOf(partition)
      if (before > bounds.high) return refused({ code: 'offset_out_of_range', ...bounds })
      const refusal = health.refusal()
      if (refusal?.code === 'ended') return refused(refusal)
      if (before <= bounds.start) return ok({ start: bounds.start })
      const changed = await keeper.change([{ kind: 'start', partition: id, value: before }])
      if (!changed.ok) return refused(refusalOf(changed.refusal))
      dropBefore(partition.state, before)
      caretaker.look(partition)
      return ok({ start: partition.state.start })
    },
    async setCursor({ partition: id, cursor, offset }) {
      const fault = nameFault(cursor)
      if (fault !== undefined) return refused(fault)
      const partition = find(id)
      if (partition === undefined) return unknown
      const isNew = offset !== undefined && !partition.cursors.has(cursor)
      if (isNew && partition.cursors.size >= limits.cursorsPerPartitionMax) {
        return refused({ code: 'too_many_cursors' })
      }
      const changed = await keeper.change([
        { kind: 'cursor', partition: id, cursor, value: offset },
      ])
      if (!changed.ok) return refused(refusalOf(changed.refusal))
      if (offset === undefined) partition.cursors.delete(cursor)
      else partition.cursors.set(cursor, offset)
      caretaker.look(partition)
      return ok(undefined)
    },
  }
}

/** The log's own records are well-formed: only the log as a whole can refuse them. */
function refusalOf(refusal: AppendRefusal): LogRefusal {
  switch (refusal.code) {
    case 'disk_full':
    case 'files_exhausted':
    case 'disk_read_only':
    case 'too_much_waiting':
    case 'ended':
      return refusal
    default:
      throw new AssertionFailure(`the log's own record was refused as ${refusal.code}`)
  }
}

/** Everything that was begun comes to its end; then a checkpoint, so that the next start has nothing to replay. */
async function closeStore(store: FileStoreParts): Promise<void> {
  const { caretaker, committer, settler, health, journal, parts, writer } = store
  caretaker.stop()
  await caretaker.idle()
  writer.close()
  await new Promise<void>((resolve) => committer.afterAll(() => resolve()))
  // A disk that is full now may have room at the next start, which replays the journal.
  await settler.finish().catch((error: unknown) => void error)
  health.end('the log was closed')
  await journal.close()
  await parts.files.close()
}
