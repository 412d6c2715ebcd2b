import type {
  ChannelId,
  ContactId,
  ConversationId,
  InboxId,
  LabelId,
  ReplyId,
  MemberId,
  TeamId,
  ScheduledId,
} from '@fermata/base/ids'
import type { MemberView } from './accounts.schema.ts'
import type { ChannelView, FloorRow, SeatView } from './channels.schema.ts'
import type { ContactView } from './contacts.schema.ts'
import type {
  ConversationRow,
  MessageView,
  MineView,
  ParticipantView,
} from './conversations.schema.ts'
import { servesInbox, type Looker, type SortKey } from './lists.ts'
import type { DraftView, ScheduledView } from './drafts.schema.ts'
import type { LabelView } from './labels.schema.ts'
import type { InboxView } from './places.schema.ts'
import type { ReplyView } from './replies.schema.ts'
import type { TeamView } from './teams.schema.ts'
import type { List } from './words.ts'

/** Which list a window looks at. `inbox` and `contact` narrow it; null means all. */
export interface WindowKey {
  readonly list: List
  readonly inbox: InboxId | null
  readonly contact: ContactId | null
}

/** The text form of a window's key, under which the state holds it. */
export function windowName(key: WindowKey): string {
  return `${key.list}/${key.inbox ?? '*'}/${key.contact ?? '*'}`
}

/**
 * The beginning of a list, as far as it is known: exactly the rows whose keys are not beyond `end`.
 */
export interface Window {
  readonly key: WindowKey
  readonly ids: readonly ConversationId[]
  /** The last key that is known; null when the window reaches the end of the list. */
  readonly end: SortKey | null
  /** The token that fetches what comes after, or null at the end of the list. */
  readonly next: string | null
  /** What it may hold has changed in a way no event can tell: fetch it afresh. */
  readonly stale: boolean
}

/** Which list of conversations among members: those of a channel, or the direct ones. */
export type FloorKey =
  { readonly kind: 'channel'; readonly channel: ChannelId } | { readonly kind: 'direct' }

/** How much of such a list is known: exactly the rows that are not beyond `end`; null: all of it. */
export interface FloorWindow {
  readonly end: SortKey | null
  readonly next: string | null
  /** What it may hold has changed in a way no event can tell: fetch it afresh. */
  readonly stale: boolean
}

/** The known messages of a conversation: an unbroken run of numbers. */
export interface Thread {
  readonly messages: readonly MessageView[]
  readonly more: { readonly before: boolean; readonly after: boolean }
  readonly participants: readonly ParticipantView[]
}

type Held<K extends string, V> = Readonly<Partial<Record<K, V>>>

/** What a client knows at one position of the feed. Plain immutable data. */
export interface State {
  readonly position: number
  /** Who looks: `mbr_…`, `ctc_…` or `app_…`. */
  readonly me: string
  readonly members: Held<MemberId, MemberView>
  readonly teams: Held<TeamId, TeamView>
  readonly inboxes: Held<InboxId, InboxView>
  readonly labels: Held<LabelId, LabelView>
  /** The replies that everybody has, and my own. */
  readonly replies: Held<ReplyId, ReplyView>
  readonly channels: Held<ChannelId, ChannelView>
  /** The channels that I am in. */
  readonly seats: Held<ChannelId, SeatView>
  readonly contacts: Held<ContactId, ContactView>
  readonly rows: Held<ConversationId, ConversationRow>
  /** The conversations among members. */
  readonly floor: Held<ConversationId, FloorRow>
  readonly mine: Held<ConversationId, MineView>
  readonly windows: Held<string, Window>
  /** The lists of conversations among members, by `floorName`. */
  readonly halls: Held<string, FloorWindow>
  readonly threads: Held<ConversationId, Thread>
  /** Conversations that became part of another, as far as somebody asked for them or saw them go. */
  readonly moved: Held<ConversationId, ConversationId>
  /** What I have begun to write. */
  readonly drafts: Held<ConversationId, DraftView>
  /** What all share who answer there; known of conversations that have been shown. */
  readonly shared: Held<ConversationId, DraftView>
  /** What I say later, or was stopped from saying. */
  readonly scheduled: Held<ScheduledId, ScheduledView>
}

/** A state that knows nothing but who looks and from where. */
export function emptyState(me: string, position: number): State {
  return {
    position,
    me,
    members: {},
    teams: {},
    inboxes: {},
    labels: {},
    replies: {},
    channels: {},
    seats: {},
    contacts: {},
    rows: {},
    floor: {},
    mine: {},
    windows: {},
    halls: {},
    threads: {},
    moved: {},
    drafts: {},
    shared: {},
    scheduled: {},
  }
}

/** Who looks at the lists of a state. An inbox that is not known yet is taken for one's own. */
export function lookerOf({ me, inboxes, teams }: Pick<State, 'me' | 'inboxes' | 'teams'>): Looker {
  return {
    me,
    serves(id) {
      const inbox = inboxes[id]
      if (inbox === undefined) return true
      return servesInbox(me, inbox, (team) => isInTeam(teams[team], me))
    },
  }
}

/** Whether somebody is in a team, as far as it is known. */
export function isInTeam(team: TeamView | null | undefined, me: string): boolean {
  return team?.members.some((member) => member === me) ?? false
}

/** A copy of a record with one entry set, or removed when the value is null. */
export function withEntry<K extends string, V>(
  held: Held<K, V>,
  key: K,
  value: V | null,
): Held<K, V> {
  const copy: Partial<Record<K, V>> = { ...held }
  if (value === null) delete copy[key]
  else copy[key] = value
  return copy
}

/** Where a conversation is found: under its own id, or that of the one that it became part of. */
export function whereIs(state: Pick<State, 'moved'>, id: ConversationId): ConversationId {
  let end = id
  for (let next = state.moved[end]; next !== undefined; next = state.moved[end]) end = next
  return end
}
