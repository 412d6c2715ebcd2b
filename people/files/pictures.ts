import { Worker } from 'node:worker_threads'
import type { Cancel, Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'

/** What a look into a picture tells. */
export interface Picture {
  /** Its size as it is to be shown, in pixels. */
  readonly width: number
  readonly height: number
  /** A small picture of it, as WebP, with nothing in it but pixels. */
  readonly small: Uint8Array
}

/** Looks into pictures, away from everything that must not be harmed by them. */
export interface Pictures {
  /**
   * Looks into one, whose bytes are read when its turn comes. Answers null for one that is too large,
   * too slow, or no picture, and while too many others wait.
   */
  look(read: () => Promise<Uint8Array>): Promise<Picture | null>
  /** Ends the thread, and what it is at. */
  close(): Promise<void>
}

/** What the thread answers. */
export type Looked = Picture | { readonly why: string }

/**
 * Looks into pictures in a thread of its own, one after the other. The decoders run as WebAssembly: what is
 * wrong with them can neither leave their memory nor end the process. The thread starts when it is
 * needed, is ended when a picture takes longer than `pictureMsMax`, and when nothing has come for a while.
 */
export function openPictures(clock: Clock): Pictures {
  let worker: Worker | undefined
  let waiting = 0
  let turn: Promise<unknown> = Promise.resolve()
  let idle: Cancel | undefined

  function started(): Worker {
    if (worker !== undefined) return worker
    const made = new Worker(new URL('./pictures.worker.ts', import.meta.url), {
      name: 'pictures',
      env: {},
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: limits.pictureHeapBytesMax / (1024 * 1024) },
    })
    // A thread that waits must not keep the process alive.
    made.unref()
    worker = made
    return made
  }

  async function end(): Promise<void> {
    const ended = worker
    worker = undefined
    idle?.()
    await ended?.terminate()
  }

  /** What the thread says of one picture; null when it fails or takes too long. */
  async function asked(bytes: Uint8Array): Promise<Picture | null> {
    const thread = started()
    const { promise, resolve } = Promise.withResolvers<Looked | undefined>()
    const give = (): void => resolve(undefined)
    thread.once('message', resolve)
    thread.once('error', give)
    thread.once('exit', give)
    const cancel = clock.after(limits.pictureMsMax, give)
    thread.postMessage(bytes)
    const looked = await promise
    cancel()
    thread.off('message', resolve)
    thread.off('error', give)
    thread.off('exit', give)
    if (looked === undefined) await end()
    return looked === undefined || 'why' in looked ? null : looked
  }

  return {
    async look(read) {
      if (waiting >= limits.picturesWaitingMax) return null
      waiting += 1
      idle?.()
      const mine = turn.then(async () => asked(await read()))
      turn = mine.catch(() => undefined)
      try {
        return await mine
      } finally {
        waiting -= 1
        if (waiting === 0) idle = clock.after(limits.pictureIdleMs, () => void end())
      }
    },
    close: end,
  }
}
