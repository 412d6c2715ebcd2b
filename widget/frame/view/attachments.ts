import { limits } from '@fermata/base/limits'
import type { Attachment, Uploads } from '@fermata/sdk/uploads'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useReadable, useSurround } from './context.ts'

interface Dropping {
  readonly onDragOver: (event: DragEvent) => void
  readonly onDragLeave: () => void
  readonly onDrop: (event: DragEvent) => void
}

/** The files that are to go with what is being written. */
export interface Attachments {
  readonly all: readonly Attachment[]
  readonly uploads: Uploads
  /** Whether some have not arrived at the server yet, or never will. */
  readonly open: boolean
  /** Whether the last ones were too many. */
  readonly tooMany: boolean
  readonly add: (files: readonly File[]) => void
  readonly take: () => void
  readonly paste: (event: ClipboardEvent) => void
  /** Whether files hang above the field. */
  readonly over: boolean
  readonly dropping: Dropping
}

/** The attachments of one place where something is written. */
export function useAttachments(lane: string): Attachments {
  const { uploads } = useSurround()
  const all = useReadable(uploads).filter((one) => one.lane === lane)
  const [tooMany, setTooMany] = useState(false)
  const [over, setOver] = useState(false)
  const former = useRef(lane)
  useEffect(() => {
    // A conversation that was about to be opened has its real name now, and its files move along.
    if (former.current !== lane) uploads.move(former.current, lane)
    former.current = lane
  }, [uploads, lane])
  const add = (files: readonly File[]): void => {
    if (files.length > 0) setTooMany(uploads.add(lane, files) < files.length)
  }
  const carries = (event: DragEvent): boolean =>
    event.dataTransfer?.types.includes('Files') === true
  return {
    all,
    uploads,
    open: all.some(({ state }) => state !== 'done'),
    tooMany: tooMany && all.length >= limits.filesPerMessageMax,
    add,
    take: () => void uploads.take(lane),
    paste(event) {
      const files = [...(event.clipboardData?.files ?? [])]
      if (files.length === 0) return
      event.preventDefault()
      add(files)
    },
    over,
    dropping: {
      onDragOver(event) {
        if (!carries(event)) return
        event.preventDefault()
        setOver(true)
      },
      onDragLeave: () => setOver(false),
      onDrop(event) {
        setOver(false)
        if (!carries(event)) return
        event.preventDefault()
        add([...(event.dataTransfer?.files ?? [])])
      },
    },
  }
}
