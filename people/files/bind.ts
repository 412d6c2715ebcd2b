import { bytesOf, idText, type FileId, type MessageId } from '@fermata/base/ids'
import { assert, present } from '@fermata/base/assert'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { FileView } from '@fermata/contract/files.schema'
import type { WriteTx } from '@fermata/storage/port'
import type { Standing } from '../accounts/index.ts'
import { isSpokenFor, type Keeper } from './keeper.ts'
import { bindFile, blobByHash, fileForChange } from './store.sql.ts'
import { fileView } from './views.ts'

/**
 * The files that somebody wants to send, locked for the message that is to carry them. Refuses with
 * `invalid_field`, naming `field`, unless every one was uploaded by them, has come as a whole, is carried
 * by no message yet and spoken for by none that is to come.
 */
export async function unboundFiles(
  tx: WriteTx,
  caller: Caller | Standing,
  files: readonly FileId[],
  field: string,
  keeper: Keeper | null = null,
): Promise<Result<FileView[], Refusal>> {
  const unfit = (message: string) => refused(refusal('invalid_field', { message, field }))
  const views: FileView[] = []
  for (const id of files) {
    const file = await tx.get(fileForChange, { id: bytesOf(id) })
    const isTheirs = file?.owner === caller.id && file.message === null
    if (isTheirs && isSpokenFor(file.keeper, keeper)) {
      return unfit('A message that waits for its time carries a file of these.')
    }
    if (!isTheirs || idText('wsp', file.workspace) !== caller.workspace) {
      return unfit('A file is not there, or a message carries it already.')
    }
    const { workspace, hash } = file
    if (hash === null) return unfit('Not all of a file has come yet.')
    const blob = await tx.get(blobByHash, { workspace, hash })
    views.push(fileView(file, present(blob, 'what a file holds')))
  }
  return ok(views)
}

/** Gives files to a message, in the message's own transaction, which has found them to be unbound. */
export async function bindFiles(
  tx: WriteTx,
  message: MessageId,
  files: readonly FileView[],
): Promise<void> {
  for (const { id } of files) {
    const bound = await tx.run(bindFile, { id: bytesOf(id), message: bytesOf(message) })
    assert(bound === 1, 'a file that was found unbound is bound once')
  }
}
