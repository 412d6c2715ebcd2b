/** Numbers for memory that is shared with a thread, which is told of each piece once. */
export interface SharedMemory {
  /** The number of the memory that these bytes lie in. */
  numberOf(bytes: Uint8Array): number
}

/** What a thread is told of memory before it is named to it. */
export type MemoryMessage =
  | { readonly kind: 'memory'; readonly id: number; readonly buffer: SharedArrayBuffer }
  | { readonly kind: 'forget'; readonly id: number }

/** Whether bytes lie in memory that another thread can see. */
export function isShared(bytes: Uint8Array): boolean {
  return bytes.buffer instanceof SharedArrayBuffer
}

/** Makes the numbers for one thread. It forgets memory that nobody here has any more, so that it can be freed. */
export function sharedMemory(tell: (message: MemoryMessage) => void): SharedMemory {
  const known = new WeakMap<ArrayBufferLike, number>()
  const freed = new FinalizationRegistry<number>((id) => tell({ kind: 'forget', id }))
  let count = 0
  return {
    numberOf({ buffer }) {
      const found = known.get(buffer)
      if (found !== undefined) return found
      count += 1
      known.set(buffer, count)
      freed.register(buffer, count)
      tell({ kind: 'memory', id: count, buffer: buffer as SharedArrayBuffer })
      return count
    },
  }
}

/** The other end: the memory that a thread was told of. */
export class KnownMemory {
  readonly #bytes = new Map<number, Uint8Array>()

  hear(message: MemoryMessage): void {
    if (message.kind === 'memory') this.#bytes.set(message.id, new Uint8Array(message.buffer))
    else this.#bytes.delete(message.id)
  }

  /** Throws where the thread was not told. */
  bytes(id: number): Uint8Array {
    const found = this.#bytes.get(id)
    if (found === undefined) throw new Error('the memory is not shared')
    return found
  }
}
