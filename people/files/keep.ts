import { bytesOf, type FileId } from '@fermata/base/ids'
import { ok, type Result } from '@fermata/base/result'
import { assert } from '@fermata/base/assert'
import type { Caller } from '@fermata/contract/actors'
import type { Refusal } from '@fermata/contract/errors'
import type { FileView } from '@fermata/contract/files.schema'
import type { WriteTx } from '@fermata/storage/port'
import type { Standing } from '../accounts/index.ts'
import { unboundFiles } from './bind.ts'
import type { Keeper } from './keeper.ts'
import { keepFile, passKept, releaseFiles } from './store.sql.ts'

/**
 * Has files of somebody kept, and no others by this keeper, at a time (ms). Refuses with `invalid_field`
 * as a message that carries them would be refused.
 */
export async function keepFiles(
  tx: WriteTx,
  caller: Caller | Standing,
  files: readonly FileId[],
  keep: { readonly keeper: Keeper; readonly at: number; readonly field: string },
): Promise<Result<FileView[], Refusal>> {
  const { keeper, at, field } = keep
  const views = await unboundFiles(tx, caller, files, field, keeper)
  if (!views.ok) return views
  await letFilesGo(tx, keeper, at)
  for (const id of files) {
    const kept = await tx.run(keepFile, { id: bytesOf(id), keeper })
    assert(kept === 1, 'a file that was found unbound is kept')
  }
  return ok(views.value)
}

/** Nobody keeps any more what a keeper has kept; its time of being forgotten begins anew. */
export async function letFilesGo(tx: WriteTx, keeper: Keeper, at: number): Promise<void> {
  await tx.run(releaseFiles, { keeper, at })
}

/** Has what one keeper has kept be another's, with nothing forgotten in between. */
export async function passFilesOn(tx: WriteTx, from: Keeper, to: Keeper): Promise<void> {
  await tx.run(passKept, { from, to })
}
