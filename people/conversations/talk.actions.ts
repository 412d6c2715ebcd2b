import type { Clock } from '@fermata/base/clock'
import {
  bytesOf,
  idText,
  uuidBytes,
  type ContactId,
  type ConversationId,
  type Ids,
  type InboxId,
} from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import { assert, present } from '@fermata/base/assert'
import type { Caller } from '@fermata/contract/actors'
import type { ConversationRow, MessageBody } from '@fermata/contract/conversations.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { unreadOf } from '@fermata/contract/reading'
import type { InboxView } from '@fermata/contract/places.schema'
import type { Storage, WriteTx } from '@fermata/storage/port'
import type { FileView } from '@fermata/contract/files.schema'
import { accessContact, contactNow } from '../contacts/index.ts'
import { bindFiles, unboundFiles, type Keeper } from '../files/index.ts'
import { accessInbox } from '../places/index.ts'
import { repliesUsed } from '../replies/index.ts'
import {
  accessConversation,
  accessTalk,
  eyesOf,
  refuseDoing,
  type Accessed,
  type Speaker,
} from './access.ts'
import { sayOnFloor, type FloorSaid } from './floor.say.ts'
import { decide, unsaid } from './conversation.ts'
import { wakesNobody } from './small-talk.ts'
import { leasedBySaying, withLease } from './leasing.ts'
import { readOfRow } from './reading.ts'
import { columnsOf, recordOf, type ConversationRecord } from './record.ts'
import { emitAbout, save } from './save.ts'
import {
  conversationById,
  insertConversation,
  insertMessage,
  joinAndRead,
  messageByClient,
  participantOf,
} from './store.sql.ts'
import type { MessageTable } from './tables.ts'
import { previewOf, type Said } from './lookups.ts'
import { messageView, previewOfMessage, rowView } from './views.ts'
import { hashOf, mayWrite, Raced, unlessRaced } from './word.ts'

/** What opens a conversation. */
export interface Opening {
  readonly inbox: InboxId
  readonly contact?: ContactId
  readonly subject?: string
  readonly message: MessageBody
}

interface TalkDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: Ids
}

/** A message on its way into a conversation. */
interface Word {
  readonly message: MessageBody
  readonly sentHash: Uint8Array
  /** What it carries; given to it when it is written. */
  readonly files: readonly FileView[]
  /** It is said while its author does not look: what they have not read stays so. */
  readonly isUnseen: boolean
}

/** How something is said in another's name. */
export interface How {
  /** What has kept its files. */
  readonly keeper?: Keeper
  readonly isUnseen?: boolean
  /** By which id the conversation was asked for: a repeat asks for it by the same, wherever it is by now. */
  readonly asked?: ConversationId
}

const nothingRead = { cursor: 0, beyond: null }

/** Answers a repeated send with the first message, or refuses when something else was sent then. */
async function repeated(
  tx: WriteTx,
  caller: Speaker,
  first: MessageTable,
  sentHash: Uint8Array,
): Promise<Result<Said, Refusal>> {
  if (Buffer.compare(first.sent_hash, sentHash) !== 0) {
    return refused(refusal('repeated_differently', { field: 'body.client' }))
  }
  const id = idText('cnv', first.conversation)
  const accessed = await accessConversation(tx, caller, id)
  if (!accessed.ok) return accessed
  const eyes = eyesOf(caller)
  const row = present(await tx.get(conversationById, { id: first.conversation }), 'conversation')
  const record = recordOf(row)
  return ok({
    conversation: rowView(record, await previewOf(tx, record, eyes), eyes),
    message: messageView(first, eyes),
  })
}

/** What somebody has read. */
async function readBy(tx: WriteTx, { conversation }: MessageTable, actor: string) {
  return readOfRow((await tx.get(participantOf, { conversation, actor })) ?? nothingRead)
}

/**
 * Writes a message and all that it changes. Undefined: its author used the client id before. Refuses a
 * reply while somebody else holds the conversation.
 */
async function say(
  tx: WriteTx,
  deps: TalkDeps,
  caller: Speaker,
  { record, inbox }: Accessed,
  { message, sentHash, files, isUnseen }: Word,
): Promise<Result<Said, Refusal> | undefined> {
  const at = deps.clock.now()
  const id = deps.ids.next('msg')
  const kind = message.kind ?? 'reply'
  const eyes = eyesOf(caller)
  const leased = await leasedBySaying(tx, record, { caller, message, now: at })
  if (!leased.ok) return leased
  const isSmallTalk = files.length === 0 && (await wakesNobody(tx, record, eyes, message.text))
  const command = { type: 'say', kind, side: eyes, isSmallTalk } as const
  const decided = decide(record.state, command, at, inbox.answerMinutes)
  assert(decided.ok, 'to say something is never refused')
  const decision = withLease(decided.value, leased.value)
  const { state } = decision
  const row: MessageTable = {
    conversation: bytesOf(record.id),
    number: state.lastNumber,
    id: bytesOf(id),
    workspace: bytesOf(record.workspace),
    kind,
    author: caller.id,
    author_name: caller.name,
    text: message.text,
    at,
    revision: 0,
    edited_at: null,
    deleted_at: null,
    deleted_by: null,
    reply_number: kind === 'reply' ? state.replyCount : 0,
    client: uuidBytes(message.client),
    sent_hash: sentHash,
    files: files.length === 0 ? null : JSON.stringify(files),
    small_talk: isSmallTalk ? 1 : 0,
  }
  if ((await tx.run(insertMessage, row)) === 0) return undefined
  await bindFiles(tx, id, files)
  if (caller.kind !== 'contact') await repliesUsed(tx, caller, message.prepared ?? [], at)
  const read = isUnseen ? await readBy(tx, row, caller.id) : null
  // To speak is to have read, unless something had not been read before.
  const hasRead = read === null || unreadOf(read, state.lastNumber - 1) === 0
  const cursor = !hasRead ? read.cursor : eyes === 'ours' ? state.lastNumber : state.replyCount
  await tx.run(joinAndRead, { conversation: row.conversation, actor: caller.id, at, cursor })
  // A client takes what it did itself for read; what nobody did by hand, it does not.
  const deed = { by: hasRead ? caller.id : null, at }
  const saved = await save(tx, record, decision, deed)
  const view = messageView(row, eyes)
  emitAbout(tx, saved, deed, {
    type: 'message.posted',
    body: { message: view.id, kind },
    contacts: kind === 'reply',
  })
  return ok({ conversation: rowView(saved, previewOfMessage(row), eyes), message: view })
}

/** Whom a new conversation is with, and where: a contact opens its own, in its own inbox. */
async function openingPlace(
  tx: WriteTx,
  caller: Caller,
  opening: Opening,
): Promise<Result<{ inbox: InboxView; contact: ContactId }, Refusal>> {
  const inbox = await accessInbox(tx, caller, opening.inbox)
  if (!inbox.ok) return inbox
  if (caller.kind === 'contact') {
    if (opening.contact === undefined) return ok({ inbox: inbox.value, contact: caller.id })
    const message = 'Only your own conversations can be opened.'
    return refused(refusal('invalid_field', { message, field: 'body.contact' }))
  }
  if (opening.contact === undefined) {
    const message = 'Say with whom the conversation is.'
    return refused(refusal('invalid_field', { message, field: 'body.contact' }))
  }
  const contact = await accessContact(tx, caller, opening.contact)
  return contact.ok ? ok({ inbox: inbox.value, contact: contact.value.id }) : contact
}

/** Whoever speaks, as they are known by now. */
async function speakerNow(tx: WriteTx, caller: Caller): Promise<Caller> {
  return caller.kind === 'contact' ? contactNow(tx, caller) : caller
}

async function open(
  tx: WriteTx,
  deps: TalkDeps,
  asking: Caller,
  opening: Opening,
): Promise<Result<Said, Refusal>> {
  const caller = await speakerNow(tx, asking)
  const target = [opening.inbox, opening.contact ?? '', opening.subject ?? ''].join('\n')
  const sentHash = hashOf(target, opening.message)
  const client = uuidBytes(opening.message.client)
  const first = await tx.get(messageByClient, { author: caller.id, client })
  if (first !== undefined) return repeated(tx, caller, first, sentHash)
  const place = await openingPlace(tx, caller, opening)
  if (!place.ok) return place
  const files = await unboundFiles(tx, caller, opening.message.files ?? [], 'body.message.files')
  if (!files.ok) return files
  const now = deps.clock.now()
  const record: ConversationRecord = {
    id: deps.ids.next('cnv'),
    workspace: caller.workspace,
    inbox: place.value.inbox.id,
    contact: place.value.contact,
    createdAt: now,
    state: unsaid(opening.subject ?? '', now, eyesOf(caller)),
  }
  await tx.run(insertConversation, {
    id: bytesOf(record.id),
    workspace: bytesOf(record.workspace),
    inbox: bytesOf(record.inbox),
    contact: bytesOf(record.contact),
    created_at: now,
    ...columnsOf(record.state),
  })
  const deed = { by: caller.id, at: now }
  emitAbout(tx, record, deed, { type: 'conversation.opened', body: {}, contacts: true })
  const accessed = { record, inbox: place.value.inbox }
  const word = { message: opening.message, sentHash, files: files.value, isUnseen: false }
  const said = await say(tx, deps, caller, accessed, word)
  // The conversation was written for nothing; the transaction takes it back.
  if (said === undefined) throw new Raced()
  return said
}

/** Says something in a conversation with a customer that is there. */
async function post(
  tx: WriteTx,
  deps: TalkDeps,
  caller: Speaker,
  accessed: Accessed,
  message: MessageBody,
  how: How = {},
): Promise<Result<Said, Refusal>> {
  const sentHash = hashOf(how.asked ?? accessed.record.id, message)
  const client = uuidBytes(message.client)
  const isOurs = caller.kind !== 'contact'
  const sent = message.files ?? []
  if (isOurs || sent.length > 0) {
    // Before the lease and the files are looked at: what was said is said, whoever holds the conversation
    // by now, and its files are carried by it.
    const first = await tx.get(messageByClient, { author: caller.id, client })
    if (first !== undefined) return repeated(tx, caller, first, sentHash)
  }
  const files = await unboundFiles(tx, caller, sent, 'body.files', how.keeper ?? null)
  if (!files.ok) return files
  const { isUnseen = false } = how
  const word = { message, sentHash, files: files.value, isUnseen }
  const said = await say(tx, deps, caller, accessed, word)
  if (said !== undefined) return said
  // It was used for another conversation at the same moment; what the lease went through is taken back.
  if (isOurs) throw new Raced()
  const first = await tx.get(messageByClient, { author: caller.id, client })
  return repeated(tx, caller, present(first, 'the first message'), sentHash)
}

/** Says something in a conversation of whichever kind. */
async function postAnywhere(
  tx: WriteTx,
  deps: TalkDeps,
  asking: Caller,
  id: ConversationId,
  message: MessageBody,
): Promise<Result<Said | FloorSaid, Refusal>> {
  const caller = await speakerNow(tx, asking)
  const talk = await accessTalk(tx, caller, id, 'toChange')
  if (!talk.ok) return talk
  const refusing = refuseDoing(caller, talk.value)
  if (refusing !== undefined) return refused(refusing)
  if (talk.value.kind === 'floor') return sayOnFloor(tx, deps, caller, talk.value, message)
  return post(tx, deps, caller, talk.value, message, { asked: id })
}

/** The actions that say something. */
export interface TalkActions {
  /** Opens a conversation with its first message; a repeat answers with the first. */
  open(caller: Caller, opening: Opening): Promise<Result<Said, Refusal>>
  /** Says something in a conversation; a repeat answers with the first. */
  say(
    caller: Caller,
    conversation: ConversationRow['id'],
    message: MessageBody,
  ): Promise<Result<Said | FloorSaid, Refusal>>
  /** The same in a transaction of somebody else's, who may say it in another's name. Refused, it wrote nothing. */
  sayIn(
    tx: WriteTx,
    speaker: Speaker,
    conversation: ConversationRow['id'],
    message: MessageBody,
    how?: How,
  ): Promise<Result<Said, Refusal>>
}

/** The writers of messages. */
export function talkActions(deps: TalkDeps): TalkActions {
  const { storage } = deps
  return {
    async open(caller, opening) {
      const wrong = mayWrite(caller, opening.message, 'body.message')
      if (wrong !== undefined) return refused(wrong)
      if (opening.message.kind === 'note') {
        const message = 'A conversation begins with a reply.'
        return refused(refusal('invalid_field', { message, field: 'body.message.kind' }))
      }
      return unlessRaced(() => storage.write((tx) => open(tx, deps, caller, opening)))
    },
    async say(caller, conversation, message) {
      const wrong = mayWrite(caller, message, 'body')
      if (wrong !== undefined) return refused(wrong)
      return unlessRaced(() =>
        storage.write((tx) => postAnywhere(tx, deps, caller, conversation, message)),
      )
    },
    async sayIn(tx, speaker, conversation, message, how) {
      const wrong = mayWrite(speaker, message, 'body')
      if (wrong !== undefined) return refused(wrong)
      const accessed = await accessConversation(tx, speaker, conversation, 'toChange')
      if (!accessed.ok) return accessed
      return post(tx, deps, speaker, accessed.value, message, { ...how, asked: conversation })
    },
  }
}
