import { bytesOf, type InboxId, type WorkspaceId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { Storage } from '@fermata/storage/port'
import { anyFree } from './next.sql.ts'

/** Tries to take something, and leaves when it did. It must not throw. */
export type Try = () => Promise<void>

/** Those who wait for something to do, inbox by inbox, in the order in which they came. */
export interface Waiters {
  /** Asks again and again from now on, until the answered function is called. Null: too many wait. */
  join(workspace: WorkspaceId, inbox: InboxId, attempt: Try): (() => void) | null
  /** Asks nobody any more. */
  stop(): void
}

/** Those who wait for one inbox. */
interface Line {
  readonly workspace: Uint8Array
  readonly inbox: Uint8Array
  readonly waiting: Set<Try>
  isAsking: boolean
  /** Something has happened since the first of them was asked. */
  isDue: boolean
}

/**
 * Asks those who wait when their workspace's feed has grown: whatever makes a conversation free, owed or
 * seen is told there. One after the other, so that fifty who wait for one conversation do not all try
 * to take it.
 */
export function waiters(storage: Pick<Storage, 'read' | 'onHead'>): Waiters {
  const lines = new Map<InboxId, Line>()
  let count = 0
  let isOpen = true

  async function isAny({ inbox }: Line): Promise<boolean> {
    return storage.read(async (tx) => (await tx.get(anyFree, { inbox })) !== undefined)
  }

  async function round(line: Line): Promise<void> {
    line.isDue = false
    for (const attempt of [...line.waiting]) {
      if (!line.waiting.has(attempt)) continue
      if (!isOpen || !(await isAny(line))) return
      // They may have gone while this looked; what they took then nobody would hear of.
      if (line.waiting.has(attempt)) await attempt()
    }
  }

  async function ask(line: Line): Promise<void> {
    if (line.isAsking) return
    line.isAsking = true
    try {
      while (isOpen && line.isDue && line.waiting.size > 0) await round(line)
    } catch {
      // The database did not answer. Whoever waits is asked again by the next event, or goes.
    } finally {
      line.isAsking = false
    }
  }

  const quiet = storage.onHead((workspace) => {
    for (const line of lines.values()) {
      if (Buffer.compare(line.workspace, workspace) !== 0) continue
      line.isDue = true
      void ask(line)
    }
  })

  return {
    join(workspace, inbox, attempt) {
      if (!isOpen || count >= limits.nextWaitersMax) return null
      const line = lines.get(inbox) ?? {
        workspace: bytesOf(workspace),
        inbox: bytesOf(inbox),
        waiting: new Set(),
        isAsking: false,
        isDue: false,
      }
      lines.set(inbox, line)
      line.waiting.add(attempt)
      count += 1
      // What came between its own first look and now.
      line.isDue = true
      void ask(line)
      return () => {
        if (!line.waiting.delete(attempt)) return
        count -= 1
        if (line.waiting.size === 0) lines.delete(inbox)
      }
    },
    stop() {
      isOpen = false
      quiet()
    },
  }
}
