/** A lock that one tab of the host holds at a time, so that two tabs never make two visitors. */
export interface Lock {
  /** Calls back once the lock is held. */
  readonly take: (held: () => void) => void
  /** Gives it back, or stops waiting for it. */
  readonly give: () => void
}

/** A lock by name. Pages that were not served securely have none, and hold it at once. */
export function openLock(name: string): Lock {
  let give: (() => void) | undefined
  return {
    take(held) {
      give?.()
      let waiting = true
      const given = new Promise<void>((resolve) => {
        give = () => {
          waiting = false
          resolve()
        }
      })
      const locks: LockManager | undefined = navigator.locks
      if (locks === undefined) return held()
      void locks.request(name, () => {
        if (waiting) held()
        return given
      })
    },
    give: () => give?.(),
  }
}
