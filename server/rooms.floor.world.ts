import assert from 'node:assert/strict'
import type { ConversationId } from '@fermata/base/ids'
import type { MemberActor } from '@fermata/contract/actors'
import { floorName, floorRows, loadFloor } from '@fermata/contract/floor'
import type { FloorKey, State } from '@fermata/contract/state'
import type { RoomsWorld } from './rooms.world.ts'

type Call = RoomsWorld['call']

/** The lists of conversations among members that a member may see. */
export function floorKeys(channels: State['channels']): FloorKey[] {
  const places = Object.values(channels)
    .flatMap((channel) => channel?.id ?? [])
    .sort()
  return [{ kind: 'direct' }, ...places.map((channel): FloorKey => ({ kind: 'channel', channel }))]
}

/** Fetches those of the lists that are not held, or stale. */
export async function withLists(call: Call, caller: MemberActor, state: State): Promise<State> {
  let next = state
  for (const key of floorKeys(state.channels)) {
    const held = next.halls[floorName(key)]
    if (held !== undefined && !held.stale) continue
    const query = { limit: 100 }
    const page =
      key.kind === 'direct'
        ? await call('directs.list', caller, { query })
        : await call('channels.conversations', caller, { params: key, query })
    assert.equal(page.next, null, 'the mirror test looks at whole lists')
    next = loadFloor(next, key, page)
  }
  return next
}

/** Fetches the channels that a member may see. */
export async function withChannels(call: Call, caller: MemberActor, state: State): Promise<State> {
  const { rows, seats } = await call('channels.list', caller, {})
  return {
    ...state,
    channels: Object.fromEntries(rows.map((row) => [row.id, row])),
    seats: Object.fromEntries(seats.map((seat) => [seat.channel, seat])),
  }
}

/** What of the conversations among members must be the same, however it was come by. */
export function visibleFloor(state: State) {
  const lists = floorKeys(state.channels).map((key) => floorRows(state, key))
  const ids = lists.flatMap((rows) => rows.map(({ id }) => id))
  return {
    channels: state.channels,
    seats: state.seats,
    lists,
    mine: ids.map((id) => state.mine[id] ?? null),
    threads: ids.map((id) => state.threads[id] ?? null),
  }
}

/** The conversations among members that stand in a list and of which no message is known yet. */
export function unreadThreads(state: State): ConversationId[] {
  return floorKeys(state.channels).flatMap((key) =>
    floorRows(state, key).flatMap(({ id }) => (state.threads[id] === undefined ? [id] : [])),
  )
}
