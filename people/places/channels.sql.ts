import { sql } from 'kysely'
import { queriesOver } from '@fermata/storage/query'
import type { ChannelMemberTable, ChannelTable, PlacesTables } from './tables.ts'

const query = queriesOver<PlacesTables>()

interface ChannelKey {
  workspace: Uint8Array
  id: Uint8Array
}

interface SeatKey {
  workspace: Uint8Array
  channel: Uint8Array
  member: Uint8Array
}

/** A channel, and since when a member is in it: null when they are not. */
export interface SeatedChannelRow extends ChannelTable {
  seat_at: number | null
}

export const channelById = query<ChannelKey>()<ChannelTable>((db, p) =>
  db.selectFrom('channels').selectAll().where('workspace', '=', p.workspace).where('id', '=', p.id),
)

/** A channel with the place that a member has in it. */
export const channelForMember = query<ChannelKey & { member: Uint8Array }>()<SeatedChannelRow>(
  (db, p) =>
    db
      .selectFrom('channels')
      .leftJoin('channel_members as seat', (join) =>
        join
          .onRef('seat.workspace', '=', 'channels.workspace')
          .onRef('seat.channel', '=', 'channels.id')
          .on('seat.member', '=', p.member),
      )
      .selectAll('channels')
      .select('seat.joined_at as seat_at')
      .where('channels.workspace', '=', p.workspace)
      .where('channels.id', '=', p.id),
)

/** The channels that a member is in, and with `open` 1 all that are public; oldest first. */
export const channelsForMember = query<{
  workspace: Uint8Array
  member: Uint8Array
  open: number
  limit: number
}>()<SeatedChannelRow>((db, p) =>
  db
    .selectFrom('channels')
    .leftJoin('channel_members as seat', (join) =>
      join
        .onRef('seat.workspace', '=', 'channels.workspace')
        .onRef('seat.channel', '=', 'channels.id')
        .on('seat.member', '=', p.member),
    )
    .selectAll('channels')
    .select('seat.joined_at as seat_at')
    .where('channels.workspace', '=', p.workspace)
    .where((eb) =>
      eb.or([
        eb('seat.joined_at', 'is not', null),
        eb.and([eb('channels.visibility', '=', 'public'), sql<boolean>`${p.open} = 1`]),
      ]),
    )
    .orderBy('channels.id')
    .limit(p.limit),
)

export const countChannels = query<{ workspace: Uint8Array }>()((db, p) =>
  db
    .selectFrom('channels')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('workspace', '=', p.workspace),
)

export const insertChannel = query<ChannelTable>()((db, p) =>
  db.insertInto('channels').values({
    workspace: p.workspace,
    id: p.id,
    name: p.name,
    purpose: p.purpose,
    visibility: p.visibility,
    members: p.members,
    created_at: p.created_at,
    created_by: p.created_by,
    archived_at: p.archived_at,
    archived_by: p.archived_by,
  }),
)

/** Sets what of a channel may change. */
export const updateChannel = query<Omit<ChannelTable, 'created_at' | 'created_by'>>()((db, p) =>
  db
    .updateTable('channels')
    .set({
      name: p.name,
      purpose: p.purpose,
      visibility: p.visibility,
      members: p.members,
      archived_at: p.archived_at,
      archived_by: p.archived_by,
    })
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)

export const seatOf = query<SeatKey>()<ChannelMemberTable>((db, p) =>
  db
    .selectFrom('channel_members')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .where('channel', '=', p.channel)
    .where('member', '=', p.member),
)

export const insertSeat = query<ChannelMemberTable>()((db, p) =>
  db.insertInto('channel_members').values({
    workspace: p.workspace,
    channel: p.channel,
    member: p.member,
    joined_at: p.joined_at,
    joined_by: p.joined_by,
  }),
)

export const deleteSeat = query<SeatKey>()((db, p) =>
  db
    .deleteFrom('channel_members')
    .where('workspace', '=', p.workspace)
    .where('channel', '=', p.channel)
    .where('member', '=', p.member),
)

/** Who is in a channel, longest first. */
export const seatsOfChannel = query<{
  workspace: Uint8Array
  channel: Uint8Array
  limit: number
}>()<ChannelMemberTable>((db, p) =>
  db
    .selectFrom('channel_members')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .where('channel', '=', p.channel)
    .orderBy('joined_at')
    .orderBy('member')
    .limit(p.limit),
)

/** Those who share a channel with a member. */
export const fellowsInChannels = query<{ workspace: Uint8Array; member: Uint8Array }>()((db, p) =>
  db
    .selectFrom('channel_members as mine')
    .innerJoin('channel_members as theirs', (join) =>
      join
        .onRef('theirs.workspace', '=', 'mine.workspace')
        .onRef('theirs.channel', '=', 'mine.channel'),
    )
    .select('theirs.member')
    .distinct()
    .where('mine.workspace', '=', p.workspace)
    .where('mine.member', '=', p.member),
)
