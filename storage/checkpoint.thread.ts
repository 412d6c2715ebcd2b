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
  /** One at a time. Rejects when the thread is lost. */
  checkpoint(request: CheckpointRequest): Promise<CheckpointAnswer>
  close(): Promise<void>
}

/** Starts the thread for the database file at `path`, which must exist and be in WAL mode. */
export async function openCheckpointThread(path: string): Promise<CheckpointThread> {
  const workerData: CheckpointWorkerData = { path }
  const worker = new Worker(new URL('./checkpoint.worker.ts', import.meta.url), {
    workerData,
    name: 'checkpoint',
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 },
  })
  await once(worker, 'message')
  let running: PromiseWithResolvers<CheckpointAnswer> | undefined
  worker.on('message', (answer: CheckpointAnswer) => {
    const asked = running
    running = undefined
    asked?.resolve(answer)
  })
  worker.once('error', (error) => running?.reject(error))
  return {
    checkpoint(request) {
      assert(running === undefined, 'one checkpoint runs at a time')
      running = Promise.withResolvers<CheckpointAnswer>()
      worker.postMessage(request)
      return running.promise
    },
    async close() {
      const exited = once(worker, 'exit')
      worker.postMessage('close')
      await exited
    },
  }
}
