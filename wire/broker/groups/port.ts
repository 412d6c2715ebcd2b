import type { Result } from '@fermata/base/result'
import type { PartitionRef } from '../records.port.ts'
import type { BrokerRefusal } from '../refusals.ts'

/** Which group of which workspace. */
export interface GroupRef {
  readonly workspace: string
  readonly group: string
}

/** What a member can be assigned by, in the order of its liking; what it says in `metadata` is opaque here. */
export interface MemberProtocol {
  readonly name: string
  readonly metadata: Uint8Array
}

/** Somebody who reads with a group. */
export interface MemberRef {
  /** Empty for somebody who has none yet. */
  readonly member: string
  /** A name that outlives its process (KIP-345). */
  readonly instance: string | null
}

/** A wish to read with a group. */
export interface JoinOrder extends GroupRef, MemberRef {
  readonly clientId: string
  readonly clientHost: string
  readonly sessionMs: number
  readonly rebalanceMs: number
  readonly protocolType: string
  readonly protocols: readonly MemberProtocol[]
  /** Whether one without an id is to come again with the id that it is given (KIP-394). */
  readonly needsId: boolean
  /** Whether a leader that comes back may be told to leave all assignments as they are (KIP-814). */
  readonly maySkip: boolean
}

/** What a member is told once all have joined. */
export interface Joined {
  readonly generation: number
  readonly protocolType: string
  readonly protocol: string
  readonly leader: string
  readonly member: string
  readonly skipAssignment: boolean
  /** For the leader alone: all members. */
  readonly members: readonly (MemberRef & { readonly metadata: Uint8Array })[]
}

/** Why a member does not join; with an id where it is to come again. */
export type JoinRefusal = BrokerRefusal & { readonly member?: string }

/** A member that waits for its assignment; the leader brings everybody's. */
export interface SyncOrder extends GroupRef, MemberRef {
  readonly generation: number
  /** Absent where the client is too old to say. */
  readonly protocolType: string | null
  readonly protocol: string | null
  readonly assignments: readonly { readonly member: string; readonly assignment: Uint8Array }[]
}

/** What a member is to read. */
export interface Synced {
  readonly protocolType: string
  readonly protocol: string
  readonly assignment: Uint8Array
}

/** In which state a group is, by the names that Kafka gives them. */
export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable' | 'Dead'

/** A group as it stands. */
export interface GroupView {
  readonly group: string
  readonly state: GroupState
  readonly protocolType: string
  readonly protocol: string
  /** Why nothing else of it is shown. */
  readonly refusal?: BrokerRefusal
  readonly members: readonly (MemberRef & {
    readonly clientId: string
    readonly clientHost: string
    readonly metadata: Uint8Array
    readonly assignment: Uint8Array
  })[]
}

/** An offset that a group has come to. */
export interface CommittedOffset {
  readonly offset: number
  /** What the client said of the epoch; -1 for nothing. */
  readonly epoch: number
  readonly metadata: string
}

/** A partition's part of a commit or of what is asked for. */
export type OffsetOutcome = PartitionRef & { readonly refusal?: BrokerRefusal }

/** What was committed; `offset` -1 for nothing. */
export type FoundOffset = PartitionRef &
  CommittedOffset & {
    /** A transaction that would change it is still open. */
    readonly isUnstable: boolean
    /** Why it is not told. */
    readonly refusal?: BrokerRefusal
  }

/** Who commits; a generation of -1 is somebody who is no member. */
export interface CommitOrder extends GroupRef, MemberRef {
  readonly generation: number
  readonly offsets: readonly (PartitionRef & CommittedOffset)[]
}

/** What can be done with groups. */
export interface GroupCalls {
  /** Waits until all members have joined, or had their time. */
  joinGroup(order: JoinOrder): Promise<Result<Joined, JoinRefusal>>
  /** Waits for the leader's word. */
  syncGroup(order: SyncOrder): Promise<Result<Synced, BrokerRefusal>>
  heartbeat(
    order: GroupRef & MemberRef & { readonly generation: number },
  ): Promise<Result<void, BrokerRefusal>>
  leaveGroup(
    order: GroupRef & { readonly members: readonly MemberRef[] },
  ): Promise<readonly (MemberRef & { readonly refusal?: BrokerRefusal })[]>
  listGroups(order: { readonly workspace: string }): Promise<readonly GroupView[]>
  /** Groups that are not there are `Dead`. */
  describeGroups(order: {
    readonly workspace: string
    readonly groups: readonly string[]
  }): Promise<readonly GroupView[]>
  /** Forgets groups without members, and their offsets. */
  deleteGroups(order: {
    readonly workspace: string
    readonly groups: readonly string[]
  }): Promise<readonly { readonly group: string; readonly refusal?: BrokerRefusal }[]>
  /** Durable when it resolves. */
  commitOffsets(order: CommitOrder): Promise<readonly OffsetOutcome[]>
  /** What was committed for some partitions, or for all of which anything was. */
  committedOffsets(
    order: GroupRef & { readonly partitions?: readonly PartitionRef[] },
  ): Promise<readonly FoundOffset[]>
  deleteOffsets(
    order: GroupRef & { readonly partitions: readonly PartitionRef[] },
  ): Promise<Result<readonly OffsetOutcome[], BrokerRefusal>>
}
