import { Type, type Static } from 'typebox'
import { limits } from '@fermata/base/limits'
import { closed, nullable, oneOf, time } from './shapes.schema.ts'

const count = Type.Integer({ minimum: 0 })

/** The name of a topic. */
export const topicName = Type.String({
  minLength: 1,
  maxLength: limits.topicNameCharsMax,
  pattern: '^[a-zA-Z0-9._-]+$',
})

const partitionIndex = Type.Integer({ minimum: 0, maximum: limits.partitionsPerTopicMax - 1 })

/** A topic as a line of a list. */
export const topicRow = closed({ name: topicName, partitions: count, records: count, bytes: count })
export type TopicRow = Static<typeof topicRow>

const setting = closed({
  name: Type.String({ maxLength: 100 }),
  value: Type.String({ maxLength: 100 }),
})

/** A topic with its partitions; of its settings, those that were set. */
export const topicView = closed({
  name: topicName,
  partitions: Type.Array(closed({ index: partitionIndex, start: count, end: count, bytes: count })),
  settings: Type.Array(setting),
})
export type TopicView = Static<typeof topicView>

export const topicBody = closed({
  name: topicName,
  partitions: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.partitionsPerTopicMax })),
  settings: Type.Optional(Type.Array(setting, { maxItems: 50 })),
})

const text = nullable(Type.String({ maxLength: limits.bodyBytesMax }))

/** Records to be published, as texts. */
export const recordsBody = closed({
  records: Type.Array(
    closed({
      key: Type.Optional(text),
      value: text,
      partition: Type.Optional(partitionIndex),
    }),
    { minItems: 1, maxItems: limits.publishRecordsMax },
  ),
})

/** Where records lie, in their order. */
export const publishedView = closed({
  rows: Type.Array(closed({ partition: partitionIndex, offset: count })),
})

/** A key or a value: as text, or as the hexadecimal digits of its first bytes. */
const shown = nullable(
  closed({
    kind: oneOf(['text', 'hex']),
    text: Type.String(),
    bytes: count,
    isCut: Type.Boolean(),
  }),
)

export const recordView = closed({
  offset: count,
  at: nullable(time),
  key: shown,
  value: shown,
  headers: Type.Array(closed({ key: Type.String(), value: shown })),
})
export type RecordView = Static<typeof recordView>

/** Which records are read: from an offset on, or without one the last. */
export const recordsQuery = Type.Partial(
  closed({
    partition: partitionIndex,
    offset: count,
    limit: Type.Integer({ minimum: 1, maximum: limits.peekRowsMax }),
  }),
  { additionalProperties: false },
)

/** Some records of a partition; `next` is the offset to go on with. */
export const recordsView = closed({
  rows: Type.Array(recordView),
  start: count,
  end: count,
  next: count,
})

/** A group that reads, and how far it is behind in each topic: records, and the age of the oldest in ms. */
export const groupView = closed({
  group: Type.String(),
  state: Type.String(),
  members: count,
  topics: Type.Array(closed({ topic: topicName, records: count, ms: count })),
})
export type GroupView = Static<typeof groupView>
