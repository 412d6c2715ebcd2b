import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { KnownMemory } from './disk.memory.ts'
import { failureOf } from './disk.errors.ts'
import {
  threadOperation,
  threadWord,
  type ThreadData,
  type ThreadFailure,
  type ThreadMessage,
} from './disk.thread.ts'

const { words, port } = workerData as ThreadData
const files = new Map<
  number,
  { readonly file: string; readonly path: string; descriptor: number }
>()
const memory = new KnownMemory()

function word(name: keyof typeof threadWord): number {
  return Atomics.load(words, threadWord[name])
}

function readMessages(): void {
  for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) {
    const message = got.message as ThreadMessage
    if (message.kind === 'file') {
      files.set(message.id, { file: message.file, path: message.path, descriptor: -1 })
    } else memory.hear(message)
  }
}

function serve(operation: number): ThreadFailure | undefined {
  const entry = files.get(word('file'))
  if (entry === undefined) return { code: 'failed', message: 'the file is not open' }
  let isFlushing = false
  try {
    if (operation === threadOperation.open) entry.descriptor = openSync(entry.file, 'r+')
    else if (operation === threadOperation.close) {
      closeSync(entry.descriptor)
      files.delete(word('file'))
    } else {
      write(entry.descriptor)
      isFlushing = true
      fdatasyncSync(entry.descriptor)
    }
    return undefined
  } catch (error) {
    const { code, message } = failureOf(error, entry.path)
    return { code: isFlushing ? 'failed' : code, message }
  }
}

function write(descriptor: number): void {
  const bytes = memory.bytes(word('memory'))
  let from = word('from')
  let left = word('bytes')
  let position = word('position')
  while (left > 0) {
    const written = writeSync(descriptor, bytes, from, left, position)
    from += written
    left -= written
    position += written
  }
}

let seen = word('requested')
parentPort?.postMessage('ready')
for (;;) {
  Atomics.wait(words, threadWord.requested, seen)
  seen = word('requested')
  readMessages()
  const operation = word('operation')
  if (operation === threadOperation.stop) break
  const failure = serve(operation)
  if (failure !== undefined) port.postMessage(failure)
  Atomics.store(words, threadWord.failed, failure === undefined ? 0 : 1)
  Atomics.add(words, threadWord.done, 1)
  Atomics.notify(words, threadWord.done)
}
for (const { descriptor } of files.values()) if (descriptor !== -1) closeSync(descriptor)
