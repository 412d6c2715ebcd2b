import { bytesOf, idText } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok } from '@fermata/base/result'
import type { MeView, SessionView } from '@fermata/contract/accounts.schema'
import type { Caller, MemberActor } from '@fermata/contract/actors'
import type { ReadTx } from '@fermata/storage/port'
import type { Handlers } from '../handler.ts'
import { addApp, endApp } from './actions.apps.ts'
import { addMember, changeMember } from './actions.members.ts'
import { changePassword, endOwnSession, signIn } from './actions.sessions.ts'
import { setUp, setupOpen } from './actions.setup.ts'
import type { AccountsDeps } from './deps.ts'
import type { Passwords } from './password.ts'
import type { SignIn } from './sign-in.ts'
import { appsOfWorkspace, membersOfWorkspace } from './store.sql.ts'
import { sessionsOfMember } from './store.sign-in.sql.ts'
import { appView, appViews, memberView, memberViews, workspaceView } from './views.ts'

/** The routes of this room. */
export type AccountsRoute =
  | 'setup.get'
  | 'setup.do'
  | 'sessions.start'
  | 'sessions.list'
  | 'sessions.end'
  | 'me.get'
  | 'me.change'
  | 'me.password'
  | 'members.list'
  | 'members.add'
  | 'members.change'
  | 'members.deactivate'
  | 'members.reactivate'
  | 'apps.list'
  | 'apps.add'
  | 'apps.remove'

type Deps = AccountsDeps & { readonly passwords: Passwords; readonly signIn: SignIn }

/** The handlers of this room's routes. */
export function accountsHandlers(deps: Deps): Handlers<AccountsRoute> {
  return { ...doorHandlers(deps), ...memberHandlers(deps), ...appHandlers(deps) }
}

async function meView(deps: Deps, tx: ReadTx, caller: Caller): Promise<MeView> {
  const { kind, workspace } = caller
  const [member] = kind === 'member' ? await memberViews(tx, workspace, [caller.id]) : []
  const [app] = kind === 'app' ? await appViews(tx, workspace, [caller.id]) : []
  return {
    kind,
    workspace: await workspaceView(tx, workspace),
    member: member ?? null,
    contact: kind === 'contact' ? caller.id : null,
    app: app ?? null,
    position: await headOf(deps, tx, caller),
  }
}

async function headOf({ storage }: Deps, tx: ReadTx, caller: Caller): Promise<number> {
  return (await storage.bounds(tx, bytesOf(caller.workspace))).head
}

function doorHandlers(
  deps: Deps,
): Handlers<
  | 'setup.get'
  | 'setup.do'
  | 'sessions.start'
  | 'sessions.list'
  | 'sessions.end'
  | 'me.get'
  | 'me.change'
  | 'me.password'
> {
  const { storage, clock } = deps
  const me = (caller: Caller) => storage.read((tx) => meView(deps, tx, caller))
  return {
    'setup.get': async () => ok({ open: await storage.read(setupOpen) }),
    async 'setup.do'({ body, connection }) {
      const started = await setUp(deps, { ...body, agent: connection.agent })
      if (!started.ok) return started
      connection.setSessionCookie(started.value.cookie)
      return ok(await me(started.value.caller))
    },
    async 'sessions.start'({ body, connection }) {
      const started = await signIn(deps, { ...body, agent: connection.agent })
      if (!started.ok) return started
      connection.setSessionCookie(started.value.cookie)
      return ok(await me(started.value.caller))
    },
    async 'sessions.list'({ caller }) {
      const owner = { workspace: bytesOf(caller.workspace), member: bytesOf(caller.id) }
      const rows = await storage.read((tx) =>
        tx.all(sessionsOfMember, { ...owner, now: clock.now() }),
      )
      return ok({ rows: rows.map((row) => sessionView(row, caller)) })
    },
    async 'sessions.end'({ params, caller, connection }) {
      const session = params.session === 'current' ? caller.session : params.session
      const ended = await endOwnSession(deps, caller, session)
      if (ended.ok && session === caller.session) connection.setSessionCookie(null)
      return ended
    },
    'me.get': async ({ caller }) => ok(await me(caller)),
    'me.change': ({ body, caller }) => changeMember(deps, caller, caller.id, body),
    'me.password': ({ body, caller }) => changePassword(deps, caller, body),
  }
}

function sessionView(
  row: { readonly id: Uint8Array; readonly agent: string; readonly created_at: number },
  caller: MemberActor,
): SessionView {
  const id = idText('ses', row.id)
  return { id, createdAt: row.created_at, agent: row.agent, current: id === caller.session }
}

function memberHandlers(
  deps: Deps,
): Handlers<
  'members.list' | 'members.add' | 'members.change' | 'members.deactivate' | 'members.reactivate'
> {
  return {
    'members.list': ({ caller }) =>
      deps.storage.read(async (tx) => {
        const limit = limits.membersPerWorkspaceMax
        const rows = await tx.all(membersOfWorkspace, {
          workspace: bytesOf(caller.workspace),
          limit,
        })
        return ok({ rows: rows.map(memberView), position: await headOf(deps, tx, caller) })
      }),
    'members.add': ({ body, caller }) => addMember(deps, caller, body),
    'members.change': ({ params, body, caller }) => changeMember(deps, caller, params.member, body),
    'members.deactivate': ({ params, caller }) =>
      changeMember(deps, caller, params.member, { active: false }),
    'members.reactivate': ({ params, caller }) =>
      changeMember(deps, caller, params.member, { active: true }),
  }
}

function appHandlers(deps: Deps): Handlers<'apps.list' | 'apps.add' | 'apps.remove'> {
  return {
    'apps.list': ({ caller }) =>
      deps.storage.read(async (tx) => {
        const limit = limits.appsPerWorkspaceMax
        const rows = await tx.all(appsOfWorkspace, { workspace: bytesOf(caller.workspace), limit })
        return ok({ rows: rows.map(appView), position: await headOf(deps, tx, caller) })
      }),
    'apps.add': ({ body, caller }) => addApp(deps, caller, body),
    'apps.remove': ({ params, caller }) => endApp(deps, caller, params.app),
  }
}
