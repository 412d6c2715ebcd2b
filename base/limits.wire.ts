/** The limits of the wire: the log, the broker, and those whom it serves. They are used as parts of `limits`. */
export const wireLimits = {
  // The log.
  /** What the compressed records of one batch may hold. */
  batchDecompressedBytesMax: 64 * 1024 * 1024,
  /** The records of one batch, and their headers, that are held at once. */
  batchRecordsDecodedMax: 1_000_000,
  /** Of the records of a batch that are not taken, those that are named. */
  batchFaultsNamedMax: 1_000,
  producersPerPartitionMax: 5_000,
  openTransactionsPerPartitionMax: 1_000,
  abortedTransactionsPerPartitionMax: 250_000,
  producerStateMs: 24 * 3_600_000,
  cursorsPerPartitionMax: 1_000,
  partitionNameCharsMax: 200,
  /** Places, over all that wait. */
  wireWaitersMax: 100_000,
  /** How often the log looks for segments to close, to drop and to compact where nothing else calls for it. */
  wireCaretakerMs: 30_000,
  /** Keys of one round of compaction; a partition with more is done in several rounds. */
  compactionKeysMax: 1_000_000,

  // How large the parts of the log are.
  wireJournalFileBytes: 32 * 1024 * 1024,
  wireJournalFilesMax: 16,
  wireArenaBytes: 4 * 1024 * 1024,
  wireArenasBytesMax: 64 * 1024 * 1024,
  wireWaitingBytesMax: 32 * 1024 * 1024,
  wireCheckpointBytes: 64 * 1024 * 1024,
  wireCheckpointBytesPerPartition: 128 * 1024,
  wireCopyBytes: 1024 * 1024,
  wireIndexEveryBytes: 64 * 1024,
  wireIndexesMax: 1_000,
  wireFilesMax: 2_048,
  wireBatchBytesMax: 16 * 1024 * 1024,
  wireBatchBytesDefault: 1024 * 1024,
  wireSegmentBytes: 128 * 1024 * 1024,
  wireSegmentMs: 7 * 24 * 3_600_000,
  wireRetryMs: 1_000,
  wireBackgroundBytesPerSecond: 64 * 1024 * 1024,
  wireBackgroundBurstBytes: 32 * 1024 * 1024,
  partitionsMax: 20_000,

  // The broker.
  topicNameCharsMax: 249,
  topicsPerWorkspaceMax: 10_000,
  partitionsPerTopicMax: 1_000,
  /** Of one call that makes partitions, over all its topics. */
  partitionsPerCallMax: 2_000,
  /** What is asked of the log at once when many partitions are made or deleted. */
  partitionChangesAtOnceMax: 64,
  topicConfigCharsMax: 1_000,
  segmentBytesMin: 64 * 1024,
  /** One record of what the broker knows of itself: a topic, a group, a transaction. */
  ledgerRecordBytesMax: 8 * 1024 * 1024,
  ledgerReadBytes: 4 * 1024 * 1024,
  /** Time at once for batches that must be unpacked before they are taken; over time it is a half of all. */
  unpackMsMax: 200,
  fetchBytesMax: 16 * 1024 * 1024,
  fetchWaitMsMax: 60_000,
  /** What is held for a reader that waits for more; with so much it is answered, however much it wants. */
  fetchBytesHeldMax: 64 * 1024,
  /** Readers whose records are read at the same time, and so are in memory before anybody takes them. */
  fetchReadsAtOnceMax: 16,
  /** What is read before it is asked for, for all readers together, and from what an answer's size on. */
  fetchAheadBytesTotalMax: 16 * 1024 * 1024,
  fetchAheadBytesMin: 128 * 1024,
  fetchPartitionsMax: 10_000,
  /** Partitions in which a time is looked for at once; batches of each that are unpacked in vain before headers are believed. */
  timeSearchesAtOnceMax: 16,
  timeSearchVainMax: 4,
  groupsPerWorkspaceMax: 10_000,
  groupMembersMax: 2_000,
  groupIdCharsMax: 1_000,
  /** What a member says of itself and is assigned, each. */
  groupMemberBytesMax: 1024 * 1024,
  groupProtocolsMax: 50,
  /** What is held of all groups; how often it is counted where it seems to be too much. */
  groupsBytesMax: 128 * 1024 * 1024,
  groupsCountMs: 200,
  groupSessionMsMin: 6_000,
  groupSessionMsMax: 1_800_000,
  offsetMetadataBytesMax: 4_096,
  offsetsPerGroupMax: 100_000,
  /** How long the offsets of a group without members are kept. */
  groupOffsetsMs: 7 * 24 * 3_600_000,
  groupLookMs: 3_600_000,
  transactionIdCharsMax: 1_000,
  transactionIdsPerWorkspaceMax: 10_000,
  transactionPartitionsMax: 4_000,
  /** Of all transactions that are open together; one that writes to few is not counted. */
  transactionPartitionsTotalMax: 1_000_000,
  transactionPartitionsPerWorkspaceMax: 500_000,
  transactionPartitionsUncounted: 100,
  transactionGroupsMax: 100,
  transactionMsMax: 900_000,
  transactionRetryMs: 500,
  /** How long an id without an open transaction is known. */
  transactionIdMs: 7 * 24 * 3_600_000,
  transactionLookMs: 3_600_000,
  /** Producers' ids that are taken from the log at once; those that are left over at a stop are never given. */
  producerIdsPerStep: 1_000,

  // The Kafka face.
  /** What Apache Kafka itself takes unless it is told otherwise. */
  kafkaFrameBytesMax: 100 * 1024 * 1024,
  /** Of whoever has not said who they are where they must. */
  kafkaFrameBytesOfStrangersMax: 64 * 1024,
  kafkaStrangerMsMax: 10_000,
  /** How often strangers of one address may try to prove it; whoever tries more often waits. */
  kafkaSignInsAtOnceMax: 1_000,
  kafkaSignInsPerSecondMax: 50,
  /** How often it is asked whether who is there may still be there. */
  kafkaIdentitiesMs: 400,
  /** Elements of all arrays of one frame, so that a small frame makes no large heap. */
  kafkaElementsMax: 100_000,
  /** Requests of one connection that were read and not answered. */
  kafkaRequestsWaitingMax: 64,
  /** Their bytes; a request that is larger waits alone. */
  kafkaRequestBytesWaitingMax: 4 * 1024 * 1024,
  /** Answers of one connection that its client has not taken; no more requests are begun meanwhile. */
  kafkaUnsentBytesMax: 1024 * 1024,
  /** The same over all connections; then the one goes that has taken nothing for the longest. */
  kafkaUnsentBytesTotalMax: 128 * 1024 * 1024,
  /** What has come of requests that were not answered, over all connections; then the one goes that has sent the most. */
  kafkaReceivedBytesTotalMax: 256 * 1024 * 1024,
  /** A connection whose client takes nothing for so long is closed, and one without requests. */
  kafkaStuckMsMax: 60_000,
  kafkaIdleMsMax: 600_000,
  kafkaLookMs: 10_000,
  /** When there are so many, one goes for a new one: of somebody who has not said who they are, or of who has the most. */
  kafkaConnectionsMax: 5_000,
  /** Of those besides who have not come to an encrypted connection yet; then the one goes that has taken the longest. */
  kafkaHandshakesMax: 1_000,
  topicsShownMax: 1_000,
  /** What people see of records at once, of one value, and of one that is no text. */
  peekRowsMax: 100,
  peekBytesMax: 1024 * 1024,
  peekValueBytesMax: 16 * 1024,
  peekHexBytesMax: 256,
  publishRecordsMax: 100,
  /** How often it is looked whether a certificate was renewed. */
  certificateLookMs: 1_000,
  /** What all connections of one app together may bring and take. */
  kafkaAppBytesInPerSecond: 64 * 1024 * 1024,
  kafkaAppBytesOutPerSecond: 128 * 1024 * 1024,
  /** How long requests that have begun are waited for when the server stops. */
  kafkaFinishMsMax: 1_500,
  /** Of so many partitions it is told how far groups are behind. */
  lagPartitionsMax: 1_000,
} as const
