import type { ConversationId, MemberId, ReplyId } from '@fermata/base/ids'
import { messageKinds, type MessageKind } from '@fermata/contract/words'
import type { TextStorage } from './preferences.ts'

/** What somebody has begun to write in a conversation. */
export interface Draft {
  readonly kind: MessageKind
  readonly text: string
  /** The prepared replies that went into it. */
  readonly prepared?: ReplyId[]
}

export const emptyDraft: Draft = { kind: 'reply', text: '' }

/** Where drafts are kept. */
export const draftsPrefix = 'fermata.draft/'

/** Whose words they are, and where they belong. */
export interface DraftPlace {
  readonly me: MemberId
  readonly conversation: ConversationId
}

function keyOf({ me, conversation }: DraftPlace): string {
  return `${draftsPrefix}${me}/${conversation}`
}

/** The draft of a conversation, as this browser keeps it. */
export function readDraft(storage: TextStorage, place: DraftPlace): Draft {
  try {
    const kept: unknown = JSON.parse(storage.getItem(keyOf(place)) ?? 'null')
    if (typeof kept !== 'object' || kept === null || !('text' in kept)) return emptyDraft
    const kind = messageKinds.find((known) => 'kind' in kept && kept.kind === known) ?? 'reply'
    return typeof kept.text === 'string' ? { kind, text: kept.text } : emptyDraft
  } catch {
    return emptyDraft
  }
}

/** The draft that this browser and the server agreed upon last; version 0: none. */
export interface DraftBase extends Draft {
  readonly version: number
}

/** What was agreed upon last. */
export function readDraftBase(storage: TextStorage, place: DraftPlace): DraftBase {
  const none = { ...emptyDraft, version: 0 }
  try {
    const kept = JSON.parse(storage.getItem(`${keyOf(place)}/base`) ?? 'null') as DraftBase | null
    return typeof kept?.text === 'string' && typeof kept.version === 'number' ? kept : none
  } catch {
    return none
  }
}

/** Keeps what was agreed upon. */
export function keepDraftBase(storage: TextStorage, place: DraftPlace, base: DraftBase): void {
  const key = `${keyOf(place)}/base`
  if (base.version === 0) storage.removeItem(key)
  else storage.setItem(key, JSON.stringify(base))
}

/** Keeps a draft; one without words is forgotten. */
export function keepDraft(storage: TextStorage, place: DraftPlace, draft: Draft): void {
  if (draft.text.trim() === '') storage.removeItem(keyOf(place))
  else storage.setItem(keyOf(place), JSON.stringify(draft))
}

/**
 * Takes what somebody has begun in a conversation along into the one that it became part of; where they have begun
 * something there too, both stand in the field. What was a note never becomes a reply.
 */
export function carryDraft(storage: TextStorage, from: DraftPlace, to: DraftPlace): void {
  const came = readDraft(storage, from)
  if (came.text.trim() === '') return
  const there = readDraft(storage, to)
  if (there.text.trim() === '') {
    keepDraft(storage, to, came)
    keepDraftBase(storage, to, readDraftBase(storage, from))
  } else if (there.text !== came.text) {
    const kind = there.kind === came.kind ? there.kind : 'note'
    keepDraft(storage, to, { kind, text: `${there.text}\n\n${came.text}` })
  }
  keepDraft(storage, from, emptyDraft)
  keepDraftBase(storage, from, { ...emptyDraft, version: 0 })
}

/** Forgets everything under some prefixes: drafts, and whatever else is somebody's own. */
export function wipeText(storage: Storage, prefixes: readonly string[]): void {
  const keys = Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '')
  const own = keys.filter((key) => prefixes.some((prefix) => key.startsWith(prefix)))
  for (const key of own) storage.removeItem(key)
}
