import type { Handlers } from '../handler.ts'
import { draftActions } from './draft.actions.ts'
import { dueActions, type DueActions } from './due.ts'
import { draftsHandlers, type DraftsRoute } from './http.ts'
import { scheduleActions, type ScheduleDeps } from './schedule.actions.ts'
import { sharedActions } from './joint.actions.ts'

/** The room of what is written and not yet said. */
export interface DraftsRoom {
  readonly handlers: Handlers<DraftsRoute>
  readonly due: DueActions
}

/** Builds the room. */
export function draftsRoom(deps: ScheduleDeps): DraftsRoom {
  const { storage } = deps
  const drafts = draftActions(deps)
  const shared = sharedActions(deps)
  const scheduled = scheduleActions(deps)
  return {
    handlers: draftsHandlers({ storage, drafts, shared, scheduled }),
    due: dueActions(deps),
  }
}
