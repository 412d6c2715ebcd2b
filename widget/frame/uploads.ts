import type { KeptUpload, UploadStorage } from '@fermata/sdk/uploads'
import type { Kept } from './kept.ts'

const prefix = 'file.'

/**
 * What is known of unsent files, in the host page's storage. Their bytes fit nowhere: a browser gives the
 * frame of another site no storage. So a file that was on its way is asked for again, and then goes
 * on where it was.
 */
export function keptUploads(kept: Kept): UploadStorage {
  return {
    load: () =>
      Promise.resolve(kept.names(prefix).flatMap((name) => readUpload(kept.get(name)) ?? [])),
    save(upload) {
      const known = JSON.stringify({ ...upload, source: undefined })
      return Promise.resolve(kept.set(prefix + upload.key, known))
    },
    remove: (key) => Promise.resolve(kept.set(prefix + key, null)),
  }
}

/** The host page shares its storage with its own scripts: what cannot be read is passed over. */
function readUpload(text: string | null): KeptUpload | null {
  try {
    const upload: unknown = JSON.parse(text ?? '')
    const isUpload = typeof upload === 'object' && upload !== null && 'lane' in upload
    return isUpload ? (upload as KeptUpload) : null
  } catch {
    return null
  }
}
