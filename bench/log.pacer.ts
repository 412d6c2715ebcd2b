// A thread that says when a record is due. It sleeps in the kernel, which wakes it more exactly than a timer.

import { parentPort, workerData } from 'node:worker_threads'

/** How many records, and how often. */
export interface Pace {
  readonly perSecond: number
  readonly count: number
}

/** Milliseconds of a clock that all threads have in common. */
export function sharedMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

if (parentPort !== null) {
  const { perSecond, count } = workerData as Pace
  const never = new Int32Array(new SharedArrayBuffer(4))
  const sinceMs = sharedMs()
  for (let record = 1; record <= count; record++) {
    const dueMs = sinceMs + (record * 1_000) / perSecond
    const leftMs = dueMs - sharedMs()
    if (leftMs > 0) Atomics.wait(never, 0, 0, leftMs)
    parentPort.postMessage(dueMs)
  }
}
