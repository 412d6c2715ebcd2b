import type { ConversationId, MemberId } from '@fermata/base/ids'
import { messageKinds, type MessageKind } from '@fermata/contract/words'
import type { TextStorage } from './preferences.ts'

/** What somebody has begun to write in a conversation. */
export interface Draft {
  readonly kind: MessageKind
  readonly text: string
}

export const emptyDraft: Draft = { kind: 'reply', text: '' }

const prefix = 'fermata.draft/'

/** Whose words they are, and where they belong. */
export interface DraftPlace {
  readonly me: MemberId
  readonly conversation: ConversationId
}

function keyOf({ me, conversation }: DraftPlace): string {
  return `${prefix}${me}/${conversation}`
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

/** Keeps a draft; one without words is forgotten. */
export function keepDraft(storage: TextStorage, place: DraftPlace, draft: Draft): void {
  if (draft.text.trim() === '') storage.removeItem(keyOf(place))
  else storage.setItem(keyOf(place), JSON.stringify(draft))
}

/** Forgets all drafts. */
export function wipeDrafts(storage: Storage): void {
  const keys = Array.from({ length: storage.length }, (_, at) => storage.key(at))
  for (const key of keys) if (key?.startsWith(prefix) === true) storage.removeItem(key)
}
