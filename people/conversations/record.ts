import {
  bytesOf,
  idText,
  type ChannelId,
  type ContactId,
  type ConversationId,
  type InboxId,
  type LabelId,
  type Id,
  type MemberId,
  type WorkspaceId,
} from '@fermata/base/ids'
import { present } from '@fermata/base/assert'
import type { FloorPlace } from '@fermata/contract/channels.schema'
import { farFuture } from '@fermata/contract/lists'
import type { Conversation } from './conversation.ts'
import type { ConversationTable } from './tables.ts'

/** A stored conversation with a customer: its state, and where it belongs. */
export interface ConversationRecord {
  readonly id: ConversationId
  readonly workspace: WorkspaceId
  readonly inbox: InboxId
  readonly contact: ContactId
  readonly createdAt: number
  readonly state: Conversation
}

/** A stored conversation among members. Nobody owes anything in it, so there is little to be in. */
export interface FloorRecord {
  readonly id: ConversationId
  readonly workspace: WorkspaceId
  readonly place: FloorPlace
  readonly createdAt: number
  readonly state: Pick<Conversation, 'subject' | 'lastNumber' | 'lastAt'>
}

/** Where a row's conversation is among members; undefined for one with a customer. */
export function floorPlaceOf(
  row: Pick<ConversationTable, 'channel' | 'direct'>,
): FloorPlace | undefined {
  if (row.channel !== null) {
    const channel: ChannelId = idText('chn', row.channel)
    return { kind: 'channel', channel }
  }
  if (row.direct === null) return undefined
  return { kind: 'direct', members: row.direct.split(' ') as MemberId[] }
}

/** A row of a conversation among members as the domain knows it. */
export function floorRecordOf(row: ConversationTable, place: FloorPlace): FloorRecord {
  const { subject, last_number: lastNumber, last_at: lastAt } = row
  return {
    id: idText('cnv', row.id),
    workspace: idText('wsp', row.workspace),
    place,
    createdAt: row.created_at,
    state: { subject, lastNumber, lastAt },
  }
}

/** Which conversation a row is, and where it belongs: all that an event about it needs. */
export function aboutOf(row: ConversationTable): ConversationRecord | FloorRecord {
  const place = floorPlaceOf(row)
  return place === undefined ? recordOf(row) : floorRecordOf(row, place)
}

const nobodyPaused = { ours: null, theirs: null } as const

/** A row of a conversation with a customer as the domain knows it. */
export function recordOf(row: ConversationTable): ConversationRecord {
  return {
    id: idText('cnv', row.id),
    workspace: idText('wsp', row.workspace),
    inbox: idText('ibx', present(row.inbox, 'an inbox')),
    contact: idText('ctc', present(row.contact, 'a contact')),
    createdAt: row.created_at,
    state: {
      subject: row.subject,
      urgency: row.urgency,
      labels: row.labels === '[]' ? [] : (JSON.parse(row.labels) as LabelId[]),
      status: row.status,
      turn: row.turn,
      turnSince: row.turn_since,
      due: row.due,
      pauses:
        row.pauses === null ? nobodyPaused : (JSON.parse(row.pauses) as Conversation['pauses']),
      resolution:
        row.resolved_by === null ? null : { by: row.resolved_by as Id<'mbr'>, at: row.resolved_at },
      lastNumber: row.last_number,
      lastAt: row.last_at,
      replyCount: row.reply_count,
      lastReply: row.last_reply,
      lastReplyAt: row.last_reply_at,
      lastReplySide: row.last_reply_side,
      lease: row.lease === null ? null : (JSON.parse(row.lease) as Conversation['lease']),
      token: row.token,
    },
  }
}

/** The columns that a decision may change. */
export type StateColumns = Omit<
  ConversationTable,
  'id' | 'workspace' | 'inbox' | 'contact' | 'channel' | 'direct' | 'created_at'
>

/** The columns of a state. The `_key` columns must order as `sortKey` of the contract does. */
export function columnsOf(state: Conversation): StateColumns {
  const { pauses, resolution } = state
  const shown = pauses.ours ?? pauses.theirs
  const owed = state.turn === 'ours' && state.status !== 'resolved' && pauses.ours === null
  return {
    subject: state.subject,
    urgency: state.urgency,
    labels: state.labels.length === 0 ? '[]' : JSON.stringify(state.labels),
    status: state.status,
    turn: state.turn,
    turn_since: state.turnSince,
    due: state.due,
    owed: owed ? 1 : 0,
    due_key: state.due ?? farFuture,
    pauses: shown === null ? null : JSON.stringify(pauses),
    pause_until_key: shown?.until ?? farFuture,
    pause_at_key: shown?.at ?? 0,
    resolved_by: resolution?.by ?? null,
    resolved_at: resolution?.at ?? 0,
    last_number: state.lastNumber,
    last_at: state.lastAt,
    reply_count: state.replyCount,
    last_reply: state.lastReply,
    last_reply_at: state.lastReplyAt,
    last_reply_side: state.lastReplySide,
    holder: state.lease?.holder.id ?? null,
    lease: state.lease === null ? null : JSON.stringify(state.lease),
    token: state.token,
  }
}

/** The row of a conversation with a customer, as it is stored. */
export function rowOfRecord(record: ConversationRecord): ConversationTable {
  const { id, workspace, inbox, contact, createdAt, state } = record
  return {
    id: bytesOf(id),
    workspace: bytesOf(workspace),
    inbox: bytesOf(inbox),
    contact: bytesOf(contact),
    channel: null,
    direct: null,
    created_at: createdAt,
    ...columnsOf(state),
  }
}
