import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { knob } from '@fermata/testkit/knobs'
import { need } from '@fermata/testkit/needs'
import { drawCuts } from '@fermata/testkit/powercut/cuts'
import { DiskImages, writeDisk } from '@fermata/testkit/powercut/image'
import type { DiskChange, Recording } from '@fermata/testkit/powercut/operations'
import { record } from '@fermata/testkit/powercut/record'
import { RecordingReader } from '@fermata/testkit/powercut/recording'
import { linesSaid } from '@fermata/testkit/powercut/said'
import { seededRandom } from '@fermata/testkit/random'
import { smallSizes } from '../store.file.world.ts'
import { verifyFolder } from '../verify.folder.ts'
import { verifyText } from '../verify.text.ts'
import { auditLog } from './audit.ts'
import { withLog } from './opened.world.ts'
import { programCommand } from './program.ts'
import { copyFacts, learn, noFacts, saidIn, unfinishedIn, type Said } from './said.ts'

const strace = need('strace')
const images = knob('FERMATA_POWERCUT_IMAGES', 200)
const plain = 4
const batchesFirst = 2_000
const batchesSecond = 2_000

/** Runs the program, kills it in the middle, runs it again on what is in memory and on disk, to its end. */
const recordProgram = async (folder: string, place: string, seed: number): Promise<Recording> => {
  const reader = new RecordingReader({ folder, base: new Map(), isVolatile: () => false })
  const order = { folder, seed, plain, batches: 0 }
  const first = record({ strace: strace.path, command: programCommand(order) })
  await first.said((text) => text.split('"sent"')[batchesFirst])
  first.signal('SIGKILL')
  await first.readInto(reader)
  const facts = noFacts()
  for (const said of saidIn(await first.said((text) => text))) learn(facts, said)

  reader.nextProcess()
  const unfinished = join(place, 'unfinished.json')
  writeFileSync(unfinished, JSON.stringify(unfinishedIn(facts)))
  const again = { ...order, batches: batchesSecond, unfinished }
  const second = record({ strace: strace.path, command: programCommand(again) })
  await second.readInto(reader)
  return reader.end()
}

/** The verifier finds nothing lost, neither in what a cut has left nor in what a start has made of it. */
const mustBeWhole = async (folder: string): Promise<void> => {
  const report = await verifyFolder(folder, smallSizes)
  const lost = report.findings.filter(({ isLoss }) => isLoss)
  assert.deepEqual(lost, [], verifyText(report))
}

/** Lines on which something of a kind was done to the disk. */
const linesOf = (recording: Recording, is: (change: DiskChange) => boolean): number[] =>
  recording.operations.filter(({ change }) => is(change)).map(({ begun }) => begun)

/** The lines of what the workload must have reached, so that all of it is among what is cut off. */
const reached = (recording: Recording) => {
  const names = new Map<number, string>()
  for (const { change } of recording.operations) {
    if (change.kind === 'name') names.set(change.file, change.path)
  }
  return {
    checkpoints: linesOf(
      recording,
      (change) => change.kind === 'write' && /checkpoint-\d$/.test(names.get(change.file) ?? ''),
    ),
    compactions: linesOf(
      recording,
      (change) => change.kind === 'name' && change.from?.endsWith('.next') === true,
    ),
    removals: linesOf(
      recording,
      (change) => change.kind === 'remove' && /-short-0\/\d+\.log$/.test(change.path),
    ),
    deletions: linesOf(
      recording,
      (change) => change.kind === 'remove' && /-doomed-\d+$/.test(change.path),
    ),
  }
}

test(
  `${images} power cuts, and the log holds all that it has acknowledged`,
  { skip: strace.skip },
  async (t) => {
    const random = seededRandom(t.name)
    const place = realpathSync(mkdtempSync(join(tmpdir(), 'fermata-powercut-')))
    t.after(() => rmSync(place, { recursive: true, force: true }))
    const folder = join(place, 'data')
    mkdirSync(folder)
    const recording = await recordProgram(folder, place, random.seed)
    const said = linesSaid(recording).map(({ begun, line }) => ({
      begun,
      said: JSON.parse(line) as Said,
    }))
    const lines = reached(recording)
    const counts = Object.entries(lines).map(([name, { length }]) => `${length} ${name}`)
    t.diagnostic(
      `${recording.lines} calls, ${recording.flushes} flushes, ${said.length} said, ${counts.join(', ')}`,
    )
    for (const [name, { length }] of Object.entries(lines)) {
      assert.ok(length > 0, `${length} ${name} are among what is cut off`)
    }

    const disks = new DiskImages(recording)
    const curious = Object.values(lines).flat()
    const facts = noFacts()
    let heard = 0
    const cuts = drawCuts(recording, random, { count: images, curious }).entries()
    const lane = async (): Promise<void> => {
      for (const [index, cut] of cuts) {
        for (; heard < said.length && said[heard]!.begun < cut; heard++) {
          learn(facts, said[heard]!.said)
        }
        const then = copyFacts(facts)
        const image = join(place, `image-${index}`)
        writeDisk(image, disks.at(cut, random))
        await assert.doesNotReject(async () => {
          const isVerified = index % 4 === 0
          if (isVerified) await mustBeWhole(image)
          await withLog(image, (log) => auditLog(log, then))
          if (isVerified) await mustBeWhole(image)
        }, `the image ${index} of the cut at ${cut}`)
        await rm(image, { recursive: true })
      }
    }
    // Most of the time is the disk's.
    await Promise.all([lane(), lane(), lane()])
  },
)
