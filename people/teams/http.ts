import { bytesOf } from '@fermata/base/ids'
import { ok } from '@fermata/base/result'
import type { Handlers } from '../handler.ts'
import { addTeam, changeTeam, joinTeam, leaveTeam, removeTeam } from './actions.ts'
import type { TeamsDeps } from './deps.ts'
import { visibleTeams } from './views.ts'

/** The routes of this room. */
export type TeamsRoute =
  'teams.list' | 'teams.add' | 'teams.change' | 'teams.remove' | 'teams.join' | 'teams.leave'

/** The handlers of this room's routes. */
export function teamsHandlers(deps: TeamsDeps): Handlers<TeamsRoute> {
  const { storage } = deps
  return {
    'teams.list': ({ caller }) =>
      storage.read(async (tx) => {
        const workspace = bytesOf(caller.workspace)
        const { head } = await storage.bounds(tx, workspace)
        return ok({ rows: await visibleTeams(tx, caller), position: head })
      }),
    'teams.add': ({ body, caller }) => addTeam(deps, caller, body.name),
    'teams.change': ({ params, body, caller }) => changeTeam(deps, caller, params.team, body.name),
    'teams.remove': ({ params, caller }) => removeTeam(deps, caller, params.team),
    'teams.join': ({ params, caller }) => joinTeam(deps, caller, params),
    'teams.leave': ({ params, caller }) => leaveTeam(deps, caller, params),
  }
}
