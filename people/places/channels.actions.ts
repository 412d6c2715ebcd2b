import { present } from '@fermata/base/assert'
import { bytesOf, type ChannelId, type Ids, type MemberId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { MemberActor } from '@fermata/contract/actors'
import type { AuditAction } from '@fermata/contract/audit'
import type { ChannelView } from '@fermata/contract/channels.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { EventBody } from '@fermata/contract/events.schema'
import { may } from '@fermata/contract/may'
import type { Visibility } from '@fermata/contract/words'
import type { WriteTx } from '@fermata/storage/port'
import { accessMember, lockWorkspace, standingOf } from '../accounts/index.ts'
import { changesBetween, record, type By } from '../audit/index.ts'
import { emit } from '../event.ts'
import { channelView } from './channel.ts'
import { accessChannel, channelForCaller, type AccessedChannel } from './channels.access.ts'
import {
  channelById,
  countChannels,
  deleteSeat,
  insertChannel,
  insertSeat,
  seatOf,
  updateChannel,
} from './channels.sql.ts'
import type { PlacesDeps } from './deps.ts'
import type { ChannelTable } from './tables.ts'

type Deps = Pick<PlacesDeps, 'storage' | 'clock' | 'ids'>

/** What a channel is made of. */
export interface NewChannel {
  readonly name: string
  readonly purpose?: string
  readonly visibility?: Visibility
}

/** Somebody's place in a channel. */
export interface InChannel {
  readonly channel: ChannelId
  readonly member: MemberId
}

type ChannelEvent = 'channel.added' | 'channel.changed' | 'channel.joined' | 'channel.left'

/** One deed on channels: who does it, and when (ms). */
interface Deed {
  readonly tx: WriteTx
  readonly ids: Ids
  readonly by: By
  readonly caller: MemberActor
  readonly at: number
}

/** Notes in the audit log what was done to a channel. */
function noted(
  { tx, ids, by, caller, at }: Deed,
  action: AuditAction & `channel.${string}`,
  channel: Pick<ChannelView, 'id' | 'name'>,
  changes: ReturnType<typeof changesBetween> = [],
): Promise<void> {
  const what = { target: channel.id, targetName: channel.name, changes }
  return record(tx, ids, by, { workspace: caller.workspace, at, action, ...what })
}

/** What the audit log tells of a channel's settings. */
function words({ name, purpose, visibility }: ChannelTable): Readonly<Record<string, string>> {
  return { name, purpose, visibility }
}

/** Tells whoever sees the channel. */
function tell<T extends ChannelEvent>(
  { tx, caller, at }: Deed,
  channel: ChannelId,
  type: T,
  body: EventBody<T>,
): void {
  const workspace = bytesOf(caller.workspace)
  emit(tx, { workspace, at, actor: caller.id, type, body, place: bytesOf(channel) })
}

/** Tells one member, or everybody, to look again whether they see the channel. */
function tellAccess({ tx, caller, at }: Deed, channel: ChannelId, only: MemberId | null): void {
  const workspace = bytesOf(caller.workspace)
  const event = { workspace, at, actor: caller.id, type: 'access.changed' as const }
  emit(tx, { ...event, body: { channel }, only })
}

function rowKey(deed: Deed, channel: ChannelId) {
  return { workspace: bytesOf(deed.caller.workspace), id: bytesOf(channel) }
}

async function rowOf(deed: Deed, channel: ChannelId): Promise<ChannelTable> {
  return present(await deed.tx.get(channelById, rowKey(deed, channel)), 'a channel')
}

async function setRow(deed: Deed, row: ChannelTable): Promise<ChannelView> {
  await deed.tx.run(updateChannel, row)
  return channelView(row)
}

async function putSeat(deed: Deed, { channel, member }: InChannel): Promise<void> {
  const { workspace, id } = rowKey(deed, channel)
  await deed.tx.run(insertSeat, {
    workspace,
    channel: id,
    member: bytesOf(member),
    joined_at: deed.at,
    joined_by: bytesOf(deed.caller.id),
  })
  tell(deed, channel, 'channel.joined', { channel, member })
}

/** Does something to channels with nobody else at it. */
function alone<T>(
  { storage, clock, ids }: Deps,
  by: By,
  act: (deed: Deed) => Promise<Result<T, Refusal>>,
): Promise<Result<T, Refusal>> {
  const { caller } = by
  return storage.write(async (tx) => {
    await lockWorkspace(tx, bytesOf(caller.workspace))
    return act({ tx, ids, by, caller, at: clock.now() })
  })
}

/** Makes a channel; whoever makes it is its first member. */
export function addChannel(
  deps: Deps,
  by: By,
  input: NewChannel,
): Promise<Result<ChannelView, Refusal>> {
  const { caller } = by
  return alone(deps, by, async (deed) => {
    const limit = limits.channelsPerWorkspaceMax
    const workspace = bytesOf(caller.workspace)
    if ((await deed.tx.get(countChannels, { workspace }))!.count >= limit) {
      return refused(refusal('limit_reached', { field: 'channelsPerWorkspaceMax', limit }))
    }
    const channel = deps.ids.next('chn')
    const row: ChannelTable = {
      workspace,
      id: bytesOf(channel),
      name: input.name,
      purpose: input.purpose ?? '',
      visibility: input.visibility ?? 'public',
      members: 1,
      created_at: deed.at,
      created_by: bytesOf(caller.id),
      archived_at: null,
      archived_by: null,
    }
    await deed.tx.run(insertChannel, row)
    tell(deed, channel, 'channel.added', { channel })
    await putSeat(deed, { channel, member: caller.id })
    const view = channelView(row)
    await noted(deed, 'channel.added', view, changesBetween({}, words(row)))
    return ok(view)
  })
}

/** Whether somebody may change a channel that they see. */
function manages(caller: MemberActor, { channel, seat }: AccessedChannel): boolean {
  return may(caller, 'channels:manage') || (channel.by === caller.id && seat !== null)
}

function notYours(): { ok: false; refusal: Refusal } {
  const message = 'Whoever made the channel, or may manage channels, can do this.'
  return refused(refusal('not_allowed', { message }))
}

function outOfUse(): { ok: false; refusal: Refusal } {
  const message = 'This channel is archived; restore it first.'
  return refused(refusal('conflict', { message }))
}

/** Changes the name, the purpose or the visibility of a channel. */
export function changeChannel(
  deps: Deps,
  by: By,
  id: ChannelId,
  change: Partial<NewChannel>,
): Promise<Result<ChannelView, Refusal>> {
  const { caller } = by
  return alone(deps, by, async (deed) => {
    const found = await accessChannel(deed.tx, caller, id)
    if (!found.ok) return found
    if (!manages(caller, found.value)) return notYours()
    if (found.value.channel.archive !== null) return outOfUse()
    const before = await rowOf(deed, id)
    const after: ChannelTable = { ...before, ...change }
    const turns = after.visibility !== before.visibility
    if (turns && after.visibility === 'private' && found.value.seat === null) {
      const message = 'Join the channel before you make it private.'
      return refused(refusal('conflict', { message }))
    }
    if (!turns && after.name === before.name && after.purpose === before.purpose) {
      return ok(found.value.channel)
    }
    const view = await setRow(deed, after)
    tell(deed, id, 'channel.changed', { channel: id })
    if (turns) tellAccess(deed, id, null)
    await noted(deed, 'channel.changed', view, changesBetween(words(before), words(after)))
    return ok(view)
  })
}

/** Puts a channel out of use, or to use again. */
export function archiveChannel(
  deps: Deps,
  by: By,
  id: ChannelId,
  isArchived: boolean,
): Promise<Result<ChannelView, Refusal>> {
  const { caller } = by
  return alone(deps, by, async (deed) => {
    const found = await accessChannel(deed.tx, caller, id)
    if (!found.ok) return found
    if (!manages(caller, found.value)) return notYours()
    if ((found.value.channel.archive !== null) === isArchived) return ok(found.value.channel)
    const view = await setRow(deed, {
      ...(await rowOf(deed, id)),
      archived_at: isArchived ? deed.at : null,
      archived_by: isArchived ? bytesOf(caller.id) : null,
    })
    tell(deed, id, 'channel.changed', { channel: id })
    await noted(deed, isArchived ? 'channel.archived' : 'channel.restored', view)
    return ok(view)
  })
}

/** Why somebody may not let another into a channel, or null. */
function refuseInviting(caller: MemberActor, { seat }: AccessedChannel): Refusal | null {
  if (seat !== null && may(caller, 'channels:open')) return null
  return refusal('not_allowed', { message: 'Members of a channel, but no guests, let others in.' })
}

/** Joins a channel, or lets somebody else into it. */
export function joinChannel(
  deps: Deps,
  by: By,
  place: InChannel,
): Promise<Result<ChannelView, Refusal>> {
  const { channel: id, member } = place
  const { caller } = by
  return alone(deps, by, async (deed) => {
    const found = await accessChannel(deed.tx, caller, id)
    if (!found.ok) return found
    const refusing = member === caller.id ? null : refuseInviting(caller, found.value)
    if (refusing !== null) return refused(refusing)
    if (found.value.channel.archive !== null) return outOfUse()
    const joining = await accessMember(deed.tx, caller, member)
    if (!joining.ok) return joining
    if (joining.value.deactivated_at !== null) {
      return refused(refusal('conflict', { message: 'This member is deactivated.' }))
    }
    const { workspace, id: channel } = rowKey(deed, id)
    const seated = await deed.tx.get(seatOf, { workspace, channel, member: bytesOf(member) })
    if (seated !== undefined) return ok(found.value.channel)
    const row = await rowOf(deed, id)
    const limit = limits.membersPerChannelMax
    if (row.members >= limit) {
      return refused(refusal('limit_reached', { field: 'membersPerChannelMax', limit }))
    }
    const view = await setRow(deed, { ...row, members: row.members + 1 })
    await putSeat(deed, place)
    const changes = changesBetween({}, { member: joining.value.name })
    await noted(deed, 'channel.joined', view, changes)
    return ok(view)
  })
}

/** Leaves a channel, or takes somebody else out of it. Whoever sees it no more is told to forget it. */
export function leaveChannel(
  deps: Deps,
  by: By,
  { channel: id, member }: InChannel,
): Promise<Result<undefined, Refusal>> {
  const { caller } = by
  return alone(deps, by, async (deed) => {
    const found = await accessChannel(deed.tx, caller, id)
    if (!found.ok) return found
    if (member !== caller.id && !manages(caller, found.value)) return notYours()
    const row = await rowOf(deed, id)
    if (row.visibility === 'private' && row.members === 1) {
      const message = 'Nobody would see this channel any more. Archive it instead.'
      return refused(refusal('conflict', { message }))
    }
    const { workspace, id: channel } = rowKey(deed, id)
    const left = await deed.tx.run(deleteSeat, { workspace, channel, member: bytesOf(member) })
    if (left === 0) return refused(refusal('not_found'))
    const view = await setRow(deed, { ...row, members: row.members - 1 })
    tell(deed, id, 'channel.left', { channel: id, member })
    const leaving = await accessMember(deed.tx, caller, member)
    const name = leaving.ok ? leaving.value.name : ''
    await noted(deed, 'channel.left', view, changesBetween({ member: name }, {}))
    const standing = await standingOf(deed.tx, caller.workspace, member)
    const sees =
      standing !== undefined && (await channelForCaller(deed.tx, standing, channel)) !== undefined
    if (!sees) tellAccess(deed, id, member)
    return ok(undefined)
  })
}
