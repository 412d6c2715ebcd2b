import { idText, type ContactId, type FileId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { WriteTx } from '@fermata/storage/port'
import type { Handlers } from '../handler.ts'
import { accessFile } from './access.ts'
import type { BlobName } from './blobs.ts'
import type { FilesDeps } from './deps.ts'
import { tidying } from './erase.ts'
import { filesHandlers, type FilesRoute } from './http.ts'
import { isShown } from './kind.ts'
import { rehomeFiles } from './store.sql.ts'
import { uploads, type Uploads } from './uploads.ts'

/** What a reader is given of a file. */
export interface ReadableFile {
  /** Where its bytes lie. */
  readonly blob: BlobName
  readonly name: string
  readonly type: string
  /** How many there are. */
  readonly bytes: number
  /** Whether a browser may show it where it is. */
  readonly shown: boolean
}

/** The room of files, put together. */
export interface FilesRoom {
  readonly handlers: Handlers<FilesRoute>
  readonly uploads: Uploads
  /** A file as somebody may read it now, or its small picture. Refuses with `not_found`. */
  find(caller: Caller, id: FileId, what: 'whole' | 'small'): Promise<Result<ReadableFile, Refusal>>
  /** Removes bytes that nothing refers to any more. */
  tidy(): Promise<void>
  /** Erases what was uploaded long ago and never sent; answers how many files went. */
  forget(): Promise<number>
  /** Hands the unsent files of a visitor to the contact they turned out to be. */
  rehome(tx: WriteTx, move: { from: ContactId; to: ContactId }): Promise<void>
}

/** Puts the room together. */
export function filesRoom(deps: FilesDeps): FilesRoom {
  const { tidy, forget } = tidying(deps)
  const incoming = uploads(deps, { tidy, forget })
  return {
    handlers: filesHandlers(incoming),
    uploads: incoming,
    async find(caller, id, what) {
      const accessed = await deps.storage.read((tx) => accessFile(tx, deps, caller, id))
      if (!accessed.ok) return accessed
      const { file, blob } = accessed.value
      const whole = idText('fil', blob.file)
      const { type, bytes, small } = blob
      if (what === 'whole') {
        const shown = isShown(type, blob.width !== null)
        return ok({ blob: whole, name: file.name, type, bytes, shown })
      }
      if (small === 0) {
        const message = 'There is no small picture of this file.'
        return refused(refusal('not_found', { message }))
      }
      const name = `${file.name}.webp`
      return ok({ blob: `${whole}.small`, name, type: 'image/webp', bytes: small, shown: true })
    },
    tidy,
    forget,
    async rehome(tx, { from, to }) {
      await tx.run(rehomeFiles, { from, to })
    },
  }
}
