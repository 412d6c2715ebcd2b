import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { assert } from '@fermata/base/assert'

/** Puts what was written to one file on disk, from a thread of its own. */
export interface Flusher {
  /** Resolves when everything written to the file before the call is on disk; rejects when that failed. */
  flush(): Promise<void>
  /** Ends the thread. No flush may be running. */
  close(): Promise<void>
}

/** The words that both threads share: requests made, requests done, and whether to stop. */
export const flushWord = { requested: 0, done: 1, stop: 2, count: 3 } as const

/** What the thread is started with. */
export interface FlushWorkerData {
  readonly path: string
  readonly words: Int32Array
}

/**
 * Starts the thread that flushes a file; the file must exist and keep its inode. It is a thread of
 * its own because in libuv's pool a flush would wait behind password hashes, and its descriptor
 * stays open for life because a failed write is reported only to descriptors that were open then.
 * The two threads talk through shared memory, which costs less than messages.
 */
export async function openFlusher(path: string): Promise<Flusher> {
  const words = new Int32Array(new SharedArrayBuffer(4 * flushWord.count))
  const workerData: FlushWorkerData = { path, words }
  const worker = new Worker(new URL('./flush.worker.ts', import.meta.url), {
    workerData,
    name: 'flush',
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 },
  })
  await once(worker, 'message')
  let failure: Error | undefined
  let running: PromiseWithResolvers<void> | undefined
  worker.once('error', (cause) => {
    failure = new Error('the flush thread ended', { cause })
    running?.reject(failure)
  })

  return {
    flush() {
      if (failure !== undefined) return Promise.reject(failure)
      assert(running === undefined, 'one flush runs at a time')
      const flush = (running = Promise.withResolvers<void>())
      const before = Atomics.load(words, flushWord.done)
      Atomics.add(words, flushWord.requested, 1)
      Atomics.notify(words, flushWord.requested)
      const change = Atomics.waitAsync(words, flushWord.done, before)
      const done = (): void => {
        running = undefined
        flush.resolve()
      }
      if (change.async) void change.value.then(done)
      else done()
      return flush.promise
    },
    async close() {
      if (failure !== undefined) return
      assert(running === undefined, 'a flush must not be cut off')
      const exited = once(worker, 'exit')
      Atomics.store(words, flushWord.stop, 1)
      Atomics.add(words, flushWord.requested, 1)
      Atomics.notify(words, flushWord.requested)
      await exited
    },
  }
}
