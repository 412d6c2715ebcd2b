import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Broker } from '../broker/broker.ts'
import { refuse, type BrokerRefusal } from '../broker/refusals.ts'
import { encodeBatch, type NewBatchRecord } from '../log/records.ts'
import { partitionOfKey } from './murmur2.ts'

/** A topic as a line of a list. */
export interface TopicRow {
  readonly name: string
  readonly partitions: number
  readonly records: number
  readonly bytes: number
}

/** A topic with all that there is to say about it. */
export interface TopicSheet {
  readonly name: string
  readonly partitions: readonly {
    readonly index: number
    /** The first offset that can be read. */
    readonly start: number
    /** The offset that the next record gets. */
    readonly end: number
    readonly bytes: number
  }[]
  /** What was set; everything else is as it is by default. */
  readonly settings: readonly { readonly name: string; readonly value: string }[]
}

/** A record to be published, as texts. */
export interface TextRecord {
  readonly key: string | null
  readonly value: string | null
  /** Absent: the one that belongs to the key; without a key, the first. */
  readonly partition?: number
}

/** What people ask of the wire, by screen and by command: about topics, without any protocol of programs. */
export interface Desk {
  topics(workspace: string): Promise<{ rows: readonly TopicRow[]; isCut: boolean }>
  topic(order: { workspace: string; name: string }): Promise<Result<TopicSheet, BrokerRefusal>>
  createTopic(order: {
    workspace: string
    name: string
    partitions?: number
    settings: readonly { name: string; value: string }[]
  }): Promise<Result<void, BrokerRefusal>>
  /** Durable when it resolves. Where each record lies, in their order. */
  publish(order: {
    workspace: string
    topic: string
    records: readonly TextRecord[]
  }): Promise<Result<readonly { partition: number; offset: number }[], BrokerRefusal>>
}

/** Answers over a broker. */
export function openDesk(broker: Broker, now: () => number): Desk {
  const topic: Desk['topic'] = async ({ workspace, name }) => {
    const [found] = await broker.describeTopics({ workspace, topics: [{ name }], create: false })
    if (found?.ok !== true) return refused(found?.refusal ?? { code: 'unknown_topic' })
    const sheet = await sheetOf(broker, workspace, found)
    const [settings] = await broker.describeSettings({ workspace, topics: [name] })
    const set = settings?.ok ? settings.settings.filter(({ isSet }) => isSet) : []
    return ok({ name, ...sheet, settings: set.map(({ name, value }) => ({ name, value })) })
  }
  return {
    topic,
    async topics(workspace) {
      const all = await broker.describeTopics({ workspace, create: false })
      const shown = all.filter((one) => one.ok).slice(0, limits.topicsShownMax)
      const rows: TopicRow[] = []
      for (const one of shown) {
        const { partitions } = await sheetOf(broker, workspace, one)
        rows.push({
          name: one.name,
          partitions: one.partitions,
          records: partitions.reduce((sum, { start, end }) => sum + end - start, 0),
          bytes: partitions.reduce((sum, { bytes }) => sum + bytes, 0),
        })
      }
      return { rows, isCut: all.length > shown.length }
    },
    async createTopic({ workspace, ...wanted }) {
      const order = { workspace, topics: [wanted], validateOnly: false }
      const [answer] = await broker.createTopics(order)
      return answer?.ok === true
        ? ok(undefined)
        : refused(answer?.refusal ?? { code: 'unknown_topic' })
    },
    async publish({ workspace, topic: name, records }) {
      const found = await topic({ workspace, name })
      if (!found.ok) return found
      return publish({ broker, now }, { workspace, sheet: found.value, records })
    },
  }
}

async function sheetOf(
  broker: Broker,
  workspace: string,
  { name, partitions: count }: { readonly name: string; readonly partitions: number },
): Promise<Pick<TopicSheet, 'partitions'>> {
  const places = Array.from({ length: count }, (_, index) => ({ topic: name, index }))
  const find = async (kind: 'earliest' | 'latest'): Promise<readonly number[]> => {
    const question = { kind, leaderEpoch: -1 }
    const partitions = places.map((place) => ({ ...place, question, leaderEpoch: -1 }))
    const answers = await broker.findOffsets({ workspace, committed: false, partitions })
    return answers.map((answer) => (answer.ok ? answer.offset : 0))
  }
  const [starts, ends] = await Promise.all([find('earliest'), find('latest')])
  const sizes = await broker.measurePartitions({ workspace, partitions: places })
  const bytesOf = new Map(sizes.map(({ index, bytes }) => [index, bytes] as const))
  const partitions = places.map(({ index }) => ({
    index,
    start: starts[index] ?? 0,
    end: ends[index] ?? 0,
    bytes: bytesOf.get(index) ?? 0,
  }))
  return { partitions }
}

/** One batch for each partition, in the order of the records. */
async function publish(
  { broker, now }: { readonly broker: Broker; readonly now: () => number },
  order: { workspace: string; sheet: TopicSheet; records: readonly TextRecord[] },
): Promise<Result<readonly { partition: number; offset: number }[], BrokerRefusal>> {
  const { workspace, sheet, records } = order
  const timestamp = now()
  const placed = records.map(({ key, value, partition }) => {
    const bytes = key === null ? null : Buffer.from(key)
    const count = sheet.partitions.length
    return {
      partition: partition ?? (bytes === null ? 0 : partitionOfKey(bytes, count)),
      record: { timestamp, key: bytes, value: value === null ? null : Buffer.from(value) },
    }
  })
  const groups = Map.groupBy(placed, ({ partition }) => partition)
  const batches = Array.from(groups, ([index, rows]) => {
    const all: readonly NewBatchRecord[] = rows.map(({ record }) => record)
    const batch = encodeBatch({ baseOffset: 0, leaderEpoch: -1, records: all })
    return { topic: sheet.name, index, batch }
  })
  const answers = await broker.produce({ workspace, acks: -1, batches })
  const next = new Map<number, number>()
  for (const answer of answers) {
    if (!answer.ok) return refuse(answer.refusal.code, answer.refusal.reason)
    next.set(answer.index, answer.first)
  }
  return ok(
    placed.map(({ partition }) => {
      const offset = next.get(partition) ?? -1
      next.set(partition, offset + 1)
      return { partition, offset }
    }),
  )
}
