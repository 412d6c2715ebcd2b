import { limits } from '@fermata/base/limits'
import type { Broker } from '../broker/broker.ts'
import type { GroupView } from '../broker/groups/port.ts'
import { batchBytesAt, readBatchHeader } from '../log/batch.ts'

/** How far a group has come in one partition. */
export interface PartitionLag {
  readonly topic: string
  readonly index: number
  /** What it reads next. */
  readonly committed: number
  /** Where the partition ends. */
  readonly end: number
  /** How many records lie between, of those that are still there. */
  readonly records: number
  /** How old the batch is in which it reads next, in ms; 0 where it has read everything. */
  readonly ms: number
}

/** A group, and how far behind it is. */
export interface GroupLag {
  readonly group: string
  readonly state: GroupView['state']
  readonly members: number
  readonly partitions: readonly PartitionLag[]
}

/** How far the groups of a workspace are behind; of more partitions than `lagPartitionsMax` nothing is said. */
export async function lagOf(
  broker: Broker,
  workspace: string,
  now: number,
): Promise<readonly GroupLag[]> {
  const groups = await broker.listGroups({ workspace })
  const lags: GroupLag[] = []
  let left: number = limits.lagPartitionsMax
  for (const { group, state, members } of groups) {
    if (left <= 0) break
    const found = await broker.committedOffsets({ workspace, group })
    const committed = found.filter(({ offset }) => offset >= 0).slice(0, left)
    left -= committed.length
    const partitions = await behind(broker, workspace, committed, now)
    lags.push({ group, state, members: members.length, partitions })
  }
  return lags
}

async function behind(
  broker: Broker,
  workspace: string,
  committed: readonly {
    readonly topic: string
    readonly index: number
    readonly offset: number
  }[],
  now: number,
): Promise<readonly PartitionLag[]> {
  const find = (kind: 'earliest' | 'latest') =>
    broker.findOffsets({
      workspace,
      committed: false,
      partitions: committed.map(({ topic, index }) => ({
        ...{ topic, index, question: { kind }, leaderEpoch: -1 },
      })),
    })
  const [starts, ends] = await Promise.all([find('earliest'), find('latest')])
  const lags: PartitionLag[] = []
  for (const [at, { topic, index, offset }] of committed.entries()) {
    const start = starts[at]
    const end = ends[at]
    // A topic may be gone whose offsets are still there.
    if (start?.ok !== true || end?.ok !== true) continue
    // Whoever is behind retention goes on where the partition begins.
    const next = Math.max(offset, start.offset)
    const records = Math.max(0, end.offset - next)
    const place = { topic, index, offset: next }
    const since = records === 0 ? undefined : await timeAt(broker, workspace, place)
    const ms = since === undefined ? 0 : Math.max(0, now - since)
    lags.push({ topic, index, committed: offset, end: end.offset, records, ms })
  }
  return lags
}

/** When the batch was made in which an offset lies. */
async function timeAt(
  broker: Broker,
  workspace: string,
  place: { readonly topic: string; readonly index: number; readonly offset: number },
): Promise<number | undefined> {
  const [answer] = await broker.fetch({
    workspace,
    ...{ waitMs: 0, bytesMin: 0, bytesMax: 1, committed: false },
    partitions: [{ ...place, bytesMax: 1, leaderEpoch: -1 }],
  })
  if (answer?.ok !== true || batchBytesAt(answer.bytes, 0) < 0) return undefined
  const { baseTimestamp } = readBatchHeader(answer.bytes, 0)
  return baseTimestamp < 0 ? undefined : baseTimestamp
}
