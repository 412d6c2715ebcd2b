import { closeSync, fdatasyncSync, openSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { flushWord, type FlushWorkerData } from './flush.ts'

const { path, words } = workerData as FlushWorkerData

// Windows flushes only through a descriptor that may write.
const descriptor = openSync(path, 'r+')
let seen = Atomics.load(words, flushWord.requested)
parentPort?.postMessage('ready')
for (;;) {
  Atomics.wait(words, flushWord.requested, seen)
  seen = Atomics.load(words, flushWord.requested)
  if (Atomics.load(words, flushWord.stop) === 1) break
  // An error ends this thread, which the other hears as the failure of the flush.
  fdatasyncSync(descriptor)
  Atomics.add(words, flushWord.done, 1)
  Atomics.notify(words, flushWord.done)
}
closeSync(descriptor)
