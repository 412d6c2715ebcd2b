import type { Clock } from '@fermata/base/clock'
import { bytesOf, idText, type Ids, type ReplyId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { AppActor, MemberActor } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { may } from '@fermata/contract/may'
import { refusedReply } from '@fermata/contract/reply-text'
import type { ReplyView } from '@fermata/contract/replies.schema'
import type { ReadTx, Storage, WriteTx } from '@fermata/storage/port'
import { lockWorkspace } from '../accounts/index.ts'
import { changesBetween, record, type By } from '../audit/index.ts'
import { emit } from '../event.ts'
import { accessReply, replyView } from './access.ts'
import {
  countUse,
  forgetRemoved,
  insertReply,
  repliesOfOwner,
  sharedReplies,
  updateReply,
} from './store.sql.ts'
import type { ReplyTable } from './tables.ts'

/** What the room of replies is built from. */
export interface RepliesDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: Ids
}

/** What of a reply may change. */
export type ReplyChange = Partial<Pick<ReplyView, 'title' | 'shortcut' | 'body'>>

type Changed = Result<ReplyView, Refusal>

/** Shared ones are for whoever may manage them. */
function mayChange(caller: MemberActor, isShared: boolean): Refusal | null {
  if (!isShared || may(caller, 'replies:manage')) return null
  return refusal('not_allowed', { message: 'Shared replies are not yours to change.' })
}

/** Whether there is room for one more among the shared ones, or among somebody's own. */
async function full(
  tx: ReadTx,
  { workspace, owner }: Pick<ReplyTable, 'workspace' | 'owner'>,
): Promise<Refusal | null> {
  const field = owner === null ? 'repliesSharedMax' : 'repliesPerMemberMax'
  const known =
    owner === null
      ? await tx.all(sharedReplies, { workspace })
      : await tx.all(repliesOfOwner, { workspace, owner })
  const limit = limits[field]
  return known.length < limit ? null : refusal('limit_reached', { field, limit })
}

type Type = 'reply.added' | 'reply.changed' | 'reply.removed'

/** Tells whoever has it; the audit log is told of what all have. */
async function told(
  tx: WriteTx,
  deps: RepliesDeps,
  by: By,
  { type, row, before }: { type: Type; row: ReplyTable; before: ReplyTable | null },
): Promise<void> {
  const at = deps.clock.now()
  const { workspace, id: actor } = by.caller
  const reply = idText('rpl', row.id)
  const only = row.owner === null ? null : idText('mbr', row.owner)
  emit(tx, { workspace: row.workspace, at, actor, type, body: { reply }, only })
  if (row.owner !== null) return
  const changes = changesBetween(before === null ? {} : wordsOf(before), wordsOf(row))
  const done = { workspace, at, action: type, target: reply, targetName: row.title, changes }
  await record(tx, deps.ids, by, done)
}

function wordsOf({ title, shortcut, body }: ReplyTable): Record<string, string> {
  return { title, shortcut, body }
}

/** Adds a reply, shared or one's own: that never changes. */
export function addReply(
  deps: RepliesDeps,
  by: By,
  input: { title: string; shortcut?: string; body: string; shared: boolean },
): Promise<Changed> {
  const { caller } = by
  return deps.storage.write(async (tx): Promise<Changed> => {
    const row: ReplyTable = {
      workspace: bytesOf(caller.workspace),
      id: bytesOf(deps.ids.next('rpl')),
      title: input.title,
      shortcut: input.shortcut ?? '',
      body: input.body,
      owner: input.shared ? null : bytesOf(caller.id),
      created_at: deps.clock.now(),
      created_by: caller.id,
      removed_at: null,
      uses: 0,
      used_at: null,
      used_by: null,
    }
    await lockWorkspace(tx, row.workspace)
    const refusing =
      refusedReply(row.body) ?? mayChange(caller, input.shared) ?? (await full(tx, row))
    if (refusing !== null) return refused(refusing)
    await tx.run(insertReply, row)
    await told(tx, deps, by, { type: 'reply.added', row, before: null })
    return ok(replyView(row))
  })
}

function act(
  deps: RepliesDeps,
  by: By,
  id: ReplyId,
  change: (tx: WriteTx, reply: ReplyTable) => Promise<Result<ReplyTable, Refusal>>,
): Promise<Changed> {
  return deps.storage.write(async (tx): Promise<Changed> => {
    await lockWorkspace(tx, bytesOf(by.caller.workspace))
    const found = await accessReply(tx, by.caller, id)
    if (!found.ok) return found
    const before = found.value
    const refusing = mayChange(by.caller, before.owner === null)
    if (refusing !== null) return refused(refusing)
    const changed = await change(tx, before)
    if (!changed.ok) return changed
    const row = changed.value
    if (row === before) return ok(replyView(row))
    await tx.run(updateReply, row)
    await told(tx, deps, by, { type: typeOf(before, row), row, before })
    return ok(replyView(row))
  })
}

function typeOf(before: ReplyTable, after: ReplyTable): Type {
  if (before.removed_at === after.removed_at) return 'reply.changed'
  return after.removed_at === null ? 'reply.added' : 'reply.removed'
}

/** Changes a reply. */
export function changeReply(
  deps: RepliesDeps,
  by: By,
  id: ReplyId,
  change: ReplyChange,
): Promise<Changed> {
  return act(deps, by, id, async (_, reply) => {
    if (reply.removed_at !== null) return refused(refusal('not_found'))
    const row = { ...reply, ...change }
    const wrong = refusedReply(row.body)
    if (wrong !== null) return refused(wrong)
    return ok(JSON.stringify(wordsOf(row)) === JSON.stringify(wordsOf(reply)) ? reply : row)
  })
}

/** Removes a reply; for a day it may come back. */
export function removeReply(deps: RepliesDeps, by: By, id: ReplyId): Promise<Changed> {
  return act(deps, by, id, async (tx, reply) => {
    if (reply.removed_at !== null) return ok(reply)
    const now = deps.clock.now()
    await tx.run(forgetRemoved, {
      workspace: reply.workspace,
      before: now - limits.replyRemovedMs,
    })
    return ok({ ...reply, removed_at: now })
  })
}

/** Takes a removal back. */
export function restoreReply(deps: RepliesDeps, by: By, id: ReplyId): Promise<Changed> {
  return act(deps, by, id, async (tx, reply) => {
    if (reply.removed_at === null) return ok(reply)
    const refusing = await full(tx, reply)
    return refusing === null ? ok({ ...reply, removed_at: null }) : refused(refusing)
  })
}

/**
 * Counts that a message was sent with replies, in that message's transaction: so exactly once for each. A
 * reply that is gone by now, or was never theirs, counts nothing: the message is said all the same.
 */
export async function repliesUsed(
  tx: WriteTx,
  caller: Pick<MemberActor | AppActor, 'workspace' | 'id'>,
  ids: readonly ReplyId[],
  at: number,
): Promise<void> {
  const workspace = bytesOf(caller.workspace)
  const owner = bytesOf(caller.id)
  // In one order, so that two that use the same ones never wait for each other.
  for (const id of ids.toSorted()) {
    await tx.run(countUse, { workspace, id: bytesOf(id), owner, at, by: caller.id })
  }
}
