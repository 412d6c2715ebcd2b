import { limits } from '@fermata/base/limits'
import { deleteEventsTo, moveTail } from './feed.ts'
import type { Storage } from './port.ts'

/** Removes a workspace's oldest events beyond `keep`, a bounded number in each action; answers how many. */
export async function trimFeed(
  storage: Storage,
  workspace: Uint8Array,
  keep: number,
): Promise<number> {
  for (let removed = 0; ;) {
    const step = await storage.write(async (tx) => {
      const { head, tail } = await storage.bounds(tx, workspace)
      const to = Math.min(head - keep, tail + limits.feedTrimEventsPerStep)
      if (to <= tail) return 0
      await tx.run(moveTail, { workspace, tail: to })
      return tx.run(deleteEventsTo, { workspace, position: to })
    })
    if (step === 0) return removed
    removed += step
  }
}
