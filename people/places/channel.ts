import { idText } from '@fermata/base/ids'
import type { ChannelMemberView, ChannelView, SeatView } from '@fermata/contract/channels.schema'
import type { ChannelMemberTable, ChannelTable } from './tables.ts'

/** A channel, as whoever may see it sees it. */
export function channelView(row: ChannelTable): ChannelView {
  const { archived_at: at, archived_by: by } = row
  return {
    id: idText('chn', row.id),
    name: row.name,
    purpose: row.purpose,
    visibility: row.visibility,
    by: idText('mbr', row.created_by),
    createdAt: row.created_at,
    archive: at === null || by === null ? null : { by: idText('mbr', by), at },
    members: row.members,
  }
}

/** Somebody's own place in a channel. */
export function seatView(row: Pick<ChannelMemberTable, 'channel' | 'joined_at'>): SeatView {
  return { channel: idText('chn', row.channel), at: row.joined_at }
}

/** Somebody in a channel, as the others see them. */
export function channelMemberView(
  row: Pick<ChannelMemberTable, 'member' | 'joined_by' | 'joined_at'>,
): ChannelMemberView {
  return {
    member: idText('mbr', row.member),
    by: idText('mbr', row.joined_by),
    at: row.joined_at,
  }
}
