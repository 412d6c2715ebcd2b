import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '@fermata/base/clock'
import { openStorage } from '@fermata/storage/open'
import { knob } from '@fermata/testkit/knobs'
import { need } from '@fermata/testkit/needs'
import { isSharedMemory } from '@fermata/testkit/powercut/record'
import { tryCuts } from '@fermata/testkit/powercut/trial'
import { allNotes, notesMigration, workspace } from './notes.ts'

const strace = need('strace')
const images = knob('FERMATA_POWERCUT_IMAGES', 60)
const notes = 2_000

/** What the program said on one line of its output. */
interface Said {
  readonly id?: string
  readonly number?: number
  readonly text?: string
  readonly total?: number
  readonly head?: number
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
  (t) =>
    tryCuts<Said>(t, {
      strace: strace.path,
      program: new URL('./storage.program.ts', import.meta.url),
      words: [`${notes}`],
      isVolatile: isSharedMemory,
      images,
      complete(said) {
        const done = new Set(said.flatMap(({ id }) => id ?? []))
        assert.equal(done.size, notes, 'the program did all that it was told to do')
      },
      audit,
    }),
)
