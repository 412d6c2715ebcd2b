import { bytesOf, idText } from '@fermata/base/ids'
import { ok } from '@fermata/base/result'
import type { SessionView } from '@fermata/contract/accounts.schema'
import type { Caller, MemberActor } from '@fermata/contract/actors'
import type { Handlers } from '../handler.ts'
import { byOf } from '../audit/index.ts'
import { addMember, changeMe, changeMember } from './actions.members.ts'
import { changePassword, endOwnSession } from './actions.sessions.ts'
import { signIn } from './actions.sign-in.ts'
import { setUp, setupOpen } from './actions.setup.ts'
import type { AccountsDeps } from './deps.ts'
import { visibleMembers } from './directory.ts'
import { accessHandlers, type AccessAdminRoute } from './http.access.ts'
import { factorHandlers, type FactorRoute } from './http.factors.ts'
import { meOf } from './me.ts'
import type { Passwords } from './password.ts'
import type { SignIn } from './sign-in.ts'
import { sessionsOfMember } from './store.sign-in.sql.ts'

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
  | AccessAdminRoute
  | FactorRoute

type Deps = AccountsDeps & { readonly passwords: Passwords; readonly signIn: SignIn }

/** The handlers of this room's routes. */
export function accountsHandlers(deps: Deps): Handlers<AccountsRoute> {
  return {
    ...doorHandlers(deps),
    ...memberHandlers(deps),
    ...accessHandlers(deps),
    ...factorHandlers(deps),
  }
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
  const me = (caller: Caller) => meOf(deps, caller)
  return {
    'setup.get': async () => ok({ open: await storage.read(setupOpen) }),
    async 'setup.do'({ body, connection }) {
      const started = await setUp(deps, byOf({ caller: null, connection }), body)
      if (!started.ok) return started
      connection.setSessionCookie(started.value.cookie)
      return ok(await me(started.value.caller))
    },
    async 'sessions.start'({ body, connection }) {
      const started = await signIn(deps, byOf({ caller: null, connection }), body)
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
      const by = byOf({ caller, connection })
      const ended = await endOwnSession(deps, by, session)
      if (ended.ok && session === caller.session) connection.setSessionCookie(null)
      return ended
    },
    'me.get': async ({ caller }) => ok(await me(caller)),
    'me.change': (asked) => changeMe(deps, byOf(asked), asked.body),
    'me.password': (asked) => changePassword(deps, byOf(asked), asked.body),
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
        const rows = await visibleMembers(tx, caller, deps.fellowsOf)
        const { head } = await deps.storage.bounds(tx, bytesOf(caller.workspace))
        return ok({ rows, position: head })
      }),
    'members.add': (asked) => addMember(deps, byOf(asked), asked.body),
    'members.change': (asked) => changeMember(deps, byOf(asked), asked.params.member, asked.body),
    'members.deactivate': (asked) =>
      changeMember(deps, byOf(asked), asked.params.member, { active: false }),
    'members.reactivate': (asked) =>
      changeMember(deps, byOf(asked), asked.params.member, { active: true }),
  }
}
