import type { ActorId, ConversationId, MoveId } from '@fermata/base/ids'
import type { AnyEvent } from '@fermata/contract/events.schema'

/** A line of a conversation's history: the key of its words, and what stands in them. */
export interface HistoryLine {
  readonly words: HistoryWords
  /** Who did it; null is Fermata itself. */
  readonly who: ActorId | null
  readonly whom?: ActorId
  /** A time that is named in it, in milliseconds since the epoch. */
  readonly time?: number
  /** The merge or split that it tells of: how many messages went, and the other conversation if it is there. */
  readonly move?: {
    readonly id: MoveId
    readonly other: ConversationId | null
    readonly count: number
  }
}

/** The keys under `conversations.history` that a line may have. */
export type HistoryWords =
  | 'pausedUntil'
  | 'paused'
  | 'customerPausedUntil'
  | 'customerPaused'
  | 'resumedByHand'
  | 'resumedByTime'
  | 'resumedByMessage'
  | 'resolved'
  | 'reopenedByHand'
  | 'reopenedByMessage'
  | 'changedSubject'
  | 'changedUrgency'
  | 'changedLabels'
  | 'changedContact'
  | 'changedDue'
  | 'changedTurn'
  | 'joined'
  | 'left'
  | 'added'
  | 'removed'
  | 'leaseTaken'
  | 'leaseHanded'
  | 'leaseReleased'
  | 'leaseTakenBack'
  | 'leasePassed'
  | 'leaseExpired'
  | 'leaseWithdrawn'
  | MoveWords

/** What is said of merges and splits. */
type MoveWords =
  'mergedHere' | 'splitAway' | 'splitHere' | 'unmergedHere' | 'unmergedAway' | 'unsplitHere'

const causes = {
  hand: 'resumedByHand',
  time: 'resumedByTime',
  message: 'resumedByMessage',
} as const

const fields = {
  subject: 'changedSubject',
  urgency: 'changedUrgency',
  labels: 'changedLabels',
  contact: 'changedContact',
  due: 'changedDue',
  turn: 'changedTurn',
} as const

/** What is said of the end of a lease; an answer, a resolution and a hand-over are seen anyway. */
const ends = {
  answered: null,
  resolved: null,
  handed: null,
  released: 'leaseReleased',
  passed: 'leasePassed',
  expired: 'leaseExpired',
  withdrawn: 'leaseWithdrawn',
  merged: null,
} as const

/**
 * What an event adds to the history between the messages. Messages speak for themselves, and so does
 * the beginning of a conversation.
 */
export function historyLines(event: AnyEvent): HistoryLine[] {
  const who = event.actor
  switch (event.type) {
    case 'conversation.paused': {
      const { side, until } = event.body
      const words = side === 'ours' ? 'paused' : 'customerPaused'
      return until === null ? [{ words, who }] : [{ words: `${words}Until`, who, time: until }]
    }
    case 'conversation.resumed':
      return [{ words: causes[event.body.cause], who }]
    case 'conversation.resolved':
      return [{ words: 'resolved', who }]
    case 'conversation.reopened':
      return [{ words: event.body.cause === 'hand' ? 'reopenedByHand' : 'reopenedByMessage', who }]
    case 'conversation.changed':
      return event.body.fields.map((field) => ({ words: fields[field], who }))
    case 'lease.taken': {
      const { holder: whom, why } = event.body
      return [why === 'handed' ? { words: 'leaseHanded', who, whom } : { words: 'leaseTaken', who }]
    }
    case 'lease.ended': {
      const words = ends[event.body.why]
      const whom = event.body.holder
      if (words === null) return []
      if (words === 'leaseReleased' && whom !== who) return [{ words: 'leaseTakenBack', who, whom }]
      return [{ words, who, whom }]
    }
    case 'participant.added': {
      const whom = event.body.participant
      return [whom === who ? { words: 'joined', who } : { words: 'added', who, whom }]
    }
    case 'participant.removed': {
      const whom = event.body.participant
      return [whom === who ? { words: 'left', who } : { words: 'removed', who, whom }]
    }
    case 'conversation.merged':
    case 'conversation.split':
    case 'conversation.unmerged':
    case 'conversation.unsplit':
      return moveLines(event)
    default:
      return []
  }
}

type MoveEvent = Extract<AnyEvent, { type: `conversation.${'un' | ''}${'merged' | 'split'}` }>

const moveWords = {
  'conversation.merged': { source: null, target: 'mergedHere' },
  'conversation.split': { source: 'splitAway', target: 'splitHere' },
  'conversation.unmerged': { source: 'unmergedAway', target: 'unmergedHere' },
  'conversation.unsplit': { source: 'unsplitHere', target: null },
} as const

function moveLines({ type, actor: who, body }: MoveEvent): HistoryLine[] {
  const words = moveWords[type][body.role]
  const count = 'messages' in body ? body.messages : 0
  const isThere = type === 'conversation.split' || type === 'conversation.unmerged'
  const move = { id: body.move, other: isThere ? body.other : null, count }
  return words === null ? [] : [{ words, who, move }]
}

/** The merges and splits among these events that nobody has taken back. */
export function standingMoves(events: readonly AnyEvent[]): ReadonlySet<MoveId> {
  const standing = new Set<MoveId>()
  for (const { type, body } of events) {
    if (type === 'conversation.merged' || type === 'conversation.split') standing.add(body.move)
    if (type === 'conversation.unmerged' || type === 'conversation.unsplit') {
      standing.delete(body.move)
    }
  }
  return standing
}
