import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { seededRandom } from '../random.ts'
import { drawCuts } from './cuts.ts'
import { DiskImages, writeDisk } from './image.ts'
import { record } from './record.ts'
import { RecordingReader } from './recording.ts'
import { linesSaid } from './said.ts'

/** A program that says on each line, as JSON, what it was told is done, and how that is held against a disk. */
export interface Trial<Said> {
  /** The path of strace. */
  readonly strace: string
  /** Started with a folder, a seed, and what follows. */
  readonly program: URL
  readonly words: readonly string[]
  /** Files that no power cut keeps anything of. */
  readonly isVolatile: (path: string) => boolean
  /** How many power cuts. */
  readonly images: number
  /** Looks whether the program has said all that it was to say. */
  readonly complete: (said: readonly Said[]) => void
  /** Opens what a disk held after a cut, and looks for all that was said before it. */
  readonly audit: (folder: string, said: readonly Said[]) => Promise<void>
}

/** Records a program to its end, and holds what it said against what disks may hold after power cuts. */
export async function tryCuts<Said extends object>(
  t: TestContext,
  trial: Trial<Said>,
): Promise<void> {
  const random = seededRandom(t.name)
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'fermata-powercut-')))
  t.after(() => rmSync(place, { recursive: true, force: true }))
  const folder = join(place, 'data')
  mkdirSync(folder)
  const program = [process.execPath, fileURLToPath(trial.program), folder, `${random.seed}`]
  const recorded = record({ strace: trial.strace, command: [...program, ...trial.words] })
  const reader = new RecordingReader({ folder, base: new Map(), isVolatile: trial.isVolatile })
  await recorded.readInto(reader)
  const recording = reader.end()
  const said = linesSaid(recording).map(({ begun, line }) => ({
    begun,
    said: JSON.parse(line) as Said,
  }))
  t.diagnostic(`${recording.lines} calls, ${recording.flushes} flushes, ${said.length} said`)
  trial.complete(said.map((one) => one.said))

  const disks = new DiskImages(recording)
  const cuts = drawCuts(recording, random, { count: trial.images })
  for (const [index, cut] of cuts.entries()) {
    const image = join(place, `image-${index}`)
    writeDisk(image, disks.at(cut, random))
    const seen = said.filter(({ begun }) => begun < cut).map((one) => one.said)
    await assert.doesNotReject(trial.audit(image, seen), `the image of the cut at ${cut}`)
    rmSync(image, { recursive: true, force: true })
  }
}
