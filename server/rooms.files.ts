import { limits } from '@fermata/base/limits'
import { seesMessage } from '@fermata/people/conversations/index'
import { filesRoom, type FilesDeps, type FilesRoom } from '@fermata/people/files/index'

/** The room of files; whether somebody may see one, the room of conversations says. */
export function openFiles(
  shared: Pick<FilesDeps, 'storage' | 'clock' | 'ids' | 'blobs' | 'pictures'>,
  failed: (what: string, error: unknown) => void,
): FilesRoom {
  return filesRoom({
    ...shared,
    seesMessage,
    workspaceBytesMax: limits.fileBytesPerWorkspaceMax,
    failed: (error) => failed('the files', error),
  })
}
