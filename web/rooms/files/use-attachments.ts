import { useMemo, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '@fermata/base/limits'
import type { FileView } from '@fermata/contract/files.schema'
import type { Attachment } from '@fermata/sdk/uploads'
import { useSession } from '../../state/use-session.tsx'
import { useNotices } from '../../ui/toast.tsx'

/** The files that are to go with what is being written. */
export interface Attachments {
  readonly all: readonly Attachment[]
  /** Whether some have not arrived at the server yet, or never will. */
  readonly isOpen: boolean
  add(files: readonly File[]): void
  retry(key: string): void
  remove(key: string): void
  /** Hands them over to the message that carries them. */
  take(): readonly FileView[]
  /** The bytes of one that is on its way, for showing it. */
  source(key: string): Blob | null
}

/** The attachments of one place where something is written. */
export function useAttachments(lane: string): Attachments {
  const { uploads } = useSession()
  const notices = useNotices()
  const { t } = useTranslation()
  const everything = useSyncExternalStore(
    (hear) => uploads.subscribe(hear),
    () => uploads.getState(),
  )
  const all = useMemo(() => everything.filter((one) => one.lane === lane), [everything, lane])
  return {
    all,
    isOpen: all.some(({ state }) => state !== 'done'),
    add(files) {
      if (files.length === 0 || uploads.add(lane, files) === files.length) return
      const text = t('files.tooMany', { limit: limits.filesPerMessageMax })
      notices.say({ kind: 'failed', text })
    },
    retry: (key) => uploads.retry(key),
    remove: (key) => uploads.remove(key),
    take: () => uploads.take(lane),
    source: (key) => uploads.source(key),
  }
}
