import { bytesOf, type ChannelId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { MemberActor } from '@fermata/contract/actors'
import type { FloorRow } from '@fermata/contract/channels.schema'
import type { MineView } from '@fermata/contract/conversations.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { farFuture } from '@fermata/contract/lists'
import { present } from '@fermata/base/assert'
import type { ReadTx } from '@fermata/storage/port'
import { accessChannel, visibleChannels } from '../places/index.ts'
import { directsOfReader, directsWith, floorOfChannel, readUnread } from './floor.sql.ts'
import { keyOfPage, mineOfRow, pageToken, previewOfRow } from './lists.ts'
import type { ListRow } from './lists.sql.ts'
import { floorPlaceOf, floorRecordOf } from './record.ts'
import { floorRowView } from './views.ts'

/** How much of a list, and from where. */
export interface FloorAsked {
  readonly page?: string
  readonly limit?: number
}

/** What a page of conversations among members holds. */
export interface FloorListed {
  readonly rows: FloorRow[]
  readonly mine: MineView[]
  readonly next: string | null
}

interface From {
  readonly at: number
  readonly id: Uint8Array
  readonly limit: number
}

const noId = new Uint8Array(16)

/** Reads a page, one row more than it holds to learn whether there are more. */
async function paged(
  asked: FloorAsked,
  read: (from: From) => Promise<ListRow[]>,
): Promise<Result<FloorListed, Refusal>> {
  const limit = asked.limit ?? limits.pageRowsDefault
  const key = asked.page === undefined ? undefined : keyOfPage('all', asked.page)
  if (asked.page !== undefined && key === undefined) {
    const message = 'This page token does not belong to this list.'
    return refused(refusal('invalid_field', { field: 'query.page', message }))
  }
  const from =
    key === undefined
      ? { at: farFuture, id: noId }
      : { at: -key[0], id: bytesOf(key[2] as FloorRow['id']) }
  const found = await read({ ...from, limit: limit + 1 })
  const kept = found.slice(0, limit)
  const rows = kept.map((row) => {
    const place = present(floorPlaceOf(row), 'a place among members')
    return floorRowView(floorRecordOf(row, place), previewOfRow(row))
  })
  const last = rows.at(-1)
  return ok({
    rows,
    mine: kept.flatMap((row) => mineOfRow(row) ?? []),
    next:
      found.length > limit && last !== undefined
        ? pageToken('all', [-last.lastAt, 0, last.id])
        : null,
  })
}

/** The conversations of a channel, those with the newest word first. */
export async function channelPage(
  tx: ReadTx,
  caller: MemberActor,
  id: ChannelId,
  asked: FloorAsked,
): Promise<Result<FloorListed, Refusal>> {
  const found = await accessChannel(tx, caller, id)
  if (!found.ok) return found
  const where = { reader: caller.id, channel: bytesOf(id) }
  return paged(asked, (from) => tx.all(floorOfChannel, { ...from, ...where }))
}

/** A member's direct conversations in which something was said, those with the newest word first. */
export async function directsPage(
  tx: ReadTx,
  caller: MemberActor,
  asked: FloorAsked,
): Promise<Result<FloorListed, Refusal>> {
  return paged(asked, (from) => tx.all(directsOfReader, { ...from, reader: caller.id }))
}

/** How many conversations of each channel of mine hold something unread, among the newest of them. */
export async function unreadChannels(
  tx: ReadTx,
  caller: MemberActor,
): Promise<{ channel: ChannelId; count: number }[]> {
  const { seats } = await visibleChannels(tx, caller)
  const asked = seats.map(({ channel, at }) => ({ channel: bytesOf(channel), after: at }))
  const counts = await readUnread(tx, caller.id, asked)
  return seats.map(({ channel }, at) => ({ channel, count: counts[at] ?? 0 }))
}

/** The ids of those with whom a member talks directly. */
export async function directFellowsOf(tx: ReadTx, member: string): Promise<string[]> {
  const rows = await tx.all(directsWith, { actor: member })
  return rows.flatMap(({ direct }) => direct?.split(' ') ?? [])
}
