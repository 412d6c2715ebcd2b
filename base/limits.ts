/**
 * Every limit of the product, by name, units last. A refusal names the limit it met.
 * A limit is here and nowhere else, so that one page tells what Fermata takes.
 */
export const limits = {
  // What a request may bring.
  bodyBytesMax: 256 * 1024,
  bodyDepthMax: 16,
  /** From the first byte of a request to its last. */
  receiveMsMax: 30_000,
  headersMsMax: 10_000,
  keepAliveMs: 65_000,
  connectionsMax: 22_000,
  messageTextCharsMax: 20_000,
  subjectCharsMax: 200,
  nameCharsMax: 100,
  emailCharsMax: 254,
  reasonCharsMax: 300,
  purposeCharsMax: 250,
  /** Words of a message that may still be small talk. */
  smallTalkWordsMax: 6,
  /** A longer text is no small talk, whatever its signs are. */
  smallTalkCharsMax: 200,
  smallTalkWordCharsMax: 40,
  smallTalkWordsPerListMax: 300,
  smallTalkListsMax: 40,
  labelCharsMax: 40,
  labelsPerConversationMax: 20,
  shortcutCharsMax: 30,
  replyBodyCharsMax: 10_000,
  repliesPerMessageMax: 5,
  /** Of two conversations together that are merged, or of one that is split. */
  messagesRearrangedMax: 5_000,
  /** That are chosen one by one for a split. */
  messagesChosenMax: 200,
  /** Of one kind. */
  addressesPerContactMax: 20,
  contactsPerPersonMax: 50,
  passwordCharsMin: 10,
  passwordCharsMax: 128,
  greetingCharsMax: 500,
  originsPerInboxMax: 50,
  originCharsMax: 200,
  externalIdCharsMax: 200,
  identityTokenCharsMax: 4_096,
  pageTokenCharsMax: 512,

  // What one answer holds.
  pageRowsMax: 100,
  /** How many of the newest conversations of a channel are looked at to learn how many are unread. */
  unreadScanRowsMax: 100,
  pageRowsDefault: 50,
  countMax: 1_000,
  putAwayCountedMax: 500,
  previewCharsMax: 140,
  feedPageEventsMax: 500,
  editsPerMessageMax: 100,
  historyEventsMax: 200,
  lettersShownMax: 200,

  // What a server and a workspace hold.
  workspacesMax: 100,
  inboxesPerWorkspaceMax: 200,
  teamsPerWorkspaceMax: 200,
  channelsPerWorkspaceMax: 2_000,
  membersPerChannelMax: 5_000,
  /** Whoever is in a direct conversation, oneself included. */
  directMembersMax: 12,
  membersPerWorkspaceMax: 5_000,
  appsPerWorkspaceMax: 200,
  rolesPerWorkspaceMax: 50,
  invitationsPerWorkspaceMax: 500,
  tokensPerAppMax: 5,
  participantsPerConversationMax: 100,
  /** Conversations to which one thing is done at once. */
  bulkConversationsMax: 200,
  /** Of them, how many are written at the same time. */
  bulkAtOnceMax: 10,
  /** For how long it can be repeated and undone. */
  bulkKnownMs: 24 * 3_600_000,
  labelsPerWorkspaceMax: 300,
  repliesSharedMax: 500,
  repliesPerMemberMax: 200,
  /** For how long a removed reply may come back. */
  replyRemovedMs: 24 * 3_600_000,

  // How far times may lie ahead.
  /** What fits into the 48 bits of a UUIDv7, less a millisecond: the year 10889. */
  timeMsMax: 2 ** 48 - 2,
  pauseMsMax: 366 * 24 * 3_600_000,
  answerMinutesMax: 30 * 24 * 60,

  // Leases.
  leaseMsDefault: 8 * 3_600_000,
  leaseMsMin: 1_000,
  /** How short and how long the leases of a team may be. */
  teamLeaseMsMin: 5 * 60_000,
  teamLeaseMsMax: 7 * 24 * 3_600_000,
  leaseMsMax: 7 * 24 * 3_600_000,
  /** What an act must gain for a lease to be renewed by it. */
  leaseRenewMsMin: 60_000,
  leasesPerMemberMax: 50,
  leasesPerAppMax: 1_000,
  handOverCharsMax: 1_000,
  holdingsShownMax: 100,
  nextWaitMsMax: 25_000,
  /** Requests for the next conversation that wait, in one process. */
  nextWaitersMax: 5_000,

  // The feed.
  feedEventsKeptMax: 1_000_000,
  feedTrimEventsPerStep: 5_000,
  keepingMs: 600_000,
  heartbeatMs: 15_000,
  catchUpBufferedBytesMax: 256 * 1024,
  catchUpLookMs: 20,
  catchUpMsMax: 30_000,
  heartbeatsPerRecheck: 4,
  pingMs: 30_000,
  socketsPerActorMax: 50,
  socketsMax: 20_000,
  socketBufferedBytesMax: 1024 * 1024,
  socketFrameBytesMax: 16 * 1024,
  presenceMs: 10_000,

  // Storage.
  walBytesAwake: 1024 * 1024, // from here on the thread is there that makes it shorter
  walBytesSoftMax: 8 * 1024 * 1024,
  walBytesHardMax: 64 * 1024 * 1024,
  walFileBytesKeptMax: 32 * 1024 * 1024,
  walRestartWaitMs: 20,
  walRetryMs: 1_000,
  readTransactionMsMax: 5_000,
  /** Reads one after the other before whatever else has come is looked at. */
  readTurnMsMax: 3,
  writeBatchActionsMax: 256,
  writeQueueActionsMax: 10_000,
  preparedStatementsMax: 1_000,
  kyselyStatementsMax: 200,
  databaseBusyMs: 1_000,
  kyselyTransactionMsMax: 2_000,
  postgresConnectionsMax: 16,
  postgresConnectMsMax: 10_000,
  postgresAttemptsMax: 10,
  postgresReconnectMs: 500,
  postgresHeadsPollMs: 5_000,

  // Files.
  fileBytesMax: 256 * 1024 * 1024,
  fileBytesOfContactMax: 32 * 1024 * 1024,
  fileBytesPerWorkspaceMax: 50 * 1024 * 1024 * 1024,
  /** How full that room may be for a visitor to announce more: the rest is the members’. */
  fileRoomOfContactsPercentMax: 80,
  fileNameCharsMax: 150,
  filesPerMessageMax: 10,
  /** Files of somebody that no message carries yet, open uploads among them. */
  filesUnsentPerActorMax: 30,
  /** From the last byte that came to when a file that no message carries is forgotten. */
  fileUnsentMs: 24 * 3_600_000,
  filesErasedPerStep: 100,
  fileReadsAtOnceMax: 1_000,
  /** What is held in memory of an upload to an object store at once, and the size of its parts. */
  objectPartBytes: 8 * 1024 * 1024,
  objectRequestMsMax: 60_000,
  pictureBytesMax: 32 * 1024 * 1024,
  picturePixelsMax: 60_000_000,
  picturesWaitingMax: 32,
  pictureMsMax: 10_000,
  pictureIdleMs: 30_000,
  pictureHeapBytesMax: 128 * 1024 * 1024,
  /** The longer side of a thumbnail. */
  thumbnailPixelsMax: 480,

  // What is written and not yet said.
  draftsPerMemberMax: 500,
  /** How long after its writer's last change a shared draft is theirs alone. */
  draftEditorMs: 60_000,
  scheduledPerActorMax: 500,
  scheduledAheadMsMax: 366 * 24 * 3_600_000,
  /** How late a scheduled message is still sent, when the server was down or its clock was set. */
  scheduledLateMsMax: 24 * 3_600_000,
  /** How long it is known what a scheduled message became. */
  scheduledKnownMs: 30 * 24 * 3_600_000,
  scheduledPerStep: 500,

  // The schedule.
  timersPerStep: 100,
  scheduleLookMsMax: 30_000,

  // Sessions and tokens.
  sessionMsMax: 30 * 24 * 3_600_000,
  authenticationCacheEntriesMax: 50_000,
  authenticationCacheMs: 1_000,
  sessionsPerMemberMax: 50,
  workspacesPerEmailMax: 5,
  agentCharsMax: 400,
  passwordHashesAtOnceMax: 2,
  passwordHashesWaitingMax: 100,
  setupLinkMs: 24 * 3_600_000,
  resetMs: 24 * 3_600_000,
  recoveryCodes: 10,
  secondFactorCodeCharsMax: 40,
  invitationMs: 7 * 24 * 3_600_000,
  tokenOverlapMsDefault: 24 * 3_600_000,
  tokenOverlapMsMax: 30 * 24 * 3_600_000,
  identityTokenMsMax: 24 * 3_600_000,

  // How often (each is a count within a window, per key named beside it).
  signInsPerEmailMax: 10,
  signInsPerAddressMax: 30,
  signInWindowMs: 180_000,
  codesPerMemberMax: 5,
  codeWindowMs: 900_000,
  resetsPerEmailMax: 3,
  resetsPerAddressMax: 20,
  resetWindowMs: 3_600_000,
  invitationsPerActorMax: 60,
  invitationWindowMs: 3_600_000,
  sendsPerContactMax: 30,
  sendsPerActorMax: 1_200,
  sendWindowMs: 60_000,
  visitorsPerAddressMax: 60,
  visitorWindowMs: 60_000,
  requestsPerActorMax: 6_000,
  requestsPerAddressMax: 600,
  requestWindowMs: 60_000,
  rateKeysMax: 100_000,

  // The client: requests, the feed, the outbox and the live model.
  requestMsMax: 30_000,
  requestAttemptsMax: 5,
  retryMsFirst: 250,
  retryMsMax: 30_000,
  retryAfterMsMax: 60_000,
  feedConnectMsMax: 15_000,
  feedSilenceMsMax: 37_500,
  streamLineCharsMax: 64 * 1024 * 1024,
  outboxEntriesMax: 1_000,
  outboxSendsAtOnceMax: 4,
  recentEventsMax: 2_000,
  threadsHeldMax: 50,
  windowsHeldMax: 20,
  shownNamesMax: 1_000,
  strangersAtOnceMax: 8,
  rowsHeldMax: 5_000,
  windowRowsRefetchedMax: 500,
  countsMsMin: 1_000,
  guessMsMax: 10_000,

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

  // Stopping.
  drainMsMax: 10_000,
} as const

/** The name of a limit. */
export type LimitName = keyof typeof limits
