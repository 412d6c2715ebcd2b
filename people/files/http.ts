import type { Handlers } from '../handler.ts'
import type { Uploads } from './uploads.ts'

/** The routes of this room that speak JSON; bytes come and go through the server. */
export type FilesRoute = 'uploads.add' | 'uploads.get' | 'uploads.remove'

/** The handlers of this room's routes. */
export function filesHandlers(uploads: Uploads): Handlers<FilesRoute> {
  return {
    'uploads.add': ({ caller, body }) => uploads.begin(caller, body),
    'uploads.get': ({ caller, params }) => uploads.look(caller, params.file),
    'uploads.remove': ({ caller, params }) => uploads.cancel(caller, params.file),
  }
}
