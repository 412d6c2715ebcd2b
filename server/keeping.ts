import { limits } from '@fermata/base/limits'
import type { Cancel, Clock } from '@fermata/base/clock'
import { feedHeads } from '@fermata/storage/feed'
import type { Storage } from '@fermata/storage/port'

/** What has to be done now and then for the house to stay in order. */
export interface Keeping {
  /** Does it all once; answers how many events were let go. */
  keep(): Promise<number>
  stop(): void
}

/** Lets go of events that are so old that nobody resumes from before them any more. */
export function openKeeping(deps: {
  readonly storage: Storage
  readonly clock: Clock
  /** How many events each workspace's feed keeps. */
  readonly eventsKept: number
  /** Each erases what was never sent, or has been over for long; answers how many. */
  readonly forget: readonly (() => Promise<number>)[]
  readonly failed: (error: unknown) => void
}): Keeping {
  const { storage, clock, eventsKept } = deps
  let cancel: Cancel = wait()

  function wait(): Cancel {
    return clock.after(limits.keepingMs, () => {
      keep()
        .catch(deps.failed)
        .finally(() => (cancel = wait()))
    })
  }

  async function keep(): Promise<number> {
    let gone = 0
    const feeds = await storage.read((tx) => tx.all(feedHeads, {}))
    for (const { workspace } of feeds) gone += await storage.trim(workspace, eventsKept)
    for (const forget of deps.forget) await forget()
    return gone
  }

  return { keep, stop: () => cancel() }
}
