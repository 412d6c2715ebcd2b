import { present } from '@fermata/base/assert'
import { bytesOf, type MemberId, type TeamId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { MemberActor } from '@fermata/contract/actors'
import type { AuditAction } from '@fermata/contract/audit'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { may } from '@fermata/contract/may'
import type { TeamView } from '@fermata/contract/teams.schema'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import { accessMember, lockWorkspace } from '../accounts/index.ts'
import { changesBetween, record, type By } from '../audit/index.ts'
import { emit } from '../event.ts'
import { accessTeam } from './access.ts'
import type { TeamsDeps } from './deps.ts'
import {
  countTeams,
  deleteMembersOfTeam,
  deleteTeam,
  deleteTeamMember,
  insertTeam,
  insertTeamMember,
  updateTeam,
} from './store.sql.ts'
import { teamViews } from './views.ts'

/** Adds a team without members. */
export async function addTeam(
  deps: TeamsDeps,
  by: By,
  { name, leaseMs = limits.leaseMsDefault }: { readonly name: string; readonly leaseMs?: number },
): Promise<Result<TeamView, Refusal>> {
  const workspace = bytesOf(by.caller.workspace)
  const id = deps.ids.next('tea')
  return deps.storage.write(async (tx): Promise<Result<TeamView, Refusal>> => {
    await lockWorkspace(tx, workspace)
    const limit = limits.teamsPerWorkspaceMax
    if ((await tx.get(countTeams, { workspace }))!.count >= limit) {
      return refused(refusal('limit_reached', { field: 'teamsPerWorkspaceMax', limit }))
    }
    const at = deps.clock.now()
    const row = { workspace, id: bytesOf(id), name, created_at: at, lease_ms: leaseMs }
    await tx.run(insertTeam, row)
    emit(tx, { workspace, at, actor: by.caller.id, type: 'team.added', body: { team: id } })
    await noted(tx, deps, by, { action: 'team.added', team: id, name })
    return ok({ id, name, members: [], leaseMs })
  })
}

/** Changes the name of a team, or how long its leases last: those that begin or are renewed from now on. */
export async function changeTeam(
  deps: TeamsDeps,
  by: By,
  id: TeamId,
  change: { readonly name?: string; readonly leaseMs?: number },
): Promise<Result<TeamView, Refusal>> {
  return deps.storage.write(async (tx): Promise<Result<TeamView, Refusal>> => {
    const found = await accessTeam(tx, by.caller, id)
    if (!found.ok) return found
    const before = found.value
    const { name = before.name, leaseMs = before.lease_ms } = change
    if (name !== before.name || leaseMs !== before.lease_ms) {
      const key = { workspace: bytesOf(by.caller.workspace), id: bytesOf(id) }
      await tx.run(updateTeam, { ...key, name, lease_ms: leaseMs })
      tellOf(tx, deps, by, id)
      const was = { name: before.name, leaseMs: before.lease_ms }
      const changes = changesBetween(was, { name, leaseMs })
      await noted(tx, deps, by, { action: 'team.changed', team: id, name: before.name, changes })
    }
    return ok(await teamNow(tx, by.caller, id))
  })
}

/**
 * Removes a team, unless an inbox belongs to it: that inbox would either be seen by nobody or, all of
 * a sudden, by everybody. So no member gains or loses an inbox by it.
 */
export async function removeTeam(
  deps: TeamsDeps,
  by: By,
  id: TeamId,
): Promise<Result<undefined, Refusal>> {
  const workspace = bytesOf(by.caller.workspace)
  return deps.storage.write(async (tx): Promise<Result<undefined, Refusal>> => {
    await lockWorkspace(tx, workspace)
    const found = await accessTeam(tx, by.caller, id)
    if (!found.ok) return found
    const key = { workspace, id: bytesOf(id) }
    if (await deps.teamSeesInbox(tx, workspace, key.id)) {
      const message = 'An inbox belongs to this team. Give the inbox to another team first.'
      return refused(refusal('conflict', { message }))
    }
    const [team] = await teamViews(tx, by.caller.workspace, [id])
    await tx.run(deleteMembersOfTeam, key)
    await tx.run(deleteTeam, key)
    const at = deps.clock.now()
    emit(tx, { workspace, at, actor: by.caller.id, type: 'team.removed', body: { team: id } })
    // Guests among them see other people from now on.
    for (const member of team?.members ?? []) {
      const event = { workspace, at, actor: by.caller.id, type: 'access.changed' as const }
      emit(tx, { ...event, body: {}, only: member })
    }
    await noted(tx, deps, by, { action: 'team.removed', team: id, name: found.value.name })
    return ok(undefined)
  })
}

/** A member's place in a team. */
export interface InTeam {
  readonly team: TeamId
  readonly member: MemberId
}

/**
 * Why somebody may put nobody into a team, or null: it sees an inbox that they do not see. They would else
 * come to see it by joining themselves, or by way of whom they sent there.
 */
async function refuseJoin(
  tx: ReadTx,
  deps: TeamsDeps,
  { caller }: By,
  team: TeamView,
): Promise<Refusal | null> {
  if (may(caller, 'inboxes:all') || team.members.includes(caller.id)) return null
  const workspace = bytesOf(caller.workspace)
  if (!(await deps.teamSeesInbox(tx, workspace, bytesOf(team.id)))) return null
  return refusal('not_allowed', { message: 'This team sees an inbox that you do not see.' })
}

/** Puts a member into a team; they see its inboxes from the commit on. */
export async function joinTeam(
  deps: TeamsDeps,
  by: By,
  { team, member }: InTeam,
): Promise<Result<TeamView, Refusal>> {
  return deps.storage.write(async (tx): Promise<Result<TeamView, Refusal>> => {
    await lockWorkspace(tx, bytesOf(by.caller.workspace))
    const found = await accessTeam(tx, by.caller, team)
    if (!found.ok) return found
    const joining = await accessMember(tx, by.caller, member)
    if (!joining.ok) return joining
    const refusing = await refuseJoin(tx, deps, by, await teamNow(tx, by.caller, team))
    if (refusing !== null) return refused(refusing)
    if (joining.value.deactivated_at !== null) {
      return refused(refusal('conflict', { message: 'This member is deactivated.' }))
    }
    const key = { workspace: bytesOf(by.caller.workspace), team: bytesOf(team) }
    const joined = await tx.run(insertTeamMember, {
      ...key,
      member: bytesOf(member),
      joined_at: deps.clock.now(),
      joined_by: by.caller.id,
    })
    if (joined > 0) {
      tellOf(tx, deps, by, team, member)
      const changes = changesBetween({}, { member: joining.value.name })
      const { name } = found.value
      await noted(tx, deps, by, { action: 'team.joined', team, name, changes })
    }
    return ok(await teamNow(tx, by.caller, team))
  })
}

/** Takes a member out of a team. */
export async function leaveTeam(
  deps: TeamsDeps,
  by: By,
  { team, member }: InTeam,
): Promise<Result<TeamView, Refusal>> {
  return deps.storage.write(async (tx): Promise<Result<TeamView, Refusal>> => {
    const found = await accessTeam(tx, by.caller, team)
    if (!found.ok) return found
    const key = { workspace: bytesOf(by.caller.workspace), team: bytesOf(team) }
    const left = await tx.run(deleteTeamMember, { ...key, member: bytesOf(member) })
    if (left === 0) return refused(refusal('not_found'))
    tellOf(tx, deps, by, team, member)
    const who = await accessMember(tx, by.caller, member)
    const changes = changesBetween({ member: who.ok ? who.value.name : '' }, {})
    const { name } = found.value
    await noted(tx, deps, by, { action: 'team.left', team, name, changes })
    return ok(await teamNow(tx, by.caller, team))
  })
}

async function noted(
  tx: WriteTx,
  deps: TeamsDeps,
  by: By,
  done: {
    readonly action: AuditAction & `team.${string}`
    readonly team: TeamId
    readonly name: string
    readonly changes?: ReturnType<typeof changesBetween>
  },
): Promise<void> {
  const { action, team, name, changes = [] } = done
  const at = deps.clock.now()
  const { workspace } = by.caller
  await record(tx, deps.ids, by, { workspace, at, action, target: team, targetName: name, changes })
}

/** Tells that a team has changed, and `member` that they may see other inboxes from now on. */
function tellOf(tx: WriteTx, deps: TeamsDeps, by: By, team: TeamId, member?: MemberId): void {
  const event = {
    workspace: bytesOf(by.caller.workspace),
    at: deps.clock.now(),
    actor: by.caller.id,
  }
  emit(tx, { ...event, type: 'team.changed', body: { team } })
  if (member !== undefined) emit(tx, { ...event, type: 'access.changed', body: {}, only: member })
}

async function teamNow(tx: ReadTx, caller: MemberActor, id: TeamId): Promise<TeamView> {
  const [view] = await teamViews(tx, caller.workspace, [id])
  return present(view, 'a team that was found')
}
