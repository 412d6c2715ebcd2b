import { idText } from '@fermata/base/ids'
import type { FileView, UploadView } from '@fermata/contract/files.schema'
import type { BlobTable, FileTable } from './tables.ts'

/** A file, all of which has come. */
export function fileView(file: FileTable, blob: BlobTable): FileView {
  return {
    id: idText('fil', file.id),
    name: file.name,
    type: blob.type,
    bytes: blob.bytes,
    width: blob.width,
    height: blob.height,
    thumbnail: blob.small > 0,
  }
}

/** A file on its way; with its blob once all of it has come. */
export function uploadView(
  file: FileTable,
  offset: number,
  blob: BlobTable | undefined,
): UploadView {
  const { id, name, bytes } = file
  const whole = blob === undefined ? null : fileView(file, blob)
  return { id: idText('fil', id), name, bytes, offset, file: whole }
}
