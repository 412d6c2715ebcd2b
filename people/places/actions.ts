import { bytesOf, type InboxId, type TeamId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller, MemberActor } from '@fermata/contract/actors'
import type { AuditAction } from '@fermata/contract/audit'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { AnswerMinutes, InboxView } from '@fermata/contract/places.schema'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import { lockWorkspace, type WorkspaceMade } from '../accounts/index.ts'
import { changesBetween, record, type By } from '../audit/index.ts'
import { emit } from '../event.ts'
import { accessTeam } from '../teams/index.ts'
import { accessInbox } from './access.ts'
import type { PlacesDeps } from './deps.ts'
import { answerColumns, inboxView, usualAnswerMinutes, usualGreeting } from './inbox.ts'
import { identitySecret, newInboxKey, newSecret, sealSecret } from './secret.ts'
import { countInboxes, insertInbox, replaceSecret, updateInbox } from './store.sql.ts'
import type { InboxTable } from './tables.ts'

/** What an inbox is made of. */
export interface NewInbox {
  readonly name: string
  readonly medium: InboxView['medium']
  readonly team?: TeamId | null
  readonly greeting?: string
  readonly origins?: readonly string[]
  readonly answerMinutes?: AnswerMinutes
}

/** What of an inbox may change. */
export type InboxChange = Partial<Omit<NewInbox, 'medium'>>

async function makeInbox(
  tx: WriteTx,
  deps: PlacesDeps,
  by: Pick<MemberActor, 'workspace' | 'id'>,
  input: NewInbox,
): Promise<InboxView> {
  const at = deps.clock.now()
  const workspace = bytesOf(by.workspace)
  const id = deps.ids.next('ibx')
  const row: InboxTable = {
    workspace,
    id: bytesOf(id),
    name: input.name,
    medium: input.medium,
    team: teamColumn(input.team ?? null),
    public_key: newInboxKey(deps.random),
    greeting: input.greeting ?? usualGreeting,
    origins: JSON.stringify(input.origins ?? []),
    ...answerColumns(input.answerMinutes ?? usualAnswerMinutes),
    secret_sealed: sealSecret(deps.keys, id, newSecret(deps.random)),
    created_at: at,
    created_by: by.id,
  }
  await tx.run(insertInbox, row)
  emit(tx, {
    workspace,
    at,
    actor: by.id,
    type: 'inbox.added',
    body: { inbox: id },
    place: row.id,
  })
  return inboxView(row)
}

/** The inbox with which a new workspace begins, so that the widget can be tried at once. */
export async function makeFirstInbox(
  tx: WriteTx,
  deps: PlacesDeps,
  made: WorkspaceMade,
): Promise<void> {
  const by = { workspace: made.workspace, id: made.owner }
  await makeInbox(tx, deps, by, { name: 'Website', medium: 'widget' })
}

/** Adds an inbox. */
export async function addInbox(
  deps: PlacesDeps,
  by: By,
  input: NewInbox,
): Promise<Result<InboxView, Refusal>> {
  const workspace = bytesOf(by.caller.workspace)
  return deps.storage.write(async (tx): Promise<Result<InboxView, Refusal>> => {
    await lockWorkspace(tx, workspace)
    const noTeam = await refuseTeam(tx, by.caller, input.team)
    if (noTeam !== null) return refused(noTeam)
    const limit = limits.inboxesPerWorkspaceMax
    if ((await tx.get(countInboxes, { workspace }))!.count >= limit) {
      return refused(refusal('limit_reached', { field: 'inboxesPerWorkspaceMax', limit }))
    }
    return ok(await addedInbox(tx, deps, by, input))
  })
}

/** Changes an inbox. When another team sees it from now on, everybody is told to look again. */
export async function changeInbox(
  deps: PlacesDeps,
  by: By,
  id: InboxId,
  change: InboxChange,
): Promise<Result<InboxView, Refusal>> {
  const workspace = bytesOf(by.caller.workspace)
  return deps.storage.write(async (tx): Promise<Result<InboxView, Refusal>> => {
    await lockWorkspace(tx, workspace)
    const found = await accessInbox(tx, by.caller, id)
    if (!found.ok) return found
    const noTeam = await refuseTeam(tx, by.caller, change.team)
    if (noTeam !== null) return refused(noTeam)
    const before = found.value
    const after: InboxView = {
      ...before,
      ...change,
      origins: [...(change.origins ?? before.origins)],
    }
    if (JSON.stringify(before) === JSON.stringify(after)) return ok(before)
    await tx.run(updateInbox, {
      workspace,
      id: bytesOf(id),
      name: after.name,
      team: teamColumn(after.team),
      greeting: after.greeting,
      origins: JSON.stringify(after.origins),
      ...answerColumns(after.answerMinutes),
    })
    const event = { workspace, at: deps.clock.now(), actor: by.caller.id }
    emit(tx, { ...event, type: 'inbox.changed', body: { inbox: id }, place: bytesOf(id) })
    if (after.team !== before.team) emit(tx, { ...event, type: 'access.changed', body: {} })
    const changes = changesBetween(before, after)
    await noted(tx, deps, by, { action: 'inbox.changed', inbox: before, changes })
    return ok(after)
  })
}

/** Replaces the secret with which a host site signs who its visitors are; the former is void at once. */
export async function renewSecret(
  deps: PlacesDeps,
  by: By,
  id: InboxId,
): Promise<Result<string, Refusal>> {
  const secret = newSecret(deps.random)
  const sealed = sealSecret(deps.keys, id, secret)
  return deps.storage.write(async (tx): Promise<Result<string, Refusal>> => {
    const found = await accessInbox(tx, by.caller, id)
    if (!found.ok) return found
    const key = { workspace: bytesOf(by.caller.workspace), id: bytesOf(id) }
    await tx.run(replaceSecret, { ...key, secret_sealed: sealed })
    await noted(tx, deps, by, { action: 'secret.renewed', inbox: found.value })
    return ok(secret)
  })
}

/** Shows the identity secret of an inbox to whoever sets up the host site; the audit log notes it. */
export async function showSecret(
  deps: PlacesDeps,
  by: By,
  id: InboxId,
): Promise<Result<string, Refusal>> {
  return deps.storage.write(async (tx): Promise<Result<string, Refusal>> => {
    const found = await accessInbox(tx, by.caller, id)
    if (!found.ok) return found
    await noted(tx, deps, by, { action: 'secret.shown', inbox: found.value })
    return ok(await identitySecret(tx, deps.keys, by.caller.workspace, id))
  })
}

async function addedInbox(
  tx: WriteTx,
  deps: PlacesDeps,
  by: By,
  input: NewInbox,
): Promise<InboxView> {
  const inbox = await makeInbox(tx, deps, by.caller, input)
  await noted(tx, deps, by, { action: 'inbox.added', inbox })
  return inbox
}

async function noted(
  tx: WriteTx,
  deps: PlacesDeps,
  by: By,
  done: {
    readonly action: AuditAction & `${'inbox' | 'secret'}.${string}`
    readonly inbox: InboxView
    readonly changes?: ReturnType<typeof changesBetween>
  },
): Promise<void> {
  const { action, inbox, changes = [] } = done
  const at = deps.clock.now()
  const what = { target: inbox.id, targetName: inbox.name, changes }
  await record(tx, deps.ids, by, { workspace: by.caller.workspace, at, action, ...what })
}

function teamColumn(team: TeamId | null): Uint8Array | null {
  return team === null ? null : bytesOf(team)
}

/** Why an inbox cannot belong to a team: there is no such team in the workspace. */
async function refuseTeam(
  tx: ReadTx,
  caller: Caller,
  team: TeamId | null | undefined,
): Promise<Refusal | null> {
  if (team === null || team === undefined) return null
  if ((await accessTeam(tx, caller, team)).ok) return null
  return refusal('invalid_field', { field: 'body.team', message: 'There is no such team.' })
}
