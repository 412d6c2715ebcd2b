import type { PartitionRef } from './records.port.ts'
import type { BrokerRefusal } from './refusals.ts'
import type { SettingKind } from './settings.ts'

/** A topic by its name, or by its id where there is one. */
export interface TopicRef {
  readonly name?: string
  readonly id?: string
}

/** A topic as it stands. */
export interface TopicView {
  readonly id: string
  readonly name: string
  readonly partitions: number
}

/** What became of one topic of an order; the name is what was asked for where there is no topic. */
export type TopicAnswer =
  | ({ readonly ok: true } & TopicView)
  | { readonly ok: false; readonly asked: TopicRef; readonly refusal: BrokerRefusal }

/** A topic to be made. */
export interface NewTopic {
  readonly name: string
  /** Absent: as many as the broker is set up to give. */
  readonly partitions?: number
  /** Absent: the only number there really is, 1. */
  readonly replicas?: number
  readonly settings: readonly { readonly name: string; readonly value: string | null }[]
}

/** One change of a topic's settings. */
export interface SettingChange {
  readonly name: string
  readonly kind: 'set' | 'delete' | 'append' | 'subtract'
  readonly value: string | null
}

/** A setting as it stands. */
export interface SettingView {
  readonly name: string
  readonly value: string
  readonly default: string
  readonly isSet: boolean
  readonly kind: SettingKind
  readonly brokerName: string
  readonly about: string
}

/** What became of a topic whose settings were asked for or changed. */
export type SettingsAnswer =
  | { readonly ok: true; readonly name: string; readonly settings: readonly SettingView[] }
  | { readonly ok: false; readonly name: string; readonly refusal: BrokerRefusal }

/** What can be asked about topics, and done with them. Each workspace has its own names. */
export interface TopicCalls {
  /** All of a workspace by name, or those that are asked for in their order; `create` makes what is missing, if that is allowed. */
  describeTopics(order: {
    readonly workspace: string
    readonly topics?: readonly TopicRef[]
    readonly create: boolean
  }): Promise<readonly TopicAnswer[]>
  /** Durable when it resolves. With `validateOnly` nothing is made. */
  createTopics(order: {
    readonly workspace: string
    readonly topics: readonly NewTopic[]
    readonly validateOnly: boolean
  }): Promise<readonly TopicAnswer[]>
  /** Deletes topics with all that they hold; durable when it resolves. */
  deleteTopics(order: {
    readonly workspace: string
    readonly topics: readonly TopicRef[]
  }): Promise<readonly TopicAnswer[]>
  /** Makes as many partitions as are missing to `count`. */
  addPartitions(order: {
    readonly workspace: string
    readonly topics: readonly { readonly name: string; readonly count: number }[]
    readonly validateOnly: boolean
  }): Promise<readonly TopicAnswer[]>
  /** How many bytes partitions hold, all of a workspace or those that are asked for; of what is not there nothing is said. */
  measurePartitions(order: {
    readonly workspace: string
    readonly partitions?: readonly PartitionRef[]
  }): Promise<readonly (PartitionRef & { readonly bytes: number })[]>
  describeSettings(order: {
    readonly workspace: string
    readonly topics: readonly string[]
  }): Promise<readonly SettingsAnswer[]>
  /** Changes settings; with `isWhole` all others go back to their defaults. */
  alterSettings(order: {
    readonly workspace: string
    readonly topics: readonly {
      readonly name: string
      readonly changes: readonly SettingChange[]
    }[]
    readonly isWhole: boolean
    readonly validateOnly: boolean
  }): Promise<readonly SettingsAnswer[]>
}
