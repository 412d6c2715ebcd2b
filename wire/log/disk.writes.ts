import { once } from 'node:events'
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads'
import { DiskFailure, type DiskFailureCode } from './disk.ts'
import { sharedMemory, type MemoryMessage } from './disk.memory.ts'

/** The thread that writes what groups have brought into segments. Nothing is flushed there. */
export interface WriteThread {
  /** Writes parts, which lie in shared memory, one after the other into an open file. */
  write(
    file: { readonly descriptor: number; readonly path: string },
    position: number,
    parts: readonly Uint8Array[],
  ): Promise<void>
  close(): Promise<void>
}

/**
 * The words that both threads share. Rows count up and wrap as 32-bit integers: what was `requested` and is not
 * `done` lies in the ring. The bell wakes the thread.
 */
export const writesWord = { bell: 0, requested: 1, done: 2, stop: 3, count: 4 } as const

/** The fields of a row, each a double: one part of a write. */
export const writesField = { descriptor: 0, memory: 1, from: 2, bytes: 3, position: 4, count: 5 } as const // prettier-ignore

/** How many rows the ring holds; a power of two. */
export const writesRowsMax = 8_192

/** What the thread is started with. */
export interface WritesData {
  readonly words: Int32Array
  readonly rows: Float64Array
  readonly port: MessagePort
}

/** Rows that were not written, `to` exclusive. */
export interface WritesFailure {
  readonly from: number
  readonly to: number
  readonly code: DiskFailureCode
  readonly message: string
}

interface Job {
  readonly descriptor: number
  readonly path: string
  readonly parts: readonly Uint8Array[]
  position: number
  /** How many of its parts are in the ring, or were. */
  taken: number
  /** Its rows, `end` exclusive, as far as they are taken. */
  first: number
  end: number
  failure: DiskFailure | undefined
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Starts the thread. In libuv's pool each write wakes a thread and copies its list of parts, which for a thousand
 * partitions costs this thread more than the writing; here a thousand writes ring one bell.
 */
export async function openWriteThread(): Promise<WriteThread> {
  const words = new Int32Array(new SharedArrayBuffer(4 * writesWord.count))
  const rows = new Float64Array(new SharedArrayBuffer(8 * writesField.count * writesRowsMax))
  const { port1: port, port2 } = new MessageChannel()
  const workerData: WritesData = { words, rows, port: port2 }
  const worker = new Worker(new URL('./disk.writes.worker.ts', import.meta.url), {
    workerData,
    transferList: [port2],
    name: 'segments',
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
  })
  await once(worker, 'message')
  port.unref()
  const memory = sharedMemory((message: MemoryMessage) => port.postMessage(message))
  /** Not in the ring, or not wholly. */
  let waiting: Job[] = []
  /** In the ring; the first one is the next to be done. */
  let running: Job[] = []
  let requested = 0
  let died: DiskFailure | undefined
  let isWatching = false
  let isWoken = false
  worker.once('error', (cause) => {
    died = new DiskFailure('failed', 'the thread of the segments ended', { cause })
    for (const job of [...running, ...waiting]) job.reject(died)
    running = []
    waiting = []
  })

  const doneRows = (): number => Atomics.load(words, writesWord.done)
  const put = (job: Job, part: Uint8Array): void => {
    const at = (requested & (writesRowsMax - 1)) * writesField.count
    rows[at + writesField.descriptor] = job.descriptor
    rows[at + writesField.memory] = memory.numberOf(part)
    rows[at + writesField.from] = part.byteOffset
    rows[at + writesField.bytes] = part.length
    rows[at + writesField.position] = job.position
    if (job.taken === 0) job.first = requested
    job.position += part.length
    job.taken += 1
    requested = (requested + 1) | 0
    job.end = requested
  }
  const pump = (): void => {
    let free = writesRowsMax - ((requested - doneRows()) | 0)
    let taken = 0
    for (const job of waiting) {
      for (; job.taken < job.parts.length && free > 0; free--) put(job, job.parts[job.taken]!)
      if (job.taken < job.parts.length) break
      running.push(job)
      taken += 1
    }
    waiting = waiting.slice(taken)
    Atomics.store(words, writesWord.requested, requested)
    Atomics.add(words, writesWord.bell, 1)
    Atomics.notify(words, writesWord.bell)
    if (!isWatching) void watch()
  }
  const hearFailures = (): void => {
    for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port)) {
      const { from, to, code, message } = got.message as WritesFailure
      for (const job of [...running, ...waiting]) {
        const isHit = ((to - job.first) | 0) > 0 && ((job.end - from) | 0) > 0
        if (isHit && job.taken > 0) job.failure ??= new DiskFailure(code, `${job.path}: ${message}`)
      }
    }
  }
  const land = (done: number): void => {
    hearFailures()
    let landed = 0
    for (const job of running) {
      if (((done - job.end) | 0) < 0) break
      if (job.failure === undefined) job.resolve()
      else job.reject(job.failure)
      landed += 1
    }
    running = running.slice(landed)
  }
  /** Follows what is done for as long as something is to be done. */
  const watch = async (): Promise<void> => {
    isWatching = true
    while (died === undefined) {
      // Read before it is acted upon: what is done after that changes it, and the wait is none.
      const seen = doneRows()
      land(seen)
      if (waiting.length > 0) pump()
      if (running.length === 0 && waiting.length === 0) break
      const change = Atomics.waitAsync(words, writesWord.done, seen)
      if (change.async) await change.value
    }
    isWatching = false
  }

  return {
    write({ descriptor, path }, position, parts) {
      if (died !== undefined) return Promise.reject(died)
      if (parts.length === 0) return Promise.resolve()
      return new Promise((resolve, reject) => {
        const state = { position, taken: 0, first: 0, end: 0, failure: undefined }
        waiting.push({ descriptor, path, parts, ...state, resolve, reject })
        if (isWoken) return
        isWoken = true
        // What else is asked for in this turn rings the bell with it.
        queueMicrotask(() => {
          isWoken = false
          pump()
        })
      })
    },
    async close() {
      if (died !== undefined) return
      const exited = once(worker, 'exit')
      Atomics.store(words, writesWord.stop, 1)
      Atomics.add(words, writesWord.bell, 1)
      Atomics.notify(words, writesWord.bell)
      await exited
      port.close()
    },
  }
}
