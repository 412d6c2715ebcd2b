import { wireLimits } from './limits.wire.ts'

/**
 * Every limit of the product, by name, units last. A refusal names the limit it met.
 * A limit is here, or where the wire's are, and nowhere else, so that two pages tell what Fermata takes.
 */
export const limits = {
  ...wireLimits,

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

  // Stopping.
  drainMsMax: 10_000,
} as const

/** The name of a limit. */
export type LimitName = keyof typeof limits
