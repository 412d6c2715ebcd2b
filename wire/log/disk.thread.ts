import { once } from 'node:events'
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads'
import { assert } from '@fermata/base/assert'
import { DiskFailure, type DiskFailureCode } from './disk.ts'
import { isShared, sharedMemory, type MemoryMessage } from './disk.memory.ts'

/** The thread that writes and flushes the journal, and does nothing else. */
export interface FlushThread {
  /** Opens a file there; answers its number. */
  open(file: string, path: string): Promise<number>
  closeFile(id: number): Promise<void>
  /** Writes the parts one after the other and flushes the file. */
  put(id: number, position: number, parts: readonly Uint8Array[]): Promise<void>
  close(): Promise<void>
}

/**
 * The words that both threads share. A request is made by raising `requested`, and answered by raising
 * `done`; `failed` is 1 when the answer is an error, which then waits at the port.
 */
export const threadWord = {
  requested: 0,
  done: 1,
  failed: 2,
  operation: 3,
  file: 4,
  memory: 5,
  from: 6,
  bytes: 7,
  position: 8,
  count: 9,
} as const

/** What may be asked of the thread. Files and memory are told by the port before. */
export const threadOperation = { put: 1, open: 2, close: 3, stop: 4 } as const

/** What the thread is started with. */
export interface ThreadData {
  readonly words: Int32Array
  readonly port: MessagePort
}

/** What is sent by the port, to be read when the next request comes. */
export type ThreadMessage =
  | { readonly kind: 'file'; readonly id: number; readonly file: string; readonly path: string }
  | MemoryMessage

/** What comes back with an error. */
export interface ThreadFailure {
  readonly code: DiskFailureCode
  readonly message: string
}

/**
 * Starts the thread. It is one of its own because in libuv's pool a flush would wait behind password hashes;
 * the two talk through shared memory, which costs less than messages, and the bytes are not copied.
 */
export async function openFlushThread(): Promise<FlushThread> {
  const words = new Int32Array(new SharedArrayBuffer(4 * threadWord.count))
  const { port1: port, port2 } = new MessageChannel()
  const workerData: ThreadData = { words, port: port2 }
  const worker = new Worker(new URL('./disk.worker.ts', import.meta.url), {
    workerData,
    transferList: [port2],
    name: 'journal',
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 },
  })
  await once(worker, 'message')
  port.unref()
  let died: DiskFailure | undefined
  let running: PromiseWithResolvers<void> | undefined
  let files = 0
  worker.once('error', (cause) => {
    died = new DiskFailure('failed', 'the thread of the journal ended', { cause })
    running?.reject(died)
  })

  let last: Promise<void> = Promise.resolve()
  /** A further journal file may be opened while a group is in the air: each request waits for the one before. */
  const ask = (operation: number, file: number, prepare?: () => void): Promise<void> => {
    const answer = last.then(() => {
      prepare?.()
      return askNow(operation, file)
    })
    last = answer.catch(() => undefined)
    return answer
  }
  const askNow = async (operation: number, file: number): Promise<void> => {
    if (died !== undefined) throw died
    assert(running === undefined, 'one request runs at a time')
    running = Promise.withResolvers<void>()
    Atomics.store(words, threadWord.operation, operation)
    Atomics.store(words, threadWord.file, file)
    const before = Atomics.load(words, threadWord.done)
    Atomics.add(words, threadWord.requested, 1)
    Atomics.notify(words, threadWord.requested)
    const change = Atomics.waitAsync(words, threadWord.done, before)
    // Whichever comes first: the answer, or the death of the thread.
    if (change.async) void change.value.then(() => running?.resolve())
    else running.resolve()
    try {
      await running.promise
    } finally {
      running = undefined
    }
    if (Atomics.load(words, threadWord.failed) !== 1) return
    const failure = receiveMessageOnPort(port)?.message as ThreadFailure
    throw new DiskFailure(failure.code, failure.message)
  }
  const tell = (message: ThreadMessage): void => port.postMessage(message)
  const memory = sharedMemory(tell)
  /** The bytes as a range of memory that both threads see. */
  const shared = (parts: readonly Uint8Array[]): Uint8Array => {
    const [only] = parts
    if (parts.length === 1 && only !== undefined && isShared(only)) return only
    const bytes = parts.reduce((sum, part) => sum + part.length, 0)
    const copy = new Uint8Array(new SharedArrayBuffer(bytes))
    let at = 0
    for (const part of parts) {
      copy.set(part, at)
      at += part.length
    }
    return copy
  }
  return {
    async open(file, path) {
      files += 1
      const id = files
      tell({ kind: 'file', id, file, path })
      await ask(threadOperation.open, id)
      return id
    },
    closeFile: (id) => ask(threadOperation.close, id),
    put(id, position, parts) {
      const bytes = shared(parts)
      return ask(threadOperation.put, id, () => {
        Atomics.store(words, threadWord.memory, memory.numberOf(bytes))
        Atomics.store(words, threadWord.from, bytes.byteOffset)
        Atomics.store(words, threadWord.bytes, bytes.length)
        Atomics.store(words, threadWord.position, position)
      })
    },
    async close() {
      await last
      if (died !== undefined) return
      const exited = once(worker, 'exit')
      Atomics.store(words, threadWord.operation, threadOperation.stop)
      Atomics.add(words, threadWord.requested, 1)
      Atomics.notify(words, threadWord.requested)
      await exited
      port.close()
    },
  }
}
