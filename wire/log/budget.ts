import type { Clock } from '@fermata/base/clock'

/** How many bytes the background may read and write, so that nobody feels it. */
export interface Budget {
  /** Counts bytes that are about to be moved; resolves when they may be. */
  spend(bytes: number): Promise<void>
  /** Lets go on who waits, and lets nobody wait any more. */
  stop(): void
}

/** A budget of so many bytes a second, of which `burstBytes` may be spent at once. */
export function openBudget(
  clock: Clock,
  { bytesPerSecond, burstBytes }: { readonly bytesPerSecond: number; readonly burstBytes: number },
): Budget {
  let left = burstBytes
  let seenMs = clock.monotonic()
  let isStopped = false
  const waiting = new Set<() => void>()
  return {
    async spend(bytes) {
      const nowMs = clock.monotonic()
      left = Math.min(burstBytes, left + ((nowMs - seenMs) / 1_000) * bytesPerSecond)
      seenMs = nowMs
      left -= bytes
      if (left >= 0 || isStopped) return
      const waitMs = (-left / bytesPerSecond) * 1_000
      await new Promise<void>((resolve) => {
        waiting.add(resolve)
        clock.after(waitMs, () => {
          waiting.delete(resolve)
          resolve()
        })
      })
    },
    stop() {
      isStopped = true
      for (const goOn of waiting) goOn()
      waiting.clear()
    },
  }
}
