/** Something that can be read, and tells when it has changed. The store of the sdk is one, too. */
export interface Readable<T> {
  readonly getState: () => T
  /** Calls after every change; answers what ends that. */
  readonly subscribe: (listener: () => void) => () => void
}

/** A value that can be set. */
export interface Cell<T> extends Readable<T> {
  readonly set: (value: T) => void
}

export function cell<T>(initial: T): Cell<T> {
  const listeners = new Set<() => void>()
  let held = initial
  return {
    getState: () => held,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    set(value) {
      if (Object.is(held, value)) return
      held = value
      for (const listener of listeners) listener()
    },
  }
}
