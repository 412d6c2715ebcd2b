import type { HeadListener } from './port.ts'

/** A workspace whose feed has grown, and up to where. */
export interface GrownHead {
  readonly workspace: Uint8Array
  readonly head: number
}

/** Those who want to hear that feeds have grown. */
export interface Heads {
  /** Adds a listener; answers a function that removes it. */
  add(listener: HeadListener): () => void
  /** Whether anybody listens. */
  any(): boolean
  /** Tells all listeners. */
  tell(workspace: Uint8Array, head: number): void
}

/** Makes an empty list of listeners. */
export function openHeads(): Heads {
  const listeners = new Set<HeadListener>()
  return {
    add(listener) {
      // A function of its own, so that adding one listener twice makes two of it.
      const added: HeadListener = (workspace, head) => listener(workspace, head)
      listeners.add(added)
      return () => void listeners.delete(added)
    },
    any: () => listeners.size > 0,
    tell(workspace, head) {
      for (const listener of listeners) listener(workspace, head)
    },
  }
}
