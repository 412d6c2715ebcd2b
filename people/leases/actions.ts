import { bytesOf, uuidBytes, type WorkspaceId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import { standingOf } from '../accounts/index.ts'
import { setTimer } from '../schedule/index.ts'
import { decide, unheld, type Command, type Holder, type Lease, type Outcome } from './lease.ts'
import {
  endHolding,
  heldSince,
  holdersIn,
  holdingOf,
  insertHolding,
  leaseByClient,
  leaseForChange,
  leasesOfHolder,
  lockHolder,
  putLease,
} from './store.sql.ts'
import type { LeaseTable } from './tables.ts'

/** What is leased: the bytes of its id, and the workspace that it is in. */
export interface Subject {
  readonly workspace: WorkspaceId
  readonly subject: Uint8Array
}

/** A row as the domain knows it. */
function leaseOf(row: LeaseTable | undefined): Lease {
  if (row === undefined) return unheld
  const { token, holder, holder_name: name, since, until, span_ms: spanMs } = row
  if (holder === null) return { token, held: null }
  const note =
    row.note_by === null
      ? null
      : { by: { id: row.note_by as Holder['id'], name: row.note_by_name }, text: row.note }
  return {
    token,
    held: { holder: { id: holder as Holder['id'], name }, since, until, spanMs, note },
  }
}

function rowOf(
  { workspace, subject }: Subject,
  { token, held }: Lease,
  client: Uint8Array | null,
): LeaseTable {
  return {
    subject,
    workspace: bytesOf(workspace),
    token,
    holder: held?.holder.id ?? null,
    holder_name: held?.holder.name ?? '',
    since: held?.since ?? 0,
    until: held?.until ?? 0,
    span_ms: held?.spanMs ?? 0,
    note: held?.note?.text ?? '',
    note_by: held?.note?.by.id ?? null,
    note_by_name: held?.note?.by.name ?? '',
    client,
  }
}

async function saveSteps(tx: WriteTx, at: Subject, { steps }: Outcome): Promise<void> {
  const { subject } = at
  for (const step of steps) {
    if (step.type === 'began') {
      const { token, held, why, by } = step
      await tx.run(insertHolding, {
        subject,
        token,
        workspace: bytesOf(at.workspace),
        holder: held.holder.id,
        holder_name: held.holder.name,
        began_at: held.since,
        began_why: why,
        began_by: by,
        note: held.note?.text ?? '',
      })
    } else if (step.type === 'ended') {
      const { token, why, by, reason } = step
      const end = { ended_at: step.at, ended_why: why, ended_by: by, reason }
      await tx.run(endHolding, { subject, token, ...end })
    }
  }
}

/**
 * A member is one person: what they answered themselves since they wrote has overtaken nobody, so that
 * two answers in a row both go through. An app may be several programs under one name.
 */
async function unlessTheirOwn(
  tx: ReadTx,
  at: Subject,
  lease: Lease,
  command: Command,
): Promise<Command> {
  if (command.type !== 'answer' || command.token === null || command.token >= lease.token) {
    return command
  }
  if (command.by.id.startsWith('app_')) return command
  const { subject } = at
  const since = { subject, token: command.token, holder: command.by.id }
  const other = await tx.get(heldSince, since)
  return other === undefined ? { ...command, token: lease.token } : command
}

/**
 * Whether a refused command has been done already by the same one, whose answer was lost: what they passed
 * is free, what they handed over is the other's.
 */
async function isRepeat(tx: ReadTx, at: Subject, lease: Lease, command: Command): Promise<boolean> {
  if (command.type !== 'pass' && command.type !== 'hand') return false
  const last = await tx.get(holdingOf, { subject: at.subject, token: lease.token })
  if (last === undefined) return false
  const { by } = command
  if (command.type === 'pass') return last.ended_why === 'passed' && last.ended_by === by.id
  return last.ended_at === null && last.holder === command.to.id && last.began_by === by.id
}

/**
 * Whoever held it last, let it lapse and passes it now is not given it again either: why it ended is told anew.
 * Answers whether it was so.
 */
async function passedLate(
  tx: WriteTx,
  { subject }: Subject,
  { token }: Lease,
  command: Command,
): Promise<boolean> {
  if (command.type !== 'pass') return false
  const last = await tx.get(holdingOf, { subject, token })
  if (last?.holder !== command.by.id || last.ended_why !== 'expired') return false
  const { ended_at } = last
  const end = { ended_at, ended_why: 'passed', ended_by: command.by.id } as const
  await tx.run(endHolding, { subject, token, ...end, reason: command.reason })
  return true
}

/** Names whoever overtook an answer. */
async function overtaken(tx: ReadTx, at: Subject, lease: Lease): Promise<Refusal> {
  const last = await tx.get(holdingOf, { subject: at.subject, token: lease.token })
  if (last === undefined) return refusal('lease_lost')
  const holder = { id: last.holder as Holder['id'], name: last.holder_name }
  const message = `${holder.name} has held this conversation since.`
  return refusal('lease_lost', { message, holder, field: 'body.token' })
}

/**
 * Does something to a lease at a time (ms), in the transaction of what it is done for, and writes its
 * history and its timer. Whoever calls has locked the subject before. `client` names a taking, so that a
 * repeat of it can be found. Refuses as `decide` does.
 */
export async function changeLease(
  tx: WriteTx,
  at: Subject,
  change: { readonly command: Command; readonly now: number; readonly client?: string },
): Promise<Result<Outcome, Refusal>> {
  const { now } = change
  const row = await tx.get(leaseForChange, { subject: at.subject })
  const before = leaseOf(row)
  const command = await unlessTheirOwn(tx, at, before, change.command)
  const decided = decide(before, command, now)
  if (!decided.ok) {
    const isDone =
      (await isRepeat(tx, at, before, command)) || (await passedLate(tx, at, before, command))
    if (isDone) return ok({ lease: before, steps: [] })
    if (decided.refusal.code !== 'lease_lost') return decided
    return refused(await overtaken(tx, at, before))
  }
  const { lease, steps } = decided.value
  if (steps.length === 0) return decided
  const isNew = lease.token !== before.token
  const kept = isNew || lease.held === null ? null : (row?.client ?? null)
  const client = change.client === undefined ? kept : uuidBytes(change.client)
  await tx.run(putLease, rowOf(at, lease, lease.held === null ? null : client))
  await saveSteps(tx, at, decided.value)
  const [until, untilBefore] = [lease.held?.until ?? null, before.held?.until ?? null]
  if (until !== untilBefore) {
    const workspace = bytesOf(at.workspace)
    await setTimer(tx, { kind: 'lease', subject: at.subject, slot: '', workspace, at: until })
  }
  return decided
}

/** How many leases somebody may hold at the same time. */
export function leasesMax(holder: Holder['id']): number {
  return holder.startsWith('app_') ? limits.leasesPerAppMax : limits.leasesPerMemberMax
}

/**
 * Refuses one who is deactivated by now, though they were let in, and with `limit_reached` one who holds as
 * many leases as they may. It is true until the commit.
 */
export async function roomForOne(
  tx: WriteTx,
  workspace: WorkspaceId,
  holder: Holder['id'],
): Promise<Refusal | null> {
  await tx.get(lockHolder, { holder })
  if ((await standingOf(tx, workspace, holder)) === undefined) return refusal('not_allowed')
  const limit = leasesMax(holder)
  const held = await tx.all(leasesOfHolder, { holder, limit })
  if (held.length < limit) return null
  const field = holder.startsWith('app_') ? 'leasesPerAppMax' : 'leasesPerMemberMax'
  return refusal('limit_reached', { field, limit })
}

/** The subject that somebody took under a client id and still holds; null when there is none. */
export async function takenBefore(
  tx: ReadTx,
  holder: Holder['id'],
  client: string,
): Promise<Uint8Array | null> {
  const found = await tx.get(leaseByClient, { holder, client: uuidBytes(client) })
  return found?.subject ?? null
}

/** Everybody who holds something in a workspace. */
export async function holdersOf(tx: ReadTx, workspace: WorkspaceId): Promise<Holder['id'][]> {
  const rows = await tx.all(holdersIn, { workspace: bytesOf(workspace) })
  return rows.flatMap(({ holder }) => (holder === null ? [] : [holder as Holder['id']]))
}

/** Everything that somebody holds; until the commit they take nothing more. */
export async function heldBy(tx: WriteTx, holder: Holder['id']): Promise<Uint8Array[]> {
  await tx.get(lockHolder, { holder })
  const held = await tx.all(leasesOfHolder, { holder, limit: leasesMax(holder) })
  return held.map(({ subject }) => subject)
}
