import { writevSync } from 'node:fs'
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { KnownMemory, type MemoryMessage } from './disk.memory.ts'
import { failureOf } from './disk.errors.ts'
import { writesField, writesRowsMax, writesWord, type WritesData, type WritesFailure } from './disk.writes.ts' // prettier-ignore

/** As many parts as one call of the system takes, and as many calls as are told together. */
const partsMax = 1_024
const callsAtOnce = 32

const { words, rows, port } = workerData as WritesData
const memory = new KnownMemory()

function field(row: number, name: keyof typeof writesField): number {
  return rows[(row & (writesRowsMax - 1)) * writesField.count + writesField[name]]!
}

/** Writes the rows from `first` on that lie one behind the other in one file; answers the row behind them. */
function writeSome(first: number, end: number): number {
  const descriptor = field(first, 'descriptor')
  const position = field(first, 'position')
  const parts: Uint8Array[] = []
  let row = first
  for (let at = position; row !== end && parts.length < partsMax; row = (row + 1) | 0) {
    if (field(row, 'descriptor') !== descriptor || field(row, 'position') !== at) break
    const from = field(row, 'from')
    const bytes = field(row, 'bytes')
    parts.push(memory.bytes(field(row, 'memory')).subarray(from, from + bytes))
    at += bytes
  }
  try {
    writeFully(descriptor, position, parts)
  } catch (error) {
    const { code, message } = failureOf(error, '')
    port.postMessage({ from: first, to: row, code, message } satisfies WritesFailure)
  }
  return row
}

function writeFully(descriptor: number, position: number, parts: Uint8Array[]): void {
  let at = position
  let left = parts
  while (left.length > 0) {
    let written = writevSync(descriptor, left, at)
    at += written
    let whole = 0
    // The system may take a part of what it is given.
    for (; whole < left.length && written >= left[whole]!.length; whole++) {
      written -= left[whole]!.length
    }
    left = left.slice(whole)
    if (written > 0) left[0] = left[0]!.subarray(written)
  }
}

function tell(done: number): void {
  Atomics.store(words, writesWord.done, done)
  Atomics.notify(words, writesWord.done)
}

let done = 0
parentPort?.postMessage('ready')
for (;;) {
  const bell = Atomics.load(words, writesWord.bell)
  const requested = Atomics.load(words, writesWord.requested)
  for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port)) {
    memory.hear(got.message as MemoryMessage)
  }
  for (let calls = 1; done !== requested; calls++) {
    done = writeSome(done, requested)
    if (calls % callsAtOnce === 0) tell(done)
  }
  tell(done)
  if (Atomics.load(words, writesWord.stop) === 1) break
  Atomics.wait(words, writesWord.bell, bell)
}
