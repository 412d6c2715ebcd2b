import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { assert } from '@fermata/base/assert'

/** What a checkpoint is asked to do (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint). */
export interface CheckpointRequest {
  /** `passive` disturbs nobody; `restart` lets the next commit begin the WAL file anew. */
  readonly mode: 'passive' | 'restart' | 'truncate'
  /** How long it may wait for readers; the writer must stand still meanwhile. */
  readonly waitMs: number
}

/** How a checkpoint went. */
export interface CheckpointAnswer {
  /** False when readers or an error kept it from reaching the end. */
  readonly done: boolean
  /** An error of SQLite, with its extended result code. */
  readonly error?: { readonly message: string; readonly code: number | undefined }
}

/** What the thread is started with. */
export interface CheckpointWorkerData {
  readonly path: string
}

/** Runs checkpoints on a connection and a thread of its own. */
export interface CheckpointThread {
  /** A checkpoint will be asked for before long: the thread starts. */
  wake(): void
  /** One at a time. Answers why it could not start; rejects when the thread is lost while it runs. */
  checkpoint(request: CheckpointRequest): Promise<CheckpointAnswer>
  close(): Promise<void>
}

/** A thread that has begun. */
interface Running {
  readonly worker: Worker
  asked: PromiseWithResolvers<CheckpointAnswer> | undefined
}

async function start(path: string, gone: () => void): Promise<Running> {
  const workerData: CheckpointWorkerData = { path }
  const worker = new Worker(new URL('./checkpoint.worker.ts', import.meta.url), {
    workerData,
    name: 'checkpoint',
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 },
  })
  await once(worker, 'message')
  const running: Running = { worker, asked: undefined }
  worker.on('message', (answer: CheckpointAnswer) => {
    const { asked } = running
    running.asked = undefined
    asked?.resolve(answer)
  })
  worker.once('error', (error) => running.asked?.reject(error))
  worker.once('exit', () => {
    running.asked?.reject(new Error('the checkpoint thread has ended'))
    gone()
  })
  return running
}

/**
 * The thread for the database file at `path`, which must exist and be in WAL mode. It starts when it is first of use:
 * a server that nobody writes to does without it, and without its 7 MiB.
 */
export function openCheckpointThread(path: string): CheckpointThread {
  let started: Promise<Running> | undefined
  let hasFailed = false
  const gone = (): void => {
    started = undefined
  }
  const get = (): Promise<Running> =>
    (started ??= start(path, gone).catch((error: unknown) => {
      gone()
      hasFailed = true
      throw error
    }))
  return {
    wake() {
      // Whoever asks for a checkpoint tries again, now and then, and hears why there is none.
      if (!hasFailed) get().catch(() => undefined)
    },
    async checkpoint(request) {
      let running: Running
      try {
        running = await get()
      } catch (error) {
        // Descriptors or memory may be short for a while only.
        return { done: false, error: { message: String(error), code: undefined } }
      }
      assert(running.asked === undefined, 'one checkpoint runs at a time')
      running.asked = Promise.withResolvers<CheckpointAnswer>()
      running.worker.postMessage(request)
      return running.asked.promise
    },
    async close() {
      const running = await started?.catch(() => undefined)
      if (running === undefined) return
      const { worker } = running
      const exited = once(worker, 'exit')
      worker.postMessage('close')
      await exited
    },
  }
}
