import { idText, uuidText } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type {
  Author,
  ConversationRow,
  MessageView,
  MineView,
  ParticipantView,
  Pause,
} from '@fermata/contract/conversations.schema'
import type { FloorRow } from '@fermata/contract/channels.schema'
import type { FileView } from '@fermata/contract/files.schema'
import { readFields } from '@fermata/contract/reading'
import type { MessageKind, Side } from '@fermata/contract/words'
import type { PauseRecord } from './conversation.ts'
import type { ConversationRecord, FloorRecord } from './record.ts'
import { readOfRow } from './reading.ts'
import type { MessageTable, ParticipantTable } from './tables.ts'

/** Whose eyes a view is for: members and apps see all of it, its contact only what contacts may know. */
export type Eyes = Side

/** The part of a message that a list shows. */
export interface Preview {
  readonly kind: MessageKind
  readonly author: string
  readonly authorName: string
  /** At least the first `limits.previewCharsMax` characters. */
  readonly text: string
  readonly deleted: boolean
}

function filesOf(files: string | null): FileView[] {
  return files === null ? [] : (JSON.parse(files) as FileView[])
}

/** The words that stand for a message in a list: its text, or else what its files are called. */
export function previewWords(text: string, files: string | null): string {
  if (files === null || text.trim() !== '') return text
  return filesOf(files)
    .map(({ name }) => name)
    .join(', ')
}

/** What a list shows of a message. */
export function previewOfMessage(row: MessageTable): Preview {
  const { kind, author, author_name: authorName, deleted_at: deletedAt } = row
  const text = previewWords(row.text, row.files)
  return { kind, author, authorName, text, deleted: deletedAt !== null }
}

/** Who wrote, from the columns of a message. */
export function authorOf(id: string, name: string): Author {
  const kind = id.startsWith('mbr') ? 'member' : id.startsWith('ctc') ? 'contact' : 'app'
  return { kind, id: id as Author['id'], name }
}

/** The first line of a text that has something in it, cut with an ellipsis. */
export function previewText(text: string): string {
  const line = text.trimStart().split('\n', 1)[0]!.trimEnd()
  if (line.length <= limits.previewCharsMax) return line
  const cut = line.slice(0, limits.previewCharsMax)
  // A pair of surrogates is one character; half of one is none.
  const whole = /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut
  return `${whole}…`
}

function pauseView(pause: PauseRecord | null, side: Side, eyes: Eyes): Pause | null {
  if (pause === null) return null
  return { ...pause, side, by: eyes === 'theirs' && side === 'ours' ? null : pause.by }
}

/** The row of a conversation, for one pair of eyes. */
export function rowView(
  record: ConversationRecord,
  preview: Preview | null,
  eyes: Eyes,
): ConversationRow {
  const { state } = record
  const ours = eyes === 'ours'
  const { pauses, resolution } = state
  const paused = pauses.ours !== null || pauses.theirs !== null
  const pause =
    ours && pauses.ours !== null
      ? pauseView(pauses.ours, 'ours', eyes)
      : pauseView(pauses.theirs, 'theirs', eyes)
  const open = ours ? paused : pauses.theirs !== null
  return {
    id: record.id,
    inbox: record.inbox,
    contact: record.contact,
    subject: state.subject,
    status: state.status === 'resolved' ? 'resolved' : open ? 'paused' : 'open',
    turn: state.turn,
    turnSince: state.turnSince,
    due: ours ? state.due : null,
    urgency: ours ? state.urgency : 'normal',
    labels: ours ? [...state.labels] : [],
    lastNumber: ours ? state.lastNumber : state.replyCount,
    lastAt: ours ? state.lastAt : state.lastReplyAt,
    preview: previewView(preview),
    pause,
    resolution: resolution === null ? null : { at: resolution.at, by: ours ? resolution.by : null },
    lease: ours ? state.lease : null,
    token: ours ? state.token : 0,
    createdAt: record.createdAt,
  }
}

function previewView(preview: Preview | null): ConversationRow['preview'] {
  if (preview === null) return null
  const { kind, author, authorName, text, deleted } = preview
  const shown = deleted ? '' : previewText(text)
  return { kind, author: authorOf(author, authorName), text: shown, deleted }
}

/** The row of a conversation among members: the same for all of them. */
export function floorRowView(record: FloorRecord, preview: Preview | null): FloorRow {
  const { id, place, createdAt, state } = record
  return { id, place, ...state, preview: previewView(preview), createdAt }
}

/** A message, for one pair of eyes: a contact counts replies only. */
export function messageView(row: MessageTable, eyes: Eyes): MessageView {
  return {
    id: idText('msg', row.id),
    conversation: idText('cnv', row.conversation),
    number: eyes === 'ours' ? row.number : row.reply_number,
    kind: row.kind,
    author: authorOf(row.author, row.author_name),
    text: row.text,
    at: row.at,
    revision: row.revision,
    editedAt: row.edited_at,
    deletedAt: row.deleted_at,
    files: filesOf(row.files),
    smallTalk: eyes === 'ours' && row.small_talk === 1,
    client: uuidText(row.client),
  }
}

/** Somebody's own state of a conversation; with a row that says nothing it is the same as without. */
export function mineView(row: Omit<ParticipantTable, 'actor' | 'joined_at'>): MineView {
  return {
    conversation: idText('cnv', row.conversation),
    ...readFields(readOfRow(row)),
    archivedNumber: row.archived_number,
    snoozedUntil: row.snoozed_until,
  }
}

/** The same, or null when there is nothing to tell: nothing read, nothing put away. */
export function mineOrNull(
  row: Omit<ParticipantTable, 'actor' | 'joined_at'> | undefined,
): MineView | null {
  if (row === undefined) return null
  const isUnread = row.cursor === 0 && row.beyond === null
  const nothing = isUnread && row.archived_number === null && row.snoozed_until === null
  return nothing ? null : mineView(row)
}

/** Somebody who takes part. */
export function participantView(row: { actor: string; joined_at: number | null }): ParticipantView {
  return { actor: row.actor as ParticipantView['actor'], at: row.joined_at ?? 0 }
}
