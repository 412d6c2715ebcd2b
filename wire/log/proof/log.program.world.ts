// A small program over the file log on the real disk, for the proofs: many clients at once, who say on standard
// output, one JSON text a line, what they ask the log for and what they were answered.
//
//     node log.program.world.ts FOLDER SEED PLAIN BATCHES [UNFINISHED]
//
// PLAIN is how many partitions without transactions there are, BATCHES after how many it closes the log
// (0: never), UNFINISHED a file with what an earlier run has left unanswered.

import { readFileSync, writeSync } from 'node:fs'
import { systemClock } from '@fermata/base/clock'
import { randomFrom } from '@fermata/testkit/random'
import { openNodeDisk } from '../disk.node.ts'
import { openFileLog } from '../store.file.ts'
import { smallSizes } from '../store.file.world.ts'
import {
  deleter,
  dropper,
  end,
  noter,
  partitionOf,
  producer,
  send,
  transactor,
  type Stage,
} from './actors.ts'
import type { Said, Unfinished } from './said.ts'

const [folder = '', seedText = '1', plainText = '4', batchesText = '0', unfinishedPath] =
  process.argv.slice(2)
const unfinished: Unfinished =
  unfinishedPath === undefined
    ? { next: 0, sendings: [], ends: [] }
    : (JSON.parse(readFileSync(unfinishedPath, 'utf8')) as Unfinished)

const first = unfinished.next
let next = first
/** Written at once and whole: what was said before a kill has been said. A full pipe is waited for. */
const say = (said: Said): void => {
  const line = Buffer.from(`${JSON.stringify(said)}\n`)
  for (let at = 0; at < line.length;) {
    try {
      at += writeSync(1, line, at)
    } catch (error) {
      if ((error as { readonly code?: string }).code !== 'EAGAIN') throw error
      Atomics.wait(pause, 0, 0, 1)
    }
  }
}
const pause = new Int32Array(new SharedArrayBuffer(4))
const disk = await openNodeDisk(folder)
const log = await openFileLog({
  disk,
  clock: systemClock(),
  sizes: smallSizes,
  randomU32: () => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0,
  onEnd(reason) {
    if (reason !== 'the log was closed') throw new Error(reason)
  },
})
const stage: Stage = {
  log,
  say,
  random: randomFrom(Number(seedText)),
  number: () => next++,
  goesOn: () => Number(batchesText) === 0 || next - first < Number(batchesText),
}
say({ kind: 'ready' })

for (const sending of unfinished.sendings) await send(stage, sending)
for (const ending of unfinished.ends) await end(stage, ending)

const makeAll = (purpose: string, count: number): Promise<number[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => partitionOf(stage, `${purpose}-${at}`)))
const plain = await makeAll('plain', Number(plainText))
const ledger = await makeAll('ledger', 3)
const [short = 0] = await makeAll('short', 1)
const [cut = 0] = await makeAll('cut', 1)
const [keyed = 0] = await makeAll('keyed', 1)

// Ids of producers are as fresh as numbers are.
const producerIds = first + 1
await Promise.all([
  ...plain.map((partition, at) => producer(stage, producerIds + at, partition)),
  noter(stage, plain[0] ?? 0),
  ...[1, 2, 3].map((at) => transactor(stage, producerIds + plain.length + at, ledger)),
  noter(stage, short),
  noter(stage, short),
  ...[4, 5, 6, 7].map((at) => producer(stage, producerIds + plain.length + at, keyed)),
  dropper(stage, cut),
  deleter(stage),
])
// A compaction that has begun comes to its end, so that at least one is among what is recorded.
await log.idle()
await log.close()
await disk.close()
