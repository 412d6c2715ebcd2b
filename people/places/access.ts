import { present } from '@fermata/base/assert'
import { bytesOf, idText, type InboxId, type TeamId, type WorkspaceId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { may } from '@fermata/contract/may'
import type { AnswerMinutes, InboxView } from '@fermata/contract/places.schema'
import type { ReadTx } from '@fermata/storage/port'
import type { Standing } from '../accounts/index.ts'
import { answerMinutesOf, inboxView } from './inbox.ts'
import {
  answerMinutesById,
  dutiesForMember,
  dutiesOfWorkspace,
  inboxById,
  inboxesForMember,
  inboxesOfWorkspace,
  inboxForMember,
  inboxOfTeam,
  inboxRows,
} from './store.sql.ts'

/** Whoever looks at inboxes; also somebody who is not here, but might be. */
type Onlooker = Caller | Standing

/** Whether a caller sees every inbox of their workspace. */
function seesAll(caller: Onlooker): boolean {
  return caller.kind === 'app' || may(caller, 'inboxes:all')
}

/** Whether a member sees the inboxes that belong to no team: 1 or 0, as the queries take it. */
function seesOpen(caller: Onlooker): number {
  return may(caller, 'inboxes:open') ? 1 : 0
}

/**
 * The inbox of something that a caller may see if they see its inbox; `undefined` when they do
 * not. One prepared query, for the paths that are walked with every message. A contact is guarded
 * by whose the conversation is, so to them every inbox of their workspace is one they have written to.
 */
export async function inboxForCaller(
  tx: ReadTx,
  caller: Onlooker,
  inbox: Uint8Array,
): Promise<InboxView | undefined> {
  const key = { workspace: bytesOf(caller.workspace), id: inbox }
  const row =
    caller.kind === 'contact' || seesAll(caller)
      ? await tx.get(inboxById, key)
      : await tx.get(inboxForMember, { ...key, member: bytesOf(caller.id), open: seesOpen(caller) })
  return row === undefined ? undefined : inboxView(row)
}

/**
 * The only way to get an inbox by its id: an app and whoever may sees all of their workspace, other
 * members those of their teams and, if they may, those without one, a contact the one of their token.
 * Refuses with `not_found`, so that nobody learns what exists.
 */
export async function accessInbox(
  tx: ReadTx,
  caller: Caller,
  id: InboxId,
): Promise<Result<InboxView, Refusal>> {
  if (caller.kind === 'contact' && caller.inbox !== id) return refused(refusal('not_found'))
  const inbox = await inboxForCaller(tx, caller, bytesOf(id))
  return inbox === undefined ? refused(refusal('not_found')) : ok(inbox)
}

/** The whole workspace, as a query takes it, and the member whose view of it is meant. */
function eachInboxOf(caller: Exclude<Caller, { kind: 'contact' }>) {
  const workspace = bytesOf(caller.workspace)
  const ofAll = { workspace, limit: limits.inboxesPerWorkspaceMax }
  return { ofAll, ofMember: { ...ofAll, member: bytesOf(caller.id), open: seesOpen(caller) } }
}

/** Every inbox that a caller may see, oldest first. Contacts see none: they have conversations. */
export async function visibleInboxes(tx: ReadTx, caller: Caller): Promise<InboxView[]> {
  if (caller.kind === 'contact') return []
  const { ofAll, ofMember } = eachInboxOf(caller)
  const rows = seesAll(caller)
    ? await tx.all(inboxesOfWorkspace, ofAll)
    : await tx.all(inboxesForMember, ofMember)
  return rows.map(inboxView)
}

/** An inbox, and whose work lies in it. */
export interface InboxDuty {
  readonly id: Uint8Array
  readonly team: TeamId | null
}

/** The same inboxes as {@link visibleInboxes}, for lists, which need no more of them and are looked at all the time. */
export async function inboxDuties(tx: ReadTx, caller: Caller): Promise<InboxDuty[]> {
  if (caller.kind === 'contact') return []
  const { ofAll, ofMember } = eachInboxOf(caller)
  const rows = seesAll(caller)
    ? await tx.all(dutiesOfWorkspace, ofAll)
    : await tx.all(dutiesForMember, ofMember)
  return rows.map(({ id, team }) => ({ id, team: team === null ? null : idText('tea', team) }))
}

/** What inboxes are now, in no order; those of other workspaces are left out. */
export async function inboxViews(
  tx: ReadTx,
  workspace: WorkspaceId,
  ids: readonly InboxId[],
): Promise<InboxView[]> {
  if (ids.length === 0) return []
  return (await inboxRows(tx, bytesOf(workspace), ids.map(bytesOf))).map(inboxView)
}

/** By when an inbox promises its answers, for time that passes without anybody asking. */
export async function promisesOf(tx: ReadTx, inbox: Uint8Array): Promise<AnswerMinutes> {
  return answerMinutesOf(present(await tx.get(answerMinutesById, { id: inbox }), 'an inbox'))
}

/** Whether a team sees any inbox. */
export async function teamSeesInbox(
  tx: ReadTx,
  workspace: Uint8Array,
  team: Uint8Array,
): Promise<boolean> {
  return (await tx.get(inboxOfTeam, { workspace, team })) !== undefined
}
