import { bytesOf, idText, type ChannelId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import type { ChannelView, SeatView } from '@fermata/contract/channels.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { may } from '@fermata/contract/may'
import type { ReadTx } from '@fermata/storage/port'
import type { Standing } from '../accounts/index.ts'
import type { Hearers } from '../feed/index.ts'
import { channelView, seatView } from './channel.ts'
import {
  channelById,
  channelForMember,
  channelsForMember,
  fellowsInChannels,
  seatsOfChannel,
} from './channels.sql.ts'

/** Whoever looks at channels; also somebody who is not here, but might be. */
type Onlooker = Caller | Standing

/** A channel that somebody may see, and since when they are in it: null when they are not. */
export interface AccessedChannel {
  readonly channel: ChannelView
  readonly seat: SeatView | null
}

/** Whether somebody sees a channel of which they are no member. */
export function seesOpenChannels(caller: Onlooker): boolean {
  return caller.kind === 'member' && may(caller, 'channels:open')
}

/**
 * A channel by the bytes of its id, for a caller who may see it; one prepared query. Public ones are seen
 * by every member but guests, private ones by their members, none by apps and contacts.
 */
export async function channelForCaller(
  tx: ReadTx,
  caller: Onlooker,
  channel: Uint8Array,
): Promise<AccessedChannel | undefined> {
  if (caller.kind !== 'member' || !may(caller, 'conversations:read')) return undefined
  const key = { workspace: bytesOf(caller.workspace), id: channel, member: bytesOf(caller.id) }
  const row = await tx.get(channelForMember, key)
  if (row === undefined) return undefined
  const { seat_at: at } = row
  if (at === null && !(row.visibility === 'public' && seesOpenChannels(caller))) return undefined
  const seat = at === null ? null : seatView({ channel, joined_at: at })
  return { channel: channelView(row), seat }
}

/** The only way to get a channel by its id. Refuses with `not_found`, so that nobody learns what exists. */
export async function accessChannel(
  tx: ReadTx,
  caller: Onlooker,
  id: ChannelId,
): Promise<Result<AccessedChannel, Refusal>> {
  const found = await channelForCaller(tx, caller, bytesOf(id))
  return found === undefined ? refused(refusal('not_found')) : ok(found)
}

/** Every channel that a caller may see, oldest first, and their own places in them. */
export async function visibleChannels(
  tx: ReadTx,
  caller: Caller,
): Promise<{ rows: ChannelView[]; seats: SeatView[] }> {
  if (caller.kind !== 'member' || !may(caller, 'conversations:read')) return { rows: [], seats: [] }
  const found = await tx.all(channelsForMember, {
    workspace: bytesOf(caller.workspace),
    member: bytesOf(caller.id),
    open: seesOpenChannels(caller) ? 1 : 0,
    limit: limits.channelsPerWorkspaceMax,
  })
  const seats = found.flatMap(({ id, seat_at: at }) =>
    at === null ? [] : [seatView({ channel: id, joined_at: at })],
  )
  return { rows: found.map(channelView), seats }
}

/** Those who hear of a channel, or undefined when it is none of this workspace. */
export async function hearersOfChannel(
  tx: ReadTx,
  workspace: Uint8Array,
  channel: Uint8Array,
): Promise<Hearers | undefined> {
  const row = await tx.get(channelById, { workspace, id: channel })
  if (row === undefined) return undefined
  const limit = limits.membersPerChannelMax
  const seats = await tx.all(seatsOfChannel, { workspace, channel, limit })
  const members = new Set(seats.map(({ member }) => idText('mbr', member)))
  return { isOpen: row.visibility === 'public', members }
}

/** The ids of those who share a channel with a member. */
export async function channelFellowsOf(
  tx: ReadTx,
  workspace: Uint8Array,
  member: Uint8Array,
): Promise<Uint8Array[]> {
  const rows = await tx.all(fellowsInChannels, { workspace, member })
  return rows.map((row) => row.member)
}
