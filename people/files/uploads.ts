import { present } from '@fermata/base/assert'
import { bytesOf, idText, type FileId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { UploadBody, UploadView } from '@fermata/contract/files.schema'
import { UniqueViolation, type WriteTx } from '@fermata/storage/port'
import { accessUpload } from './access.ts'
import type { Sealed } from './blobs.ts'
import type { FilesDeps } from './deps.ts'
import { eraseFile, type Tidying } from './erase.ts'
import { isPicture, typeOf } from './kind.ts'
import { isSpokenFor } from './keeper.ts'
import { harmlessName } from './name.ts'
import { bounded, Excess, type Incoming } from './incoming.ts'
import {
  addTrash,
  addUsage,
  blobByHash,
  blobForChange,
  countUnsent,
  fileForChange,
  insertBlob,
  insertFile,
  sealFile,
  touchFile,
  usageOf,
} from './store.sql.ts'
import type { BlobTable, FileTable } from './tables.ts'
import { uploadView } from './views.ts'

/** The actions by which files come in. */
export interface Uploads {
  /** Announces a file. */
  begin(caller: Caller, body: UploadBody): Promise<Result<UploadView, Refusal>>
  /** How far an upload has come; when all of it has, it is finished first if it was not. */
  look(caller: Caller, id: FileId): Promise<Result<UploadView, Refusal>>
  /** Takes what comes next of an upload. Bytes that came before the line was cut are kept. */
  append(caller: Caller, id: FileId, incoming: Incoming): Promise<Result<UploadView, Refusal>>
  /** Gives up an upload, or a file that no message carries. */
  cancel(caller: Caller, id: FileId): Promise<Result<undefined, Refusal>>
}

function tooLarge(limit: number): Refusal {
  const message = 'The file is larger than `limit` bytes.'
  return refusal('too_large', { message, field: 'body.bytes', limit })
}

/** Why somebody may not announce a file of this size now. */
async function whyNot(
  tx: WriteTx,
  caller: Caller,
  bytes: number,
  workspaceBytesMax: number,
): Promise<Refusal | undefined> {
  const most = caller.kind === 'contact' ? limits.fileBytesOfContactMax : limits.fileBytesMax
  if (bytes > most) return tooLarge(most)
  const { count } = present(await tx.get(countUnsent, { owner: caller.id }), 'a count')
  const limit = limits.filesUnsentPerActorMax
  if (count >= limit) {
    const message = 'Too many files are waiting to be sent: send or cancel some first.'
    return refusal('too_many', { message, limit, retryAfterMs: 60_000 })
  }
  const workspace = bytesOf(caller.workspace)
  const used = (await tx.get(usageOf, { workspace }))?.bytes ?? 0
  const message = 'The files of this workspace take all the room that they may.'
  if (used + bytes > workspaceBytesMax) {
    const field = 'fileBytesPerWorkspaceMax'
    return refusal('limit_reached', { message, field, limit: workspaceBytesMax })
  }
  // To announce costs nothing, and anybody can be a visitor.
  const percent = limits.fileRoomOfContactsPercentMax
  if (caller.kind === 'contact' && used + bytes > (workspaceBytesMax / 100) * percent) {
    const field = 'fileRoomOfContactsPercentMax'
    return refusal('limit_reached', { message, field, limit: percent })
  }
  return undefined
}

/** The writers of uploads. */
export function uploads(deps: FilesDeps, tidying: Tidying): Uploads {
  const { storage, clock, ids, blobs } = deps
  /** Uploads that are being written to in this process: one writer each. */
  const busy = new Set<FileId>()
  const tidyLater = (): void => void tidying.tidy()

  async function viewed(caller: Caller, id: FileId): Promise<Result<UploadView, Refusal>> {
    const accessed = await storage.read((tx) => accessUpload(tx, caller, id))
    if (!accessed.ok) return accessed
    const { file, blob } = accessed.value
    const offset = blob === undefined ? await blobs.size(id) : file.bytes
    return ok(uploadView(file, offset, blob))
  }

  /** Runs a step on an upload that nobody else writes to. */
  async function alone<T>(
    id: FileId,
    step: () => Promise<Result<T, Refusal>>,
  ): Promise<Result<T, Refusal>> {
    if (busy.has(id)) {
      const message = 'Another request is writing to this upload.'
      return refused(refusal('conflict', { message, field: 'params.file' }))
    }
    busy.add(id)
    try {
      return await step()
    } finally {
      busy.delete(id)
    }
  }

  async function finish(caller: Caller, file: FileTable): Promise<Result<UploadView, Refusal>> {
    const sealed = await blobs.seal(idText('fil', file.id), file.bytes)
    let isWritten = false
    while (!isWritten)
      isWritten = await written(deps, file.id, await understood(deps, file, sealed))
    // What was there already needs no second copy.
    tidyLater()
    return viewed(caller, idText('fil', file.id))
  }

  async function look(caller: Caller, id: FileId): Promise<Result<UploadView, Refusal>> {
    const seen = await viewed(caller, id)
    // A server that was cut off between the last byte and the end goes on here.
    if (!seen.ok || seen.value.file !== null || seen.value.offset < seen.value.bytes) return seen
    return busy.has(id) ? seen : alone(id, () => append(caller, id, { at: seen.value.bytes }))
  }

  async function append(
    caller: Caller,
    id: FileId,
    incoming: Incoming,
  ): Promise<Result<UploadView, Refusal>> {
    const accessed = await storage.read((tx) => accessUpload(tx, caller, id))
    if (!accessed.ok) return accessed
    const { file, blob } = accessed.value
    const offset = blob === undefined ? await blobs.size(id) : file.bytes
    if (incoming.at !== offset) {
      const message = `The upload has ${offset} bytes; go on from there.`
      return refused(refusal('conflict', { message, field: 'headers.upload-offset' }))
    }
    if (blob !== undefined) return ok(uploadView(file, offset, blob))
    let end = offset
    if (incoming.source !== undefined) {
      const source = bounded(incoming.source, file.bytes - offset, incoming.checksum)
      try {
        end = await blobs.append(id, offset, source)
      } catch (error) {
        if (error instanceof Excess) return refused(error.refusal)
        throw error
      } finally {
        await storage.write((tx) => tx.run(touchFile, { id: file.id, at: clock.now() }))
      }
    }
    return end === file.bytes ? finish(caller, file) : ok(uploadView(file, end, undefined))
  }

  return {
    async begin(caller, { name, bytes }) {
      const id = ids.next('fil')
      const begun = await storage.write(async (tx) => {
        const why = await whyNot(tx, caller, bytes, deps.workspaceBytesMax)
        if (why !== undefined) return refused(why)
        const at = clock.now()
        const workspace = bytesOf(caller.workspace)
        const given = { name: harmlessName(name), bytes, made_at: at, touched_at: at }
        await tx.run(insertFile, { workspace, id: bytesOf(id), owner: caller.id, ...given })
        await tx.run(addUsage, { workspace, bytes })
        return ok(undefined)
      })
      return begun.ok ? look(caller, id) : begun
    },

    look,
    append: (caller, id, incoming) => alone(id, () => append(caller, id, incoming)),

    cancel: (caller, id) =>
      alone(id, async () => {
        const erased = await storage.write(async (tx) => {
          const accessed = await accessUpload(tx, caller, id, 'toChange')
          if (!accessed.ok) return accessed
          if (isSpokenFor(accessed.value.file.keeper, null)) {
            const message = 'A message that waits for its time carries this file.'
            return refused(refusal('conflict', { message, field: 'params.file' }))
          }
          await eraseFile(tx, accessed.value.file)
          return ok(undefined)
        })
        if (erased.ok) tidyLater()
        return erased
      }),
  }
}

/** Finds out what has come. A picture is looked into, unless the same one was before. */
async function understood(
  { storage, blobs, pictures }: FilesDeps,
  file: FileTable,
  { hash, head }: Sealed,
): Promise<BlobTable> {
  const { workspace, bytes } = file
  const known = await storage.read((tx) => tx.get(blobByHash, { workspace, hash }))
  if (known !== undefined) return known
  const type = typeOf(head, head.length === bytes)
  const plain = { workspace, hash, file: file.id, bytes, type, width: null, height: null, small: 0 }
  if (!isPicture(type) || bytes > limits.pictureBytesMax) return plain
  const id = idText('fil', file.id)
  const picture = await pictures.look(async () => {
    const parts: Uint8Array[] = []
    for await (const part of await blobs.read(id)) parts.push(part as Uint8Array)
    return Buffer.concat(parts)
  })
  if (picture === null) return plain
  await blobs.put(`${id}.small`, picture.small)
  return { ...plain, width: picture.width, height: picture.height, small: picture.small.length }
}

/**
 * Writes that all of a file has come. When the workspace holds the same bytes already, the file refers
 * to those and its own become trash. Answers false when what was known of them is true no more.
 */
async function written(
  { storage, clock }: FilesDeps,
  id: Uint8Array,
  content: BlobTable,
): Promise<boolean> {
  const { workspace, hash, bytes } = content
  const isOwn = Buffer.compare(content.file, id) === 0
  try {
    return await storage.write(async (tx) => {
      const file = await tx.get(fileForChange, { id })
      // It may have been given up, or finished by another server, in the meantime.
      if (file === undefined || file.hash !== null) return true
      const held = await tx.get(blobForChange, { workspace, hash })
      // The file that it was known from may have been erased in the meantime.
      if (held === undefined && !isOwn) return false
      if (held === undefined) {
        await tx.run(insertBlob, content)
      } else {
        await tx.run(addUsage, { workspace, bytes: -bytes })
        await tx.run(addTrash, { file: id })
      }
      await tx.run(sealFile, { id, hash, at: clock.now() })
      return true
    })
  } catch (error) {
    // Another upload of the same bytes was finished at this moment.
    if (error instanceof UniqueViolation) return false
    throw error
  }
}
