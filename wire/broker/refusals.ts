import { refused, type Refused } from '@fermata/base/result'
import type { LogRefusal } from '../log/store.ts'

/** Why the broker does not do what it was asked. Each face says every one of them in its own words. */
export type BrokerCode =
  // Topics and partitions.
  | 'unknown_topic'
  | 'unknown_partition'
  | 'invalid_topic'
  | 'topic_exists'
  | 'invalid_partitions'
  | 'invalid_replication'
  | 'invalid_assignment'
  | 'invalid_config'
  | 'invalid_request'
  /** Something else of the same order was refused. */
  | 'not_attempted'
  | 'policy'
  // Records.
  | 'invalid_acks'
  | 'corrupt_batch'
  | 'batch_too_large'
  | 'invalid_record'
  | 'offset_out_of_range'
  | 'unknown_leader_epoch'
  | 'fenced_leader_epoch'
  // Producers and transactions.
  | 'producer_fenced'
  | 'stale_producer_epoch'
  | 'out_of_order'
  | 'old_duplicate'
  | 'invalid_transaction_state'
  | 'unknown_producer'
  | 'invalid_transaction_timeout'
  | 'concurrent_transactions'
  // Groups.
  | 'invalid_group'
  | 'unknown_group'
  | 'unknown_member'
  | 'fenced_instance'
  | 'illegal_generation'
  | 'inconsistent_protocol'
  | 'rebalance_in_progress'
  | 'member_id_required'
  | 'invalid_session_timeout'
  | 'group_full'
  | 'group_not_empty'
  | 'group_subscribed'
  | 'metadata_too_large'
  // What somebody may not do with it, whether it is there or not.
  | 'topic_denied'
  | 'group_denied'
  | 'transaction_denied'
  | 'cluster_denied'
  // The log, or the broker as a whole.
  | 'storage'
  | 'overloaded'
  | 'ended'

/** A code, and what a person may read about it. */
export interface BrokerRefusal {
  readonly code: BrokerCode
  readonly reason?: string
  /** Of a batch: the places of the records that are the reason, where not all of them are. */
  readonly records?: readonly number[]
}

/** Refuses. */
export function refuse(code: BrokerCode, reason?: string): Refused<BrokerRefusal> {
  return refused(reason === undefined ? { code } : { code, reason })
}

/** What the log cannot do at the moment, in the broker's words. */
export function ofLog(refusal: LogRefusal | { readonly code: 'unknown_partition' }): BrokerRefusal {
  switch (refusal.code) {
    case 'disk_full':
    case 'files_exhausted':
    case 'disk_read_only':
      return { code: 'storage', reason: refusal.code }
    case 'too_much_waiting':
      return { code: 'overloaded', reason: refusal.code }
    case 'ended':
      return { code: 'ended', reason: refusal.reason }
    case 'unknown_partition':
      return { code: 'unknown_partition' }
  }
}
