// A small program over the people's database alone, for the power-cut test: writers that post notes
// and repeat some, a look at everything, and a follower of the feed. Whatever they learn they say on
// standard output, one JSON text a line, and not before the gate lets them.

import { systemClock } from '@fermata/base/clock'
import { randomFrom } from '@fermata/testkit/random'
import { openStorage } from '@fermata/storage/open'
import { countNotes, noteById, insertNote, notesMigration, workspace } from './notes.ts'

const [folder = '', seedText = '1', countText = '100'] = process.argv.slice(2)
const random = randomFrom(Number(seedText))
const writersMax = 8
let left = Number(countText)

// A pipe is written to at once, and what does not fit into it is kept until it does.
const say = (seen: object): void => void process.stdout.write(`${JSON.stringify(seen)}\n`)

const storage = await openStorage({
  folder,
  clock: systemClock(),
  migrations: [notesMigration],
  fatal(error) {
    throw error
  },
})

/** Posts a note, or finds the one that has its id; answers after the gate. */
async function post(id: string, text: string): Promise<void> {
  const number = await storage.write(async (tx) => {
    const known = await tx.get(noteById, { id })
    if (known !== undefined) return known.number
    const { total } = (await tx.get(countNotes, {})) ?? { total: 0 }
    await tx.run(insertNote, { id, number: total + 1, text })
    tx.emit({
      workspace,
      at: 1,
      actor: null,
      type: 'note',
      place: null,
      conversation: null,
      contact: null,
      only: null,
      body: { id },
    })
    return total + 1
  })
  await storage.durable()
  say({ id, number, text })
}

async function writer(name: number): Promise<void> {
  for (let i = 0; left > 0; i++) {
    left -= 1
    const id = `${name}-${i}`
    const text = `${id} ${'x'.repeat(random.below(12_000))}`
    await post(id, text)
    if (random.chance(0.1)) await post(id, text)
    if (random.chance(0.1)) {
      const total = await storage.read(async (tx) => (await tx.get(countNotes, {}))?.total ?? 0)
      await storage.durable()
      say({ total })
    }
  }
}

storage.onHead((_, head) => say({ head }))
await Promise.all(Array.from({ length: writersMax }, (_, name) => writer(name)))
await storage.close()
