import {
  describeUserScramCredentialsRequest,
  describeUserScramCredentialsResponse,
  alterUserScramCredentialsRequest,
  alterUserScramCredentialsResponse,
  describeClientQuotasRequest,
  describeClientQuotasResponse,
  alterClientQuotasRequest,
  alterClientQuotasResponse,
} from './messages/accounts.ts'
import {
  describeAclsRequest,
  describeAclsResponse,
  createAclsRequest,
  createAclsResponse,
  deleteAclsRequest,
  deleteAclsResponse,
} from './messages/acls.ts'
import {
  describeLogDirsRequest,
  describeLogDirsResponse,
  electLeadersRequest,
  electLeadersResponse,
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from './messages/brokers.ts'
import {
  describeConfigsRequest,
  describeConfigsResponse,
  alterConfigsRequest,
  alterConfigsResponse,
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from './messages/configs.ts'
import {
  consumerGroupHeartbeatRequest,
  consumerGroupHeartbeatResponse,
  consumerGroupDescribeRequest,
  consumerGroupDescribeResponse,
} from './messages/consumers.ts'
import { fetchRequest, fetchResponse } from './messages/fetch.ts'
import {
  joinGroupRequest,
  joinGroupResponse,
  syncGroupRequest,
  syncGroupResponse,
  heartbeatRequest,
  heartbeatResponse,
  leaveGroupRequest,
  leaveGroupResponse,
  describeGroupsRequest,
  describeGroupsResponse,
  listGroupsRequest,
  listGroupsResponse,
  deleteGroupsRequest,
  deleteGroupsResponse,
} from './messages/groups.ts'
import {
  apiVersionsRequest,
  apiVersionsResponse,
  metadataRequest,
  metadataResponse,
  findCoordinatorRequest,
  findCoordinatorResponse,
  describeClusterRequest,
  describeClusterResponse,
} from './messages/metadata.ts'
import {
  listOffsetsRequest,
  listOffsetsResponse,
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
  offsetCommitRequest,
  offsetCommitResponse,
  offsetFetchRequest,
  offsetFetchResponse,
  offsetDeleteRequest,
  offsetDeleteResponse,
} from './messages/offsets.ts'
import { produceRequest, produceResponse } from './messages/produce.ts'
import {
  saslHandshakeRequest,
  saslHandshakeResponse,
  saslAuthenticateRequest,
  saslAuthenticateResponse,
} from './messages/sasl.ts'
import {
  createTopicsRequest,
  createTopicsResponse,
  deleteTopicsRequest,
  deleteTopicsResponse,
  createPartitionsRequest,
  createPartitionsResponse,
  deleteRecordsRequest,
  deleteRecordsResponse,
} from './messages/topics.ts'
import {
  initProducerIdRequest,
  initProducerIdResponse,
  addPartitionsToTxnRequest,
  addPartitionsToTxnResponse,
  addOffsetsToTxnRequest,
  addOffsetsToTxnResponse,
  endTxnRequest,
  endTxnResponse,
  txnOffsetCommitRequest,
  txnOffsetCommitResponse,
  describeTransactionsRequest,
  describeTransactionsResponse,
  listTransactionsRequest,
  listTransactionsResponse,
  describeProducersRequest,
  describeProducersResponse,
} from './messages/transactions.ts'
import type { BodyOf, DraftOf, Message } from './declare.ts'
import { versionsOf, type Versions } from './versions.ts'

// Every API that the codec knows: its key, its two messages, and the versions of it that a server offers. What is declared
// and not offered is read and written all the same, so that a server may offer more without a word changed here.

/** An API: what is asked, and what is answered. */
export interface Api<Request extends Message = Message, Response extends Message = Message> {
  readonly key: number
  readonly request: Request
  readonly response: Response
  /** The versions that ApiVersions names; none where no server of ours answers yet. */
  readonly offered: Versions
}

function api<Request extends Message, Response extends Message>(
  key: number,
  request: Request,
  response: Response,
  offered: string,
): Api<Request, Response> {
  return { key, request, response, offered: versionsOf(offered) }
}

/** The APIs by their names, in the order of their keys. */
export const apis = {
  Produce: api(0, produceRequest, produceResponse, '0-11'),
  Fetch: api(1, fetchRequest, fetchResponse, '4-17'),
  ListOffsets: api(2, listOffsetsRequest, listOffsetsResponse, '1-9'),
  Metadata: api(3, metadataRequest, metadataResponse, '0-13'),
  OffsetCommit: api(8, offsetCommitRequest, offsetCommitResponse, '2-9'),
  OffsetFetch: api(9, offsetFetchRequest, offsetFetchResponse, '1-9'),
  FindCoordinator: api(10, findCoordinatorRequest, findCoordinatorResponse, '0-5'),
  JoinGroup: api(11, joinGroupRequest, joinGroupResponse, '0-9'),
  Heartbeat: api(12, heartbeatRequest, heartbeatResponse, '0-4'),
  LeaveGroup: api(13, leaveGroupRequest, leaveGroupResponse, '0-5'),
  SyncGroup: api(14, syncGroupRequest, syncGroupResponse, '0-5'),
  DescribeGroups: api(15, describeGroupsRequest, describeGroupsResponse, '0-5'),
  ListGroups: api(16, listGroupsRequest, listGroupsResponse, '0-5'),
  SaslHandshake: api(17, saslHandshakeRequest, saslHandshakeResponse, '0-1'),
  ApiVersions: api(18, apiVersionsRequest, apiVersionsResponse, '0-4'),
  CreateTopics: api(19, createTopicsRequest, createTopicsResponse, '0-7'),
  DeleteTopics: api(20, deleteTopicsRequest, deleteTopicsResponse, '0-6'),
  DeleteRecords: api(21, deleteRecordsRequest, deleteRecordsResponse, '0-2'),
  InitProducerId: api(22, initProducerIdRequest, initProducerIdResponse, '0-5'),
  OffsetForLeaderEpoch: api(23, offsetForLeaderEpochRequest, offsetForLeaderEpochResponse, '2-4'),
  AddPartitionsToTxn: api(24, addPartitionsToTxnRequest, addPartitionsToTxnResponse, '0-3'),
  AddOffsetsToTxn: api(25, addOffsetsToTxnRequest, addOffsetsToTxnResponse, '0-4'),
  EndTxn: api(26, endTxnRequest, endTxnResponse, '0-4'),
  TxnOffsetCommit: api(28, txnOffsetCommitRequest, txnOffsetCommitResponse, '0-4'),
  DescribeAcls: api(29, describeAclsRequest, describeAclsResponse, '0-3'),
  CreateAcls: api(30, createAclsRequest, createAclsResponse, '0-3'),
  DeleteAcls: api(31, deleteAclsRequest, deleteAclsResponse, '0-3'),
  DescribeConfigs: api(32, describeConfigsRequest, describeConfigsResponse, '0-4'),
  AlterConfigs: api(33, alterConfigsRequest, alterConfigsResponse, '0-2'),
  DescribeLogDirs: api(35, describeLogDirsRequest, describeLogDirsResponse, '1-4'),
  SaslAuthenticate: api(36, saslAuthenticateRequest, saslAuthenticateResponse, '0-2'),
  CreatePartitions: api(37, createPartitionsRequest, createPartitionsResponse, '0-3'),
  DeleteGroups: api(42, deleteGroupsRequest, deleteGroupsResponse, '0-2'),
  ElectLeaders: api(43, electLeadersRequest, electLeadersResponse, '0-2'),
  IncrementalAlterConfigs: api(
    44,
    incrementalAlterConfigsRequest,
    incrementalAlterConfigsResponse,
    '0-1',
  ),
  AlterPartitionReassignments: api(
    45,
    alterPartitionReassignmentsRequest,
    alterPartitionReassignmentsResponse,
    '0',
  ),
  ListPartitionReassignments: api(
    46,
    listPartitionReassignmentsRequest,
    listPartitionReassignmentsResponse,
    '0',
  ),
  OffsetDelete: api(47, offsetDeleteRequest, offsetDeleteResponse, '0'),
  DescribeClientQuotas: api(48, describeClientQuotasRequest, describeClientQuotasResponse, 'none'),
  AlterClientQuotas: api(49, alterClientQuotasRequest, alterClientQuotasResponse, 'none'),
  DescribeUserScramCredentials: api(
    50,
    describeUserScramCredentialsRequest,
    describeUserScramCredentialsResponse,
    'none',
  ),
  AlterUserScramCredentials: api(
    51,
    alterUserScramCredentialsRequest,
    alterUserScramCredentialsResponse,
    'none',
  ),
  DescribeCluster: api(60, describeClusterRequest, describeClusterResponse, '0-1'),
  DescribeProducers: api(61, describeProducersRequest, describeProducersResponse, '0'),
  DescribeTransactions: api(65, describeTransactionsRequest, describeTransactionsResponse, '0'),
  ListTransactions: api(66, listTransactionsRequest, listTransactionsResponse, '0-1'),
  ConsumerGroupHeartbeat: api(
    68,
    consumerGroupHeartbeatRequest,
    consumerGroupHeartbeatResponse,
    'none',
  ),
  ConsumerGroupDescribe: api(
    69,
    consumerGroupDescribeRequest,
    consumerGroupDescribeResponse,
    'none',
  ),
} as const

/** The name of an API. */
export type ApiName = keyof typeof apis

/** The names, in the order of their keys. */
export const apiNames = Object.keys(apis) as readonly ApiName[]

/** What is read of a request. */
export type RequestBody<Name extends ApiName> = BodyOf<(typeof apis)[Name]['request']>

/** What a request is written from. */
export type RequestDraft<Name extends ApiName> = DraftOf<(typeof apis)[Name]['request']>

/** What is read of a response. */
export type ResponseBody<Name extends ApiName> = BodyOf<(typeof apis)[Name]['response']>

/** What a response is written from. */
export type ResponseDraft<Name extends ApiName> = DraftOf<(typeof apis)[Name]['response']>

const byKey: ReadonlyMap<number, ApiName> = new Map(
  apiNames.map((name) => [apis[name].key, name] as const),
)

/** The name of the API with a key. */
export function apiOf(key: number): ApiName | undefined {
  return byKey.get(key)
}
