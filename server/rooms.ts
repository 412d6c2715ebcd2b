import type { Clock } from '@fermata/base/clock'
import { idsFrom, uuidv7Generator, type FillRandom } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { accessRoute, rateLimiter, type Keys } from '@fermata/people/access/index'
import { auditHandlers, auditMigrations } from '@fermata/people/audit/index'
import {
  accountsMigrations,
  accountsRoom,
  type AccountsDeps,
  type AccountsRoom,
} from '@fermata/people/accounts/index'
import { contactsMigrations, contactsRoom, visitorTokens } from '@fermata/people/contacts/index'
import {
  conversationMigrations,
  conversationsRoom,
  type ConversationsRoom,
} from '@fermata/people/conversations/index'
import {
  draftsComeBack,
  draftsFollow,
  draftsMigrations,
  draftsRoom,
  type DraftsRoom,
} from '@fermata/people/drafts/index'
import { feedHandlers, feedHub, type FeedHub } from '@fermata/people/feed/index'
import {
  filesMigrations,
  type Blobs,
  type FilesRoom,
  type Pictures,
} from '@fermata/people/files/index'
import { leasesMigrations } from '@fermata/people/leases/index'
import {
  placesMigrations,
  placesRoom,
  firstWidgetPage,
  teamSeesInbox,
  widgetInbox,
  widgetPage,
  type PlacesRoom,
} from '@fermata/people/places/index'
import { schedule, scheduleMigrations, type Schedule } from '@fermata/people/schedule/index'
import { labelsHandlers, labelsMigrations } from '@fermata/people/labels/index'
import { repliesHandlers, repliesMigrations } from '@fermata/people/replies/index'
import { smallTalkHandlers, smallTalkMigrations } from '@fermata/people/small-talk/index'
import { teamsMigrations, teamsRoom } from '@fermata/people/teams/index'
import type { Migration, Storage } from '@fermata/storage/port'
import type { Doors } from './http/ports.ts'
import type { WidgetInboxes } from './pages/widget.ts'
import { openFiles } from './rooms.files.ts'
import { knownOf, nowSource } from './rooms.now.ts'
import { topicsHandlers } from './topics.ts'
import type { WireDesk } from './wire.ts'

/** The steps of the schema, room by room in their order. */
export const migrations: readonly Migration[] = [
  ...auditMigrations,
  ...accountsMigrations,
  ...scheduleMigrations,
  ...filesMigrations,
  ...teamsMigrations,
  ...contactsMigrations,
  ...placesMigrations,
  ...leasesMigrations,
  ...smallTalkMigrations,
  ...labelsMigrations,
  ...repliesMigrations,
  ...conversationMigrations,
  ...draftsMigrations,
]

/** What the rooms are built from. */
export interface RoomsDeps {
  readonly storage: Storage
  readonly keys: Keys
  readonly clock: Clock
  readonly random: FillRandom
  /** Where the bytes of files lie. */
  readonly blobs: Blobs
  readonly pictures: Pictures
  /** What programs say to each other, for those who look at it. */
  readonly wire: WireDesk
  /** Hears of work in the background that failed, and what it was. */
  readonly failed: (what: string, error: unknown) => void
}

/** The rooms, put together. */
export interface Rooms extends Doors {
  readonly feed: FeedHub
  readonly accounts: AccountsRoom
  readonly places: PlacesRoom
  readonly files: FilesRoom
  readonly conversations: ConversationsRoom
  readonly drafts: DraftsRoom
  readonly schedule: Schedule
  readonly widgets: WidgetInboxes
}

/** How often somebody may try to get in, or let somebody in. */
function accountRates(
  clock: Clock,
): Pick<AccountsDeps, 'signIns' | 'codes' | 'resets' | 'invitations'> {
  const atMost = (max: number, windowMs: number) =>
    rateLimiter({ clock, max, windowMs, keysMax: limits.rateKeysMax })
  return {
    signIns: atMost(limits.signInsPerEmailMax, limits.signInWindowMs),
    codes: atMost(limits.codesPerMemberMax, limits.codeWindowMs),
    resets: atMost(limits.resetsPerEmailMax, limits.resetWindowMs),
    invitations: atMost(limits.invitationsPerActorMax, limits.invitationWindowMs),
  }
}

/** What the pages of the widget ask. */
function widgetsOf(storage: Storage): WidgetInboxes {
  return {
    byKey: (key) => storage.read((tx) => widgetPage(tx, key)),
    first: () => storage.read((tx) => firstWidgetPage(tx)),
  }
}

/** What happens by itself at a time, and the room that says things then. */
function openTimed(
  shared: Pick<Parameters<typeof draftsRoom>[0], 'storage' | 'clock' | 'ids'>,
  { talk, timers }: ConversationsRoom,
  failed: RoomsDeps['failed'],
): { readonly drafts: DraftsRoom; readonly timetable: Schedule } {
  const drafts = draftsRoom({ ...shared, talk, wake: (at) => timetable.wake(at) })
  const handlers = { ...timers, send: drafts.due.run }
  const timetable = schedule({
    ...shared,
    handlers,
    failed: (error) => failed('the schedule', error),
  })
  return { drafts, timetable }
}

/** Puts the rooms together. What a room needs of one downstream is handed to it here. */
export function openRooms(deps: RoomsDeps): Rooms {
  const { failed, keys, ...given } = deps
  const { storage, clock, random } = given
  const shared = { ...given, ids: idsFrom(uuidv7Generator(clock, random)) }
  const places = placesRoom({ ...shared, keys })
  const accounts = accountsRoom({
    ...shared,
    secret: keys.derived('identity library'),
    ...accountRates(clock),
    bearers: [visitorTokens],
    seal: keys,
    fellowsOf: knownOf,
    onDeactivated: (tx, { workspace, member, by }) =>
      conversations.leases.withdraw(tx, { workspace, holder: member, by }),
    onWorkspaceMade: (tx, made) => places.makeFirstInbox(tx, made),
  })
  const feed = feedHub({
    storage,
    source: nowSource,
    clock,
    heard(event) {
      accounts.forget(event)
      conversations.heard(event)
    },
    failed: (error) => failed('the live feed', error),
  })
  const files = openFiles(shared, failed)
  const conversations = conversationsRoom({
    ...{ ...shared, onJoined: draftsFollow, onParted: draftsComeBack },
    tidyFiles: () => void files.tidy(),
    source: nowSource,
    fellowsOf: knownOf,
    hub: feed,
    wake: (at) => timetable.wake(at),
    failed: (error) => failed('giving leases back', error),
  })
  const { drafts, timetable } = openTimed(shared, conversations, failed)
  const teams = teamsRoom({ ...shared, teamSeesInbox })
  const contacts = contactsRoom({
    ...shared,
    widgetInbox,
    identitySecret: places.identitySecret,
    async onIdentified(tx, merge) {
      await files.rehome(tx, merge)
      await conversations.state.rehome(tx, merge)
    },
  })

  return {
    handlers: {
      ...auditHandlers({ storage }),
      ...accounts.handlers,
      ...teams.handlers,
      ...places.handlers,
      ...smallTalkHandlers(shared),
      ...labelsHandlers(shared),
      ...repliesHandlers(shared),
      ...contacts.handlers,
      ...files.handlers,
      ...conversations.handlers,
      ...drafts.handlers,
      ...feedHandlers({ storage, source: nowSource }),
      ...topicsHandlers(deps.wire),
    },
    feed,
    accounts,
    places,
    files,
    conversations,
    drafts,
    schedule: timetable,
    widgets: widgetsOf(storage),
    authenticate: (credentials) => accounts.authenticate(credentials),
    accessRoute,
    listsOrigin: places.listsOrigin,
  }
}
