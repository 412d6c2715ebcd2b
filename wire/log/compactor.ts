import { limits } from '@fermata/base/limits'
import { lastOffsetOf, readBatchHeader } from './batch.ts'
import { openBudget, type Budget } from './budget.ts'
import { planCompaction } from './compaction.ts'
import { beginRound, type CompactionRound } from './compaction.round.ts'
import type { FilePartition, LogParts } from './partition.file.ts'
import { isLastOfProducer, lastStable, replaceAborted } from './partition.ts'
import { addToSegment, emptySegment, indexPath, type Segment } from './segment.ts'
import { flushAll } from './settle.ts'
import type { Settler } from './settler.ts'
import type { CompactionConfig } from './store.ts'
import { walkFile } from './walk.ts'

/** Rewrites closed segments so that of each key the newest record is left. */
export interface Compactor {
  compact(partition: FilePartition): Promise<void>
  /** A round that is under way ends without an effect. */
  stop(): void
}

/** What is to stand in place of some segments. */
interface Rewritten {
  readonly sources: readonly Segment[]
  readonly segment: Segment
  /** The file that has its bytes, to be renamed. */
  readonly from: string
}

/** Small neighbours become one segment, or a partition would end as a thousand files of one record. */
function groupsOf(sources: readonly Segment[], segmentBytes: number): Segment[][] {
  const groups: Segment[][] = []
  let bytes = 0
  for (const source of sources) {
    const group = groups.at(-1)
    if (group === undefined || bytes + source.bytes > segmentBytes) {
      groups.push([source])
      bytes = source.bytes
    } else {
      group.push(source)
      bytes += source.bytes
    }
  }
  return groups
}

/** Makes the compactor of a log. */
export function openCompactor(options: {
  readonly parts: LogParts
  readonly settler: Settler
}): Compactor {
  const { parts, settler } = options
  const budget: Budget = openBudget(parts.clock, {
    bytesPerSecond: limits.wireBackgroundBytesPerSecond,
    burstBytes: limits.wireBackgroundBurstBytes,
  })
  let isStopped = false

  const isOver = (partition: FilePartition): boolean => isStopped || partition.isDeleted

  const rewrite = async (
    partition: FilePartition,
    sources: readonly Segment[],
    round: CompactionRound,
  ): Promise<Rewritten[]> => {
    const written: Rewritten[] = []
    for (const group of groupsOf(sources, partition.config.segmentBytes)) {
      if (isOver(partition)) return written
      const one = await rewriteGroup(partition, group, round)
      if (one !== undefined) written.push(one)
    }
    return written
  }
  const rewriteGroup = async (
    partition: FilePartition,
    sources: readonly Segment[],
    round: CompactionRound,
  ): Promise<Rewritten | undefined> => {
    const [first] = sources
    const last = sources.at(-1)
    if (first === undefined || last === undefined) return undefined
    const name = { base: first.base, generation: first.generation + 1 }
    const segment = emptySegment(partition.folder, name, last.createdAt)
    segment.isCompacted = true
    const from = `${segment.path}.next`
    const isChanged = await copyKept(parts, budget, { sources, segment, from, round })
    segment.last = last.last
    if (isChanged || sources.length > 1) return { sources, segment, from }
    await drop(from)
    return undefined
  }
  const drop = async (path: string): Promise<void> => {
    await parts.files.forget(path)
    await parts.disk.remove(path)
  }
  /**
   * Puts the new files into the place of the old ones, which stay until no checkpoint names them. All of a round
   * counts at one moment, with what it leaves of the aborted transactions: a reader who knew of an abort whose
   * marker is gone would pass over whatever the producer wrote later.
   */
  const swap = async (
    partition: FilePartition,
    written: readonly Rewritten[],
    round: CompactionRound,
  ): Promise<void> => {
    for (const { segment, from } of written) {
      if (segment.bytes === 0) {
        await drop(from)
        continue
      }
      await parts.files.forget(from)
      await parts.disk.rename(from, segment.path)
      await parts.indexes.write(segment)
    }
    await parts.disk.flushFolder(partition.folder)
    if (partition.isDeleted) return
    for (const { sources, segment } of written) {
      const at = partition.segments.findIndex((one) => sources.includes(one))
      const others = partition.segments.filter((one) => !sources.includes(one))
      partition.segments = segment.bytes > 0 ? others.toSpliced(at, 0, segment) : others
      for (const source of sources) parts.indexes.forget(source)
    }
    partition.resume.clear()
    replaceAborted(partition.state, round.to, round.aborted)
    partition.cleanedTo = Math.max(partition.cleanedTo, round.to)
    const old = written.flatMap(({ sources }) => sources)
    settler.discard(old.flatMap(({ path }) => [path, indexPath(path)]))
  }

  return {
    async compact(partition) {
      const { state, config } = partition
      if (config.compaction === undefined || isOver(partition)) return
      const closed = partition.segments.slice(0, -1)
      const nowMs = parts.clock.now()
      const facts = { closed, cleanedTo: partition.cleanedTo, stable: lastStable(state), nowMs }
      const plan = planCompaction({ ...facts, config: config.compaction })
      if (plan === undefined) return
      // A checkpoint that is in the making may name the sources: nobody flushes them once they are replaced.
      await settler.alone(async () => {
        await settler.settleNow(partition)
        await flushAll(parts, [partition])
      })
      const sources = closed.slice(0, plan.segments)
      const round = beginRound(orderOf(partition, config.compaction, nowMs), partition.cleanedTo)
      for (const segment of closed.slice(plan.cleanSegments, plan.segments)) {
        if (!(await noteAll(parts, budget, segment, round))) break
      }
      const written = await rewrite(partition, sources, round)
      if (!isOver(partition)) return settler.alone(() => swap(partition, written, round))
      for (const { from } of written) await drop(from)
    },
    stop() {
      isStopped = true
      budget.stop()
    },
  }
}

function orderOf(
  { state }: FilePartition,
  { tombstoneMs }: CompactionConfig,
  nowMs: number,
): Parameters<typeof beginRound>[0] {
  const { aborted } = state.transactions
  return {
    aborted,
    isLastOfProducer: (header) => isLastOfProducer(state, header),
    tombstoneMs,
    nowMs,
  }
}

async function noteAll(
  parts: LogParts,
  budget: Budget,
  segment: Segment,
  round: CompactionRound,
): Promise<boolean> {
  if (!segment.isMade) return true
  const { copyBytes: chunkBytes, batchBytesMax } = parts.sizes
  const start = { position: 0, offset: segment.base, isDense: !segment.isCompacted }
  return parts.files.use(segment.path, async (file) => {
    await budget.spend(segment.bytes)
    for await (const { chunk, at } of walkFile(file, start, segment.settled, {
      chunkBytes,
      batchBytesMax,
    })) {
      if (!round.note(chunk, at)) return false
    }
    return true
  })
}

/** Writes what is left of some segments into a new file and flushes it. Answers whether anything changed. */
async function copyKept(
  parts: LogParts,
  budget: Budget,
  work: {
    readonly sources: readonly Segment[]
    readonly segment: Segment
    readonly from: string
    readonly round: CompactionRound
  },
): Promise<boolean> {
  const { sources, segment, from, round } = work
  await parts.files.create(from)
  const target = openTarget(parts, budget, segment, from)
  let isChanged = false
  for (const source of sources) {
    if (source.isMade) isChanged = (await copySource(parts, source, round, target)) || isChanged
  }
  await target.finish()
  return isChanged
}

/** The file that a compaction writes. */
interface Target {
  add(batch: Uint8Array): Promise<void>
  finish(): Promise<void>
}

function openTarget(parts: LogParts, budget: Budget, segment: Segment, path: string): Target {
  const { copyBytes, indexEveryBytes } = parts.sizes
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  const write = async (): Promise<void> => {
    const [batches, bytes] = [waiting, waitingBytes]
    waiting = []
    waitingBytes = 0
    await budget.spend(bytes)
    await parts.files.use(path, (file) => file.write(segment.settled, batches))
    segment.settled += bytes
  }
  return {
    async add(batch) {
      const header = readBatchHeader(batch, 0)
      const { baseOffset: base, bytes, maxTimestamp, deleteHorizon, baseTimestamp } = header
      const added = { base, last: lastOffsetOf(header), bytes, maxTimestamp }
      addToSegment(segment, added, indexEveryBytes)
      if (deleteHorizon) segment.horizon = Math.min(segment.horizon ?? Infinity, baseTimestamp)
      waiting.push(batch)
      waitingBytes += batch.length
      if (waitingBytes >= copyBytes) await write()
    },
    async finish() {
      await write()
      await parts.files.use(path, (file) => file.flush())
      segment.isMade = true
    },
  }
}

/** Copies what a round leaves of a segment; answers whether that is less or other than what was there. */
async function copySource(
  parts: LogParts,
  source: Segment,
  round: CompactionRound,
  target: Target,
): Promise<boolean> {
  const { copyBytes: chunkBytes, batchBytesMax } = parts.sizes
  const start = { position: 0, offset: source.base, isDense: !source.isCompacted }
  let isChanged = false
  let reached = 0
  await parts.files.use(source.path, async (file) => {
    const batches = walkFile(file, start, source.settled, { chunkBytes, batchBytesMax })
    for await (const { chunk, at, header, position } of batches) {
      reached = position + header.bytes
      const kept = round.compact(chunk, at)
      isChanged ||= kept === undefined || !isSame(kept, chunk, at)
      if (kept !== undefined) await target.add(kept)
    }
  })
  // What is damaged stays as it is, for whoever looks at it: nothing is compacted over a hole.
  if (reached < source.settled) throw new DamagedSource()
  return isChanged
}

/** A segment cannot be compacted because a part of it is damaged. */
export class DamagedSource extends Error {
  override readonly name = 'DamagedSource'
}

/** Whether a batch is the very one that begins there. */
function isSame(kept: Uint8Array, chunk: Uint8Array, at: number): boolean {
  return kept.buffer === chunk.buffer && kept.byteOffset === chunk.byteOffset + at
}
