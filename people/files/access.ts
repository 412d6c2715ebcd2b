import { bytesOf, idText, type FileId } from '@fermata/base/ids'
import { present } from '@fermata/base/assert'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { ReadTx } from '@fermata/storage/port'
import type { FilesDeps } from './deps.ts'
import { blobByHash, fileById, fileForChange } from './store.sql.ts'
import type { BlobTable, FileTable } from './tables.ts'

/** A file that somebody may read, and what it holds. */
export interface AccessedFile {
  readonly file: FileTable
  readonly blob: BlobTable
}

/** What is not there and what is not yours look the same, so that nobody learns what exists. */
function absent(): { ok: false; refusal: Refusal } {
  return refused(refusal('not_found', { message: 'There is no such file, or you may not see it.' }))
}

/** What the file holds; the row of a blob is there as long as a file refers to it. */
async function blobOf(tx: ReadTx, file: FileTable): Promise<BlobTable | undefined> {
  if (file.hash === null) return undefined
  const { workspace, hash } = file
  return present(await tx.get(blobByHash, { workspace, hash }), 'what a file holds')
}

/**
 * The only way to get an upload for somebody: it is theirs, and no message carries it. Refuses with
 * `not_found`.
 */
export async function accessUpload(
  tx: ReadTx,
  caller: Caller,
  id: FileId,
  use: 'toLook' | 'toChange' = 'toLook',
): Promise<Result<{ file: FileTable; blob: BlobTable | undefined }, Refusal>> {
  const file = await tx.get(use === 'toLook' ? fileById : fileForChange, { id: bytesOf(id) })
  if (file === undefined || file.message !== null) return absent()
  if (idText('wsp', file.workspace) !== caller.workspace || file.owner !== caller.id) {
    return absent()
  }
  return ok({ file, blob: await blobOf(tx, file) })
}

/**
 * The only way to read a file for somebody: whoever may see the message that carries it, at this moment;
 * before there is one, whoever uploaded it. Refuses with `not_found`.
 */
export async function accessFile(
  tx: ReadTx,
  { seesMessage }: Pick<FilesDeps, 'seesMessage'>,
  caller: Caller,
  id: FileId,
): Promise<Result<AccessedFile, Refusal>> {
  const file = await tx.get(fileById, { id: bytesOf(id) })
  if (file === undefined || idText('wsp', file.workspace) !== caller.workspace) return absent()
  const seen =
    file.message === null
      ? file.owner === caller.id
      : await seesMessage(tx, caller, idText('msg', file.message))
  const blob = seen ? await blobOf(tx, file) : undefined
  return blob === undefined ? absent() : ok({ file, blob })
}
