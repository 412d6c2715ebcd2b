// The door of the published package. Inside this repository everybody imports the single files.

export type { MemberView, MeView } from '@fermata/contract/accounts.schema'
export type { Scope } from '@fermata/contract/actors'
export type { ContactView } from '@fermata/contract/contacts.schema'
export type {
  Author,
  ConversationRow,
  MessageView,
  MineView,
} from '@fermata/contract/conversations.schema'
export { errors, type ErrorCode, type Refusal } from '@fermata/contract/errors'
export type { AnyEvent, EventType, FeedEvent, Presence } from '@fermata/contract/events.schema'
export { inList, owed, putAway, unread } from '@fermata/contract/lists'
export type { FileView } from '@fermata/contract/files.schema'
export type { InboxView } from '@fermata/contract/places.schema'
export { routes, type RouteName } from '@fermata/contract/routes'
export type { Answer, Call } from '@fermata/contract/routes.schema'
export {
  windowName,
  type State,
  type Thread,
  type Window,
  type WindowKey,
} from '@fermata/contract/state'
export type { TeamView } from '@fermata/contract/teams.schema'
export {
  ConnectionFailed,
  createClient,
  type CallOptions,
  type Client,
  type ClientOptions,
  type Input,
} from './client.ts'
export type { FeedState, Following, FollowOptions, Transport } from './feed.ts'
export {
  createOutbox,
  memoryStorage,
  type Entry,
  type Outbox,
  type OutboxOptions,
  type OutboxStorage,
} from './outbox.ts'
export {
  createStore,
  type Counts,
  type Guess,
  type Load,
  type Model,
  type Pending,
  type Store,
} from './store.ts'
export { fileAddress, readFile, uploadFile, type Source, type UploadOptions } from './upload.ts'
export {
  createUploads,
  type Attachment,
  type KeptUpload,
  type Uploads,
  type UploadStorage,
} from './uploads.ts'
