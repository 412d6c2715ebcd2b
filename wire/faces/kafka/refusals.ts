import type { BrokerCode, BrokerRefusal } from '../../broker/refusals.ts'
import { errorCodes } from './errors.ts'

// How the broker's refusals are said in Kafka's words. A new one does not compile until it has its word here.
const errorOf: Readonly<Record<BrokerCode, keyof typeof errorCodes>> = {
  unknown_topic: 'UNKNOWN_TOPIC_OR_PARTITION',
  unknown_partition: 'UNKNOWN_TOPIC_OR_PARTITION',
  invalid_topic: 'INVALID_TOPIC_EXCEPTION',
  topic_exists: 'TOPIC_ALREADY_EXISTS',
  invalid_partitions: 'INVALID_PARTITIONS',
  invalid_replication: 'INVALID_REPLICATION_FACTOR',
  invalid_assignment: 'INVALID_REPLICA_ASSIGNMENT',
  invalid_config: 'INVALID_CONFIG',
  invalid_request: 'INVALID_REQUEST',
  not_attempted: 'OPERATION_NOT_ATTEMPTED',
  policy: 'POLICY_VIOLATION',
  invalid_acks: 'INVALID_REQUIRED_ACKS',
  corrupt_batch: 'CORRUPT_MESSAGE',
  batch_too_large: 'MESSAGE_TOO_LARGE',
  invalid_record: 'INVALID_RECORD',
  offset_out_of_range: 'OFFSET_OUT_OF_RANGE',
  unknown_leader_epoch: 'UNKNOWN_LEADER_EPOCH',
  fenced_leader_epoch: 'FENCED_LEADER_EPOCH',
  producer_fenced: 'PRODUCER_FENCED',
  stale_producer_epoch: 'INVALID_PRODUCER_EPOCH',
  out_of_order: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
  old_duplicate: 'DUPLICATE_SEQUENCE_NUMBER',
  invalid_transaction_state: 'INVALID_TXN_STATE',
  unknown_producer: 'INVALID_PRODUCER_ID_MAPPING',
  invalid_transaction_timeout: 'INVALID_TRANSACTION_TIMEOUT',
  concurrent_transactions: 'CONCURRENT_TRANSACTIONS',
  invalid_group: 'INVALID_GROUP_ID',
  unknown_group: 'GROUP_ID_NOT_FOUND',
  unknown_member: 'UNKNOWN_MEMBER_ID',
  fenced_instance: 'FENCED_INSTANCE_ID',
  illegal_generation: 'ILLEGAL_GENERATION',
  inconsistent_protocol: 'INCONSISTENT_GROUP_PROTOCOL',
  rebalance_in_progress: 'REBALANCE_IN_PROGRESS',
  member_id_required: 'MEMBER_ID_REQUIRED',
  invalid_session_timeout: 'INVALID_SESSION_TIMEOUT',
  group_full: 'GROUP_MAX_SIZE_REACHED',
  group_not_empty: 'NON_EMPTY_GROUP',
  group_subscribed: 'GROUP_SUBSCRIBED_TO_TOPIC',
  metadata_too_large: 'OFFSET_METADATA_TOO_LARGE',
  topic_denied: 'TOPIC_AUTHORIZATION_FAILED',
  group_denied: 'GROUP_AUTHORIZATION_FAILED',
  transaction_denied: 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  cluster_denied: 'CLUSTER_AUTHORIZATION_FAILED',
  // Clients try these three again; the second tells them that nothing was taken.
  storage: 'KAFKA_STORAGE_ERROR',
  overloaded: 'NOT_ENOUGH_REPLICAS',
  ended: 'NOT_LEADER_OR_FOLLOWER',
}

/** The number of a refusal. */
export function errorCodeOf({ code }: BrokerRefusal): number {
  return errorCodes[errorOf[code]]
}
