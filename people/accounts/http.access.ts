import { bytesOf, idText } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok } from '@fermata/base/result'
import { byOf } from '../audit/index.ts'
import type { Handlers } from '../handler.ts'
import { addApp, addToken, changeApp, endApp, endToken } from './actions.apps.ts'
import { acceptInvitation, invite, invitedTo, revokeInvitation } from './actions.invitations.ts'
import { addRole, changeRole, endRole } from './actions.roles.ts'
import type { AccountsDeps } from './deps.ts'
import { seesDirectory } from './directory.ts'
import { openLetter, waitingLetters } from './letter.ts'
import { meOf } from './me.ts'
import type { Passwords } from './password.ts'
import { openInvitations } from './store.invitations.sql.ts'
import { rolesOfWorkspace } from './store.roles.sql.ts'
import { appsOfWorkspace } from './store.sql.ts'
import { invitationView, roleView, scopesOf, withTokens } from './views.ts'

type AppRoute =
  | 'apps.list'
  | 'apps.answering'
  | 'apps.add'
  | 'apps.change'
  | 'apps.remove'
  | 'apps.addToken'
  | 'apps.removeToken'
type RoleRoute = 'roles.list' | 'roles.add' | 'roles.change' | 'roles.remove'
type InvitationRoute =
  | 'invitations.list'
  | 'invitations.add'
  | 'invitations.remove'
  | 'invitations.look'
  | 'invitations.accept'
  | 'letters.list'
  | 'letters.open'

/** The routes of who may do what, and of who was let in. */
export type AccessAdminRoute = AppRoute | RoleRoute | InvitationRoute

type Deps = AccountsDeps & { readonly passwords: Passwords }

/** The handlers of those routes. */
export function accessHandlers(deps: Deps): Handlers<AccessAdminRoute> {
  return { ...appHandlers(deps), ...roleHandlers(deps), ...invitationHandlers(deps) }
}

function appHandlers(deps: Deps): Handlers<AppRoute> {
  const { storage } = deps
  return {
    'apps.list': ({ caller }) =>
      storage.read(async (tx) => {
        const workspace = bytesOf(caller.workspace)
        const limit = limits.appsPerWorkspaceMax
        const apps = await tx.all(appsOfWorkspace, { workspace, limit })
        const { head } = await storage.bounds(tx, workspace)
        return ok({ rows: await withTokens(tx, workspace, apps), position: head })
      }),
    'apps.answering': ({ caller }) =>
      storage.read(async (tx) => {
        // A guest knows of nobody but whom they share a team with.
        if (!seesDirectory(caller)) return ok({ rows: [] })
        const workspace = bytesOf(caller.workspace)
        const apps = await tx.all(appsOfWorkspace, { workspace, limit: limits.appsPerWorkspaceMax })
        const answering = apps.filter((app) => scopesOf(app).includes('conversations:write'))
        return ok({ rows: answering.map(({ id, name }) => ({ id: idText('app', id), name })) })
      }),
    'apps.add': (asked) => addApp(deps, byOf(asked), asked.body),
    'apps.change': (asked) => changeApp(deps, byOf(asked), asked.params.app, asked.body),
    'apps.remove': (asked) => endApp(deps, byOf(asked), asked.params.app),
    'apps.addToken': (asked) => {
      const { overlapMs = limits.tokenOverlapMsDefault } = asked.body
      return addToken(deps, byOf(asked), asked.params.app, overlapMs)
    },
    'apps.removeToken': (asked) => endToken(deps, byOf(asked), asked.params),
  }
}

function roleHandlers(deps: Deps): Handlers<RoleRoute> {
  return {
    'roles.list': ({ caller }) =>
      deps.storage.read(async (tx) => {
        const limit = limits.rolesPerWorkspaceMax
        const workspace = bytesOf(caller.workspace)
        return ok({ rows: (await tx.all(rolesOfWorkspace, { workspace, limit })).map(roleView) })
      }),
    'roles.add': (asked) => addRole(deps, byOf(asked), asked.body),
    'roles.change': (asked) => changeRole(deps, byOf(asked), asked.params.role, asked.body),
    'roles.remove': (asked) => endRole(deps, byOf(asked), asked.params.role),
  }
}

function invitationHandlers(deps: Deps): Handlers<InvitationRoute> {
  const { storage, clock } = deps
  return {
    'invitations.list': ({ caller }) =>
      storage.read(async (tx) => {
        const limit = limits.invitationsPerWorkspaceMax
        const asked = { workspace: bytesOf(caller.workspace), now: clock.now(), limit }
        return ok({ rows: (await tx.all(openInvitations, asked)).map(invitationView) })
      }),
    'invitations.add': (asked) => invite(deps, byOf(asked), asked.body),
    'invitations.remove': (asked) => revokeInvitation(deps, byOf(asked), asked.params.invitation),
    'invitations.look': ({ body }) => storage.read((tx) => invitedTo(tx, body.token, clock.now())),
    async 'invitations.accept'({ body, connection }) {
      const by = byOf({ caller: null, connection })
      const started = await acceptInvitation(deps, by, body)
      if (!started.ok) return started
      connection.setSessionCookie(started.value.cookie)
      return ok(await meOf(deps, started.value.caller))
    },
    'letters.list': ({ caller }) =>
      storage.read(async (tx) => {
        const rows = await waitingLetters(tx, bytesOf(caller.workspace), clock.now())
        return ok({ rows })
      }),
    'letters.open': (asked) => openLetter(deps, byOf(asked), asked.params.letter),
  }
}
