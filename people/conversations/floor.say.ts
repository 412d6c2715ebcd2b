import type { Clock } from '@fermata/base/clock'
import {
  bytesOf,
  idText,
  uuidBytes,
  type ChannelId,
  type Ids,
  type MemberId,
} from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { MemberActor } from '@fermata/contract/actors'
import type { FloorPlace, FloorRow } from '@fermata/contract/channels.schema'
import type { FileView } from '@fermata/contract/files.schema'
import type { MessageBody, MessageView } from '@fermata/contract/conversations.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { Storage, WriteTx } from '@fermata/storage/port'
import { lockWorkspace, standingOf, visibleMembers, type FellowsOf } from '../accounts/index.ts'
import { bindFiles, unboundFiles } from '../files/index.ts'
import { accessChannel } from '../places/index.ts'
import { accessTalk, refuseWriting, type AccessedFloor, type Speaker } from './access.ts'
import { unsaid } from './conversation.ts'
import { directOf, insertDirectPart, updateFloor } from './floor.sql.ts'
import { previewOf } from './lookups.ts'
import { columnsOf, floorRecordOf, type FloorRecord } from './record.ts'
import { emitAbout } from './save.ts'
import { insertFloor, insertMessage, joinAndRead, messageByClient } from './store.sql.ts'
import type { MessageTable } from './tables.ts'
import { floorRowView, messageView, previewOfMessage } from './views.ts'
import { hashOf, mayWrite, Raced, unlessRaced } from './word.ts'

/** What the sender of a message among members is told. */
export interface FloorSaid {
  readonly conversation: FloorRow
  readonly message: MessageView
}

interface FloorDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: Ids
  /** Whom a guest knows. */
  readonly fellowsOf: FellowsOf
}

type WordDeps = Pick<FloorDeps, 'clock' | 'ids'>

/** Answers a repeated send with the first message, or refuses when something else was sent then. */
async function repeated(
  tx: WriteTx,
  caller: Speaker,
  first: MessageTable,
  sentHash: Uint8Array,
): Promise<Result<FloorSaid, Refusal>> {
  if (Buffer.compare(first.sent_hash, sentHash) !== 0) {
    return refused(refusal('repeated_differently', { field: 'body.client' }))
  }
  const talk = await accessTalk(tx, caller, idText('cnv', first.conversation))
  if (!talk.ok || talk.value.kind !== 'floor') return refused(refusal('not_found'))
  const { record } = talk.value
  return ok({
    conversation: floorRowView(record, await previewOf(tx, record, 'ours')),
    message: messageView(first, 'ours'),
  })
}

/** Writes a message with its files, moves its author's cursor, and tells of it. */
async function write(
  tx: WriteTx,
  { clock, ids }: WordDeps,
  caller: Speaker,
  record: FloorRecord,
  word: Pick<MessageTable, 'text' | 'client' | 'sent_hash'> & { files: readonly FileView[] },
): Promise<FloorSaid> {
  const at = clock.now()
  const id = ids.next('msg')
  const number = record.state.lastNumber + 1
  const { files, ...sent } = word
  const row: MessageTable = {
    ...sent,
    conversation: bytesOf(record.id),
    number,
    id: bytesOf(id),
    workspace: bytesOf(record.workspace),
    kind: 'reply',
    author: caller.id,
    author_name: caller.name,
    at,
    revision: 0,
    edited_at: null,
    deleted_at: null,
    deleted_by: null,
    reply_number: number,
    files: files.length === 0 ? null : JSON.stringify(files),
    small_talk: 0,
  }
  // The client id was free when this began: it was used in another conversation at the same moment.
  if ((await tx.run(insertMessage, row)) === 0) throw new Raced()
  await bindFiles(tx, id, files)
  const { conversation } = row
  await tx.run(joinAndRead, { conversation, actor: caller.id, at, cursor: number })
  await tx.run(updateFloor, { id: conversation, last_number: number, last_at: at })
  const saved = { ...record, state: { ...record.state, lastNumber: number, lastAt: at } }
  const view = messageView(row, 'ours')
  const body = { message: view.id, kind: row.kind }
  emitAbout(tx, saved, { by: caller.id, at }, { type: 'message.posted', body })
  return { conversation: floorRowView(saved, previewOfMessage(row)), message: view }
}

function noNotes(message: MessageBody, field: string): Refusal | undefined {
  if ((message.kind ?? 'reply') === 'reply') return undefined
  const text = 'Among members there are no notes: nobody from outside reads along.'
  return refusal('invalid_field', { message: text, field })
}

/** Says something in a conversation among members that is there; a repeat answers with the first. */
export async function sayOnFloor(
  tx: WriteTx,
  deps: WordDeps,
  caller: Speaker,
  talk: AccessedFloor,
  message: MessageBody,
): Promise<Result<FloorSaid, Refusal>> {
  const sentHash = hashOf(talk.record.id, message)
  const client = uuidBytes(message.client)
  const first = await tx.get(messageByClient, { author: caller.id, client })
  if (first !== undefined) return repeated(tx, caller, first, sentHash)
  const wrong = refuseWriting(caller, talk) ?? noNotes(message, 'body.kind')
  if (wrong !== undefined) return refused(wrong)
  const files = await unboundFiles(tx, caller, message.files ?? [], 'body.files')
  if (!files.ok) return files
  const word = { text: message.text, client, sent_hash: sentHash, files: files.value }
  return ok(await write(tx, deps, caller, talk.record, word))
}

/** Makes a conversation without a word in it. */
async function begin(
  tx: WriteTx,
  { clock, ids }: WordDeps,
  caller: MemberActor,
  place: FloorPlace,
  subject: string,
): Promise<FloorRecord> {
  const now = clock.now()
  const state = unsaid(subject, now, 'ours')
  const record = {
    ...{ id: ids.next('cnv'), workspace: caller.workspace, place, createdAt: now },
    state: { subject, lastNumber: 0, lastAt: now },
  }
  await tx.run(insertFloor, {
    id: bytesOf(record.id),
    workspace: bytesOf(record.workspace),
    channel: place.kind === 'channel' ? bytesOf(place.channel) : null,
    direct: place.kind === 'direct' ? place.members.join(' ') : null,
    created_at: now,
    ...columnsOf(state),
  })
  const deed = { by: caller.id, at: now }
  emitAbout(tx, record, deed, { type: 'conversation.opened', body: {} })
  return record
}

/** A titled conversation that is begun in a channel. */
export interface Topic {
  readonly channel: ChannelId
  readonly subject: string
  readonly message: MessageBody
}

async function openTopic(
  tx: WriteTx,
  deps: WordDeps,
  caller: MemberActor,
  { channel: id, subject, message }: Topic,
): Promise<Result<FloorSaid, Refusal>> {
  const sentHash = hashOf(`${id}\n${subject}`, message)
  const client = uuidBytes(message.client)
  const first = await tx.get(messageByClient, { author: caller.id, client })
  if (first !== undefined) return repeated(tx, caller, first, sentHash)
  const found = await accessChannel(tx, caller, id)
  if (!found.ok) return found
  const { channel } = found.value
  const refusing = refuseWriting(caller, { channel: found.value })
  if (refusing !== null) return refused(refusing)
  const files = await unboundFiles(tx, caller, message.files ?? [], 'body.message.files')
  if (!files.ok) return files
  const record = await begin(tx, deps, caller, { kind: 'channel', channel: channel.id }, subject)
  const word = { text: message.text, client, sent_hash: sentHash, files: files.value }
  return ok(await write(tx, deps, caller, record, word))
}

function wrongMembers(message: string): { ok: false; refusal: Refusal } {
  return refused(refusal('invalid_field', { message, field: 'body.members' }))
}

/** Those between whom a direct conversation is to be, in order: whoever asks, and others whom they know. */
async function parties(
  tx: WriteTx,
  deps: FloorDeps,
  caller: MemberActor,
  others: readonly MemberId[],
): Promise<Result<MemberId[], Refusal>> {
  const members = [...new Set([caller.id, ...others])].sort()
  if (members.length < 2) return wrongMembers('It takes two to talk.')
  if (members.length > limits.directMembersMax) {
    const limit = limits.directMembersMax
    return refused(refusal('limit_reached', { field: 'body.members', limit }))
  }
  const known = new Set((await visibleMembers(tx, caller, deps.fellowsOf)).map(({ id }) => id))
  for (const member of members) {
    const isHere = (await standingOf(tx, caller.workspace, member)) !== undefined
    if (!isHere || !known.has(member)) return wrongMembers('There is no such member.')
  }
  return ok(members)
}

async function openDirect(
  tx: WriteTx,
  deps: FloorDeps,
  caller: MemberActor,
  others: readonly MemberId[],
): Promise<Result<FloorRow, Refusal>> {
  const workspace = bytesOf(caller.workspace)
  await lockWorkspace(tx, workspace)
  const members = await parties(tx, deps, caller, others)
  if (!members.ok) return members
  const place = { kind: 'direct' as const, members: members.value }
  const row = await tx.get(directOf, { workspace, direct: members.value.join(' ') })
  if (row !== undefined) {
    const record = floorRecordOf(row, place)
    return ok(floorRowView(record, await previewOf(tx, record, 'ours')))
  }
  const record = await begin(tx, deps, caller, place, '')
  const part = { conversation: bytesOf(record.id), at: record.createdAt }
  for (const actor of members.value) await tx.run(insertDirectPart, { ...part, actor })
  return ok(floorRowView(record, null))
}

/** The actions that begin conversations among members. */
export interface FloorActions {
  /** Begins a conversation in a channel; a repeat answers with the first. */
  openTopic(caller: MemberActor, topic: Topic): Promise<Result<FloorSaid, Refusal>>
  /** The direct conversation with some members: the one there is, or a new one. */
  openDirect(caller: MemberActor, others: readonly MemberId[]): Promise<Result<FloorRow, Refusal>>
}

/** The writers of conversations among members. */
export function floorActions(deps: FloorDeps): FloorActions {
  const { storage } = deps
  return {
    async openTopic(caller, topic) {
      const { message } = topic
      const wrong =
        mayWrite(caller, message, 'body.message') ?? noNotes(message, 'body.message.kind')
      if (wrong !== undefined) return refused(wrong)
      return unlessRaced(() => storage.write((tx) => openTopic(tx, deps, caller, topic)))
    },
    openDirect: (caller, others) => storage.write((tx) => openDirect(tx, deps, caller, others)),
  }
}
