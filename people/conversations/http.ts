import { bytesOf } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import type { ContactView } from '@fermata/contract/contacts.schema'
import { may } from '@fermata/contract/may'
import { newestEventsOfConversation } from '@fermata/storage/feed'
import type { ReadTx, Storage } from '@fermata/storage/port'
import { contactViews } from '../contacts/index.ts'
import { floorOf, maySee, viewerOf, withNow, type FeedHub, type NowSource } from '../feed/index.ts'
import type { Handlers } from '../handler.ts'
import { accessTalk, eyesOf } from './access.ts'
import { listCounts } from './counts.ts'
import { channelPage, directsPage, unreadChannels } from './floor.lists.ts'
import type { FloorActions } from './floor.say.ts'
import { listPage } from './lists.ts'
import { editsOf, messagesOf, mineOf, participantsOf, talkView } from './lookups.ts'
import type { LeaseActions } from './lease.actions.ts'
import type { MessageActions } from './message.actions.ts'
import type { MineActions } from './mine.actions.ts'
import type { NextActions } from './next.actions.ts'
import type { StateActions } from './state.actions.ts'
import type { TalkActions } from './talk.actions.ts'

/** What the routes of this room call. */
export interface ConversationDoors {
  readonly storage: Storage
  readonly source: NowSource
  readonly hub: Pick<FeedHub, 'presence'>
  readonly talk: TalkActions
  readonly floor: FloorActions
  readonly state: StateActions
  readonly messages: MessageActions
  readonly mine: MineActions
  readonly leases: LeaseActions
  readonly next: NextActions
}

type Reads =
  | 'conversations.list'
  | 'conversations.counts'
  | 'conversations.get'
  | 'conversations.history'
  | 'messages.list'
  | 'messages.edits'

/** Events that a conversation's history does not repeat: its messages show them. */
const untold = new Set([
  'message.posted',
  'message.edited',
  'message.deleted',
  'mine.changed',
  'lease.renewed',
])

async function headOf(tx: ReadTx, storage: Storage, caller: Caller): Promise<number> {
  return (await storage.bounds(tx, bytesOf(caller.workspace))).head
}

function readHandlers({ storage, source }: ConversationDoors): Handlers<Reads> {
  return {
    'conversations.list': ({ caller, query }) =>
      storage.read(async (tx) => {
        const page = await listPage(tx, caller, query)
        if (!page.ok) return page
        const ids = [...new Set(page.value.rows.map((row) => row.contact))]
        const contacts: ContactView[] = await contactViews(tx, caller, ids)
        return ok({ ...page.value, contacts, position: await headOf(tx, storage, caller) })
      }),
    'conversations.counts': ({ caller, query }) =>
      listCounts(storage, caller, query.inbox, (tx) => headOf(tx, storage, caller)),
    'conversations.get': ({ caller, params: { conversation } }) =>
      storage.read(async (tx) => {
        const accessed = await accessTalk(tx, caller, conversation)
        if (!accessed.ok) return accessed
        const talk = accessed.value
        const eyes = eyesOf(caller)
        const { id } = talk.record
        const ids = talk.kind === 'desk' ? [talk.record.contact] : []
        const [contact = null] = await contactViews(tx, caller, ids)
        return ok({
          conversation: await talkView(tx, talk, eyes),
          contact,
          participants: await participantsOf(tx, id, eyes),
          mine: await mineOf(tx, id, caller.id),
          position: await headOf(tx, storage, caller),
        })
      }),
    'conversations.history': ({ caller, params }) =>
      storage.read(async (tx) => {
        const accessed = await accessTalk(tx, caller, params.conversation)
        if (!accessed.ok) return accessed
        const viewer = await viewerOf(tx, source, caller)
        const conversation = bytesOf(accessed.value.record.id)
        const workspace = bytesOf(caller.workspace)
        const limit = limits.historyEventsMax
        const scope = { workspace, conversation, limit }
        const newest = await tx.all(newestEventsOfConversation, scope)
        const floor = await floorOf(tx, source, [viewer], newest)
        const told = newest.filter(
          (event) => !untold.has(event.type) && maySee(viewer, event, floor),
        )
        const events = await withNow(tx, source, caller, told.reverse())
        return ok({ events, position: await headOf(tx, storage, caller) })
      }),
    'messages.list': ({ caller, params, query }) =>
      storage.read(async (tx) => {
        const run = await messagesOf(tx, caller, params.conversation, query)
        if (!run.ok) return run
        return ok({ ...run.value, position: await headOf(tx, storage, caller) })
      }),
    'messages.edits': ({ caller, params }) =>
      storage.read(async (tx) => {
        const edits = await editsOf(tx, caller, params.message)
        return edits.ok ? ok({ edits: edits.value }) : edits
      }),
  }
}

type Own =
  | 'cursor.put'
  | 'archive.put'
  | 'archive.delete'
  | 'snooze.put'
  | 'snooze.delete'
  | 'participants.add'
  | 'participants.remove'
  | 'presence.put'

function ownHandlers({ storage, hub, mine }: ConversationDoors): Handlers<Own> {
  return {
    'cursor.put': async ({ caller, params, body }) =>
      wrapped('mine', await mine.read(caller, params.conversation, body.number)),
    'archive.put': async ({ caller, params }) =>
      wrapped('mine', await mine.archive(caller, params.conversation)),
    'archive.delete': async ({ caller, params }) =>
      wrapped('mine', await mine.unarchive(caller, params.conversation)),
    'snooze.put': async ({ caller, params, body }) =>
      wrapped('mine', await mine.snooze(caller, params.conversation, body.until)),
    'snooze.delete': async ({ caller, params }) =>
      wrapped('mine', await mine.unsnooze(caller, params.conversation)),
    'participants.add': ({ caller, params }) =>
      mine.join(caller, params.conversation, params.member),
    'participants.remove': ({ caller, params }) =>
      mine.leave(caller, params.conversation, params.member),
    'presence.put': async ({ caller, params, body }) => {
      const { conversation } = params
      const accessed = await storage.read((tx) => accessTalk(tx, caller, conversation))
      if (!accessed.ok) return accessed
      // Among members nobody is told who looks or writes.
      if (accessed.value.kind === 'floor') return ok(undefined)
      const { record } = accessed.value
      hub.presence({
        workspace: record.workspace,
        place: bytesOf(record.inbox),
        contact: bytesOf(record.contact),
        presence: {
          conversation: record.id,
          actor: caller.id,
          name: caller.name,
          doing: body.doing,
        },
      })
      return ok(undefined)
    },
  }
}

type Floor =
  'channels.unread' | 'channels.conversations' | 'channels.open' | 'directs.list' | 'directs.open'

function floorHandlers({ storage, floor }: ConversationDoors): Handlers<Floor> {
  return {
    'channels.unread': ({ caller }) =>
      storage.read(async (tx) => {
        const channels = await unreadChannels(tx, caller)
        return ok({ channels, position: await headOf(tx, storage, caller) })
      }),
    'channels.conversations': ({ caller, params, query }) =>
      storage.read(async (tx) => {
        const page = await channelPage(tx, caller, params.channel, query)
        return page.ok ? ok({ ...page.value, position: await headOf(tx, storage, caller) }) : page
      }),
    'channels.open': ({ caller, params, body }) =>
      floor.openTopic(caller, { channel: params.channel, ...body }),
    'directs.list': ({ caller, query }) =>
      storage.read(async (tx) => {
        const page = await directsPage(tx, caller, query)
        return page.ok ? ok({ ...page.value, position: await headOf(tx, storage, caller) }) : page
      }),
    'directs.open': async ({ caller, body }) =>
      wrapped('conversation', await floor.openDirect(caller, body.members)),
  }
}

type Wrapped<K extends string, V> = { readonly [P in K]: V }

/** An answer with its value under a name; a refusal as it is. */
function wrapped<K extends string, V, R>(
  name: K,
  result: { ok: true; value: V } | { ok: false; refusal: R },
): { ok: true; value: Wrapped<K, V> } | { ok: false; refusal: R } {
  return result.ok ? ok({ [name]: result.value } as Wrapped<K, V>) : result
}

type LeaseRoute =
  'leases.take' | 'leases.release' | 'leases.hand' | 'leases.pass' | 'leases.list' | 'leases.next'

function leaseHandlers({ storage, leases, next }: ConversationDoors): Handlers<LeaseRoute> {
  return {
    'leases.take': async ({ caller, params, body }) =>
      wrapped('conversation', await leases.take(caller, params.conversation, body)),
    'leases.release': async ({ caller, params }) =>
      wrapped('conversation', await leases.release(caller, params.conversation)),
    'leases.hand': async ({ caller, params, body }) =>
      wrapped('conversation', await leases.hand(caller, params.conversation, body)),
    'leases.pass': async ({ caller, params, body }) =>
      wrapped('conversation', await leases.pass(caller, params.conversation, body.reason)),
    'leases.list': async ({ caller, params }) =>
      wrapped('holdings', await leases.holdings(caller, params.conversation)),
    'leases.next': async ({ caller, params, body, connection }) => {
      const taken = await next.next(caller, { ...params, ...body }, connection.gone)
      if (!taken.ok) return taken
      const { value: conversation } = taken
      if (conversation === null) return ok({ conversation, contact: null })
      const ids = may(caller, 'contacts:read') ? [conversation.contact] : []
      const [contact = null] = await storage.read((tx) => contactViews(tx, caller, ids))
      return ok({ conversation, contact })
    },
  }
}

type Writes =
  | 'conversations.open'
  | 'conversations.change'
  | 'conversations.pause'
  | 'conversations.resume'
  | 'conversations.turn'
  | 'conversations.resolve'
  | 'conversations.reopen'
  | 'messages.post'
  | 'messages.edit'
  | 'messages.delete'

function writeHandlers({ talk, state, messages }: ConversationDoors): Handlers<Writes> {
  return {
    'conversations.open': ({ caller, body }) => talk.open(caller, body),
    'messages.post': ({ caller, params, body }) => talk.say(caller, params.conversation, body),
    'conversations.change': async ({ caller, params, body }) =>
      wrapped('conversation', await state.change(caller, params.conversation, body)),
    'conversations.pause': async ({ caller, params, body }) =>
      wrapped('conversation', await state.pause(caller, params.conversation, body)),
    'conversations.resume': async ({ caller, params }) =>
      wrapped('conversation', await state.resume(caller, params.conversation)),
    'conversations.turn': async ({ caller, params, body }) =>
      wrapped('conversation', await state.turn(caller, params.conversation, body.turn)),
    'conversations.resolve': async ({ caller, params }) =>
      wrapped('conversation', await state.resolve(caller, params.conversation)),
    'conversations.reopen': async ({ caller, params }) =>
      wrapped('conversation', await state.reopen(caller, params.conversation)),
    'messages.edit': async ({ caller, params, body }) =>
      wrapped('message', await messages.edit(caller, params.message, body.text)),
    'messages.delete': async ({ caller, params }) =>
      wrapped('message', await messages.erase(caller, params.message)),
  }
}

/** The routes of this room. */
export function conversationHandlers(
  doors: ConversationDoors,
): Handlers<Reads | Own | Floor | LeaseRoute | Writes> {
  return {
    ...readHandlers(doors),
    ...ownHandlers(doors),
    ...floorHandlers(doors),
    ...leaseHandlers(doors),
    ...writeHandlers(doors),
  }
}
