import { bytesOf } from '@fermata/base/ids'
import { ok } from '@fermata/base/result'
import { byOf } from '../audit/index.ts'
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
    'teams.add': (asked) => addTeam(deps, byOf(asked), asked.body),
    'teams.change': (asked) => changeTeam(deps, byOf(asked), asked.params.team, asked.body),
    'teams.remove': (asked) => removeTeam(deps, byOf(asked), asked.params.team),
    'teams.join': (asked) => joinTeam(deps, byOf(asked), asked.params),
    'teams.leave': (asked) => leaveTeam(deps, byOf(asked), asked.params),
  }
}
