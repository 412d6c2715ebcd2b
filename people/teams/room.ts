import type { Handlers } from '../handler.ts'
import type { TeamsDeps } from './deps.ts'
import { teamsHandlers, type TeamsRoute } from './http.ts'

/** The room of teams, put together. */
export interface TeamsRoom {
  readonly handlers: Handlers<TeamsRoute>
}

/** Puts the room together. */
export function teamsRoom(deps: TeamsDeps): TeamsRoom {
  return { handlers: teamsHandlers(deps) }
}
