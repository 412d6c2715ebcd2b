import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { systemClock } from '@fermata/base/clock'
import { openStorage } from '@fermata/storage/open'
import { knob } from '@fermata/testkit/knobs'
import { need } from '@fermata/testkit/needs'
import { drawCuts } from '@fermata/testkit/powercut/cuts'
import { DiskImages, writeDisk } from '@fermata/testkit/powercut/image'
import type { Recording } from '@fermata/testkit/powercut/operations'
import { isSharedMemory, record } from '@fermata/testkit/powercut/record'
import { RecordingReader } from '@fermata/testkit/powercut/recording'
import { seededRandom } from '@fermata/testkit/random'
import { allNotes, notesMigration, workspace } from './notes.ts'

const strace = need('strace')
const images = knob('FERMATA_POWERCUT_IMAGES', 60)
const notes = 2_000

/** What the program said on one line of its output, and when that began to leave. */
interface Said {
  readonly begun: number
  readonly id?: string
  readonly number?: number
  readonly text?: string
  readonly total?: number
  readonly head?: number
}

/** A line counts from where its last part began to leave. */
const saidIn = (recording: Recording): Said[] => {
  let rest = ''
  return recording.sent
    .filter(({ stream }) => stream === 1)
    .flatMap(({ begun, data }) => {
      const lines = (rest + data.toString('latin1')).split('\n')
      rest = lines.pop() ?? ''
      return lines.map((line) => ({ ...(JSON.parse(line) as object), begun }))
    })
}

/** Opens what a disk held and looks at everything in it. */
const audit = async (folder: string, said: readonly Said[]) => {
  const storage = await openStorage({
    folder,
    clock: systemClock(),
    migrations: [notesMigration],
    fatal(error) {
      throw error
    },
  })
  const { rows, events } = await storage.read(async (tx) => ({
    rows: await tx.all(allNotes, {}),
    events: await storage.events(tx, { workspace, position: 0, limit: 100_000 }),
  }))
  await storage.close()
  const byId = new Map(rows.map((note) => [note.id, note]))
  for (const { id, number, text, total, head } of said) {
    if (id !== undefined) {
      assert.equal(byId.get(id)?.number, number, `the number of the note ${id}`)
      assert.ok(byId.get(id)?.text === text, `the text of the note ${id}`)
    }
    if (total !== undefined) assert.ok(rows.length >= total, `${total} notes were seen`)
    if (head !== undefined) assert.ok(events.length >= head, `position ${head} was seen`)
  }
  for (const [index, note] of rows.entries()) assert.equal(note.number, index + 1)
  for (const [index, event] of events.entries()) assert.equal(event.position, index + 1)
  assert.deepEqual(
    events.map((event) => (JSON.parse(event.body) as { id: string }).id),
    rows.map((note) => note.id),
  )
}

test(
  'what the database says is done is there after a power cut at any moment',
  { skip: strace.skip },
  async (t) => {
    const random = seededRandom(t.name)
    const place = realpathSync(mkdtempSync(join(tmpdir(), 'fermata-powercut-')))
    t.after(() => rmSync(place, { recursive: true, force: true }))
    const folder = join(place, 'data')
    mkdirSync(folder)
    const program = fileURLToPath(new URL('./storage.program.ts', import.meta.url))
    const recorded = record({
      strace: strace.path,
      command: [process.execPath, program, folder, `${random.seed}`, `${notes}`],
    })
    const reader = new RecordingReader({ folder, base: new Map(), isVolatile: isSharedMemory })
    await recorded.readInto(reader)
    const recording = reader.end()
    const said = saidIn(recording)
    t.diagnostic(`${recording.lines} calls, ${recording.flushes} flushes, ${said.length} said`)

    const done = new Set(said.flatMap(({ id }) => id ?? []))
    assert.equal(done.size, notes, 'the program did all that it was told to do')

    const disks = new DiskImages(recording)
    for (const [index, cut] of drawCuts(recording, random, { count: images }).entries()) {
      const image = join(place, `image-${index}`)
      writeDisk(image, disks.at(cut, random))
      const seen = said.filter(({ begun }) => begun < cut)
      await assert.doesNotReject(audit(image, seen), `the image of the cut at ${cut}`)
      rmSync(image, { recursive: true, force: true })
    }
  },
)
