import { bytesOf, idText, type MessageId } from '@fermata/base/ids'
import { present } from '@fermata/base/assert'
import { limits } from '@fermata/base/limits'
import type { WriteTx } from '@fermata/storage/port'
import type { FilesDeps } from './deps.ts'
import {
  addTrash,
  addUsage,
  anyFileOfBlob,
  blobForChange,
  deleteBlob,
  deleteFile,
  deleteTrash,
  fileForChange,
  filesOfMessage,
  forgottenFiles,
  someTrash,
} from './store.sql.ts'
import type { FileTable } from './tables.ts'

/** Erases a file, and what it holds when it was the last to refer to it. The bytes become trash. */
export async function eraseFile(tx: WriteTx, file: FileTable): Promise<void> {
  const { workspace, hash, id } = file
  if (hash === null) {
    await tx.run(deleteFile, { id })
    await tx.run(addUsage, { workspace, bytes: -file.bytes })
    await tx.run(addTrash, { file: id })
    return
  }
  // The blob's row is the lock between the last file that goes and the next one that comes.
  const blob = present(await tx.get(blobForChange, { workspace, hash }), 'what a file holds')
  await tx.run(deleteFile, { id })
  if ((await tx.get(anyFileOfBlob, { workspace, hash })) !== undefined) return
  await tx.run(deleteBlob, { workspace, hash })
  await tx.run(addUsage, { workspace, bytes: -blob.bytes })
  await tx.run(addTrash, { file: blob.file })
}

/** Erases the files of a message that is erased. */
export async function eraseFilesOf(tx: WriteTx, message: MessageId): Promise<void> {
  for (const file of await tx.all(filesOfMessage, { message: bytesOf(message) })) {
    await eraseFile(tx, file)
  }
}

/** Keeps the bytes in step with the database. */
export interface Tidying {
  /** Removes the bytes that nothing refers to, after what it is doing now. What fails is told, and tried again later. */
  tidy(): Promise<void>
  /** Erases what was uploaded long ago and never sent, and tidies; answers how many files went. */
  forget(): Promise<number>
}

/** Removes bytes only after it is on disk that nothing refers to them. */
export function tidying({ storage, clock, blobs, failed }: FilesDeps): Tidying {
  let running: Promise<void> = Promise.resolve()

  async function emptyTrash(): Promise<void> {
    for (;;) {
      const limit = limits.filesErasedPerStep
      const trash = await storage.read((tx) => tx.all(someTrash, { limit }))
      if (trash.length === 0) return
      // A power cut must not bring back a row whose bytes are gone.
      await storage.durable()
      for (const { file } of trash) await blobs.remove(idText('fil', file))
      await storage.write(async (tx) => {
        for (const one of trash) await tx.run(deleteTrash, one)
      })
    }
  }

  function tidy(): Promise<void> {
    running = running.then(emptyTrash).catch(failed)
    return running
  }

  async function forget(): Promise<number> {
    let gone = 0
    for (;;) {
      const before = clock.now() - limits.fileUnsentMs
      const limit = limits.filesErasedPerStep
      const found = await storage.read((tx) => tx.all(forgottenFiles, { before, limit }))
      for (const { id } of found) {
        gone += await storage.write(async (tx) => {
          const file = await tx.get(fileForChange, { id })
          // Something may have come of it since.
          if (file === undefined || file.message !== null || file.keeper !== null) return 0
          if (file.touched_at >= before) return 0
          await eraseFile(tx, file)
          return 1
        })
      }
      if (found.length < limit) break
    }
    await tidy()
    return gone
  }

  return { tidy, forget }
}
