import type { ChannelId, ConversationId } from '@fermata/base/ids'
import type { AnyRow, ChannelView, FloorRow, SeatView } from './channels.schema.ts'
import type { ConversationRow, MineView } from './conversations.schema.ts'
import type { AnyEvent } from './events.schema.ts'
import { compareKeys, unread, type SortKey } from './lists.ts'
import { withEntry, type FloorKey, type FloorWindow, type State } from './state.ts'

/** Whether a conversation is one with a customer. */
export function isDesk(row: AnyRow): row is ConversationRow {
  return 'inbox' in row
}

/** The text form of the key of a list of conversations among members. */
export function floorName(key: FloorKey): string {
  return key.kind === 'direct' ? 'floor/direct' : `floor/${key.channel}`
}

/** The list that a conversation stands in. */
function keyOf({ place }: FloorRow): FloorKey {
  return place.kind === 'direct' ? place : { kind: 'channel', channel: place.channel }
}

/** Where a row stands in its list: the newest word first. */
function placeOf(row: FloorRow): SortKey {
  return [-row.lastAt, 0, row.id]
}

/** Whether a list that is held reaches as far as a row. */
function reaches(window: FloorWindow, row: FloorRow): boolean {
  // A direct conversation is in nobody's list before the first word.
  if (row.lastNumber === 0) return false
  return window.end === null || compareKeys(placeOf(row), window.end) <= 0
}

/** The rows of a list, as far as it is known, in order. */
export function floorRows(state: Pick<State, 'floor' | 'halls'>, key: FloorKey): FloorRow[] {
  const name = floorName(key)
  const window = state.halls[name]
  if (window === undefined) return []
  return Object.values(state.floor)
    .filter((row) => row !== undefined)
    .filter((row) => floorName(keyOf(row)) === name && reaches(window, row))
    .toSorted((a, b) => compareKeys(placeOf(a), placeOf(b)))
}

/** Whether a conversation stands in a list that is held. */
export function standsOnFloor(state: Pick<State, 'floor' | 'halls'>, id: ConversationId): boolean {
  const row = state.floor[id]
  if (row === undefined) return false
  const window = state.halls[floorName(keyOf(row))]
  return window !== undefined && reaches(window, row)
}

/** How much of a conversation somebody has not read. What was said before they joined counts as read. */
export function floorUnread(
  row: FloorRow,
  mine: MineView | undefined,
  seat: SeatView | undefined,
): number {
  if (row.place.kind === 'direct') return unread(row, mine)
  return seat === undefined || row.lastAt <= seat.at ? 0 : unread(row, mine)
}

/** Takes over a fetched page: the first page replaces the list, a later one continues it. */
export function loadFloor(
  state: State,
  key: FloorKey,
  page: { rows: readonly FloorRow[]; mine: readonly MineView[]; next: string | null },
): State {
  const own = new Map(page.mine.map((mine) => [mine.conversation, mine]))
  let { floor, mine } = state
  for (const row of page.rows) {
    floor = withEntry(floor, row.id, row)
    mine = withEntry(mine, row.id, own.get(row.id) ?? null)
  }
  const last = page.rows.at(-1)
  const end = page.next === null || last === undefined ? null : placeOf(last)
  const window: FloorWindow = { end, next: page.next, stale: false }
  return { ...state, floor, mine, halls: withEntry(state.halls, floorName(key), window) }
}

/** Forgets some conversations among members, and everything of them. */
function withoutRows(state: State, gone: (row: FloorRow) => boolean): State {
  let { floor, mine, threads } = state
  for (const row of Object.values(state.floor)) {
    if (row === undefined || !gone(row)) continue
    floor = withEntry(floor, row.id, null)
    mine = withEntry(mine, row.id, null)
    threads = withEntry(threads, row.id, null)
  }
  return { ...state, floor, mine, threads }
}

/** Forgets a channel that is not to be seen any more, and everything that was said in it. */
function withoutChannel(state: State, channel: ChannelId): State {
  const next = withoutRows(
    state,
    ({ place }) => place.kind === 'channel' && place.channel === channel,
  )
  return {
    ...next,
    channels: withEntry(next.channels, channel, null),
    seats: withEntry(next.seats, channel, null),
    halls: withEntry(next.halls, floorName({ kind: 'channel', channel }), null),
  }
}

/** Holds exactly the channels that the viewer may see, and forgets what was said in all others. */
function withChannels(
  state: State,
  visible: readonly ChannelView[],
  seats: readonly SeatView[],
): State {
  const seen = new Set(visible.map(({ id }) => id))
  let next = state
  for (const id of Object.keys(state.channels) as ChannelId[]) {
    if (!seen.has(id)) next = withoutChannel(next, id)
  }
  return {
    ...next,
    channels: Object.fromEntries(visible.map((channel) => [channel.id, channel])),
    seats: Object.fromEntries(seats.map((seat) => [seat.channel, seat])),
  }
}

/** Takes over what an event tells about channels. */
export function withFloor(state: State, event: AnyEvent): State {
  const { now } = event
  if (now.channels) return withChannels(state, now.channels, now.seats ?? [])
  if (now.channel === undefined) return state
  const { channel: id } = event.body as { channel: ChannelId }
  if (now.channel === null) return withoutChannel(state, id)
  const next = { ...state, channels: withEntry(state.channels, id, now.channel) }
  const isMine = 'member' in event.body && event.body.member === state.me
  if (event.type === 'channel.joined' && isMine) {
    return { ...next, seats: withEntry(next.seats, id, { channel: id, at: event.at }) }
  }
  if (event.type === 'channel.left' && isMine) {
    return { ...next, seats: withEntry(next.seats, id, null) }
  }
  return next
}
