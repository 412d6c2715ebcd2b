import { ok } from '@fermata/base/result'
import type { Handlers } from '../handler.ts'
import type { BulkActions } from './bulk.actions.ts'

/** The routes of what is done to many conversations at once. */
export function bulkHandlers(bulk: BulkActions): Handlers<'bulk.do' | 'bulk.undo'> {
  return {
    'bulk.do': async ({ caller, body }) => ok({ outcomes: await bulk.act(caller, body) }),
    'bulk.undo': async ({ caller, body }) => ok({ outcomes: await bulk.undo(caller, body) }),
  }
}
