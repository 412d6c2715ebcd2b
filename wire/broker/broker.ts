import type { GroupCalls } from './groups/port.ts'
import type { RecordCalls } from './records.port.ts'
import type { TopicCalls } from './topics.port.ts'
import type { TransactionCalls } from './transactions/port.ts'

/**
 * What programs say to each other goes through here: topics, records, groups of readers, transactions. What
 * it is asked and what it answers is plain data, so that another thread may stand on either side. Done means
 * on disk; whatever cannot be done is answered, and leaves everything as it was.
 */
export interface Broker extends TopicCalls, RecordCalls, GroupCalls, TransactionCalls {
  /** A name that the broker was given when it was made, and keeps. */
  readonly clusterId: string
  /** Lets go of everything but the log. Whoever waits is answered. */
  close(): void
}
