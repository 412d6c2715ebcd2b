import type { Result } from '@fermata/base/result'
import type { MemberActor } from '@fermata/contract/actors'
import type { Refusal } from '@fermata/contract/errors'
import type { TeamView } from '@fermata/contract/teams.schema'
import { fromWithin } from '../audit/index.ts'
import type { Handlers } from '../handler.ts'
import { addTeam, joinTeam, type InTeam } from './actions.ts'
import type { TeamsDeps } from './deps.ts'
import { teamsHandlers, type TeamsRoute } from './http.ts'

/** The room of teams, put together. */
export interface TeamsRoom {
  readonly handlers: Handlers<TeamsRoute>
  /** Adds a team without members. */
  add(caller: MemberActor, name: string): Promise<Result<TeamView, Refusal>>
  /** Puts a member into a team. */
  join(caller: MemberActor, place: InTeam): Promise<Result<TeamView, Refusal>>
}

/** Puts the room together. */
export function teamsRoom(deps: TeamsDeps): TeamsRoom {
  return {
    handlers: teamsHandlers(deps),
    add: (caller, name) => addTeam(deps, fromWithin(caller), { name }),
    join: (caller, place) => joinTeam(deps, fromWithin(caller), place),
  }
}
