import { after, test, type TestContext } from 'node:test'
import { uuidv7Generator } from '@fermata/base/ids'
import { systemClock } from '@fermata/base/clock'
import type { Migration, NewEvent, Storage } from './port.ts'
import { queriesOver } from './query.ts'

/** A database of its own that a contract test may open, close and open again. */
export interface Subject {
  open(migrations: readonly Migration[]): Promise<Storage>
  /** Removes it; everything that was opened is closed. */
  remove(): Promise<void>
}

/** The adapter that a contract suite runs over. */
export interface Adapter {
  readonly name: string
  /** Makes an empty database. */
  create(): Promise<Subject>
  /** Why its tests are skipped, or false. */
  readonly skip?: string | false
}

/** A table that has a column of every kind. */
export interface Thing {
  readonly id: Uint8Array
  readonly name: string
  readonly number: number
  readonly note: string | null
  readonly data: Uint8Array | null
}

interface Tables {
  things: Thing
}

/** The migration that makes the table of things. */
export const thingsMigration: Migration = {
  id: '0001-things',
  statements: ({ id, int, text, bytes }) => [
    `create table things (id ${id} not null primary key, name ${text} not null unique,
      number ${int} not null, note ${text}, data ${bytes})`,
  ],
}

/** `query` over the table of things. */
export const thingsQuery = queriesOver<Tables>()

export const insertThing = thingsQuery<Thing>()((db, p) =>
  db
    .insertInto('things')
    .values({ id: p.id, name: p.name, number: p.number, note: p.note, data: p.data }),
)
export const thingByName = thingsQuery<{ name: string }>()<Thing>((db, p) =>
  db.selectFrom('things').selectAll().where('name', '=', p.name),
)
export const allThings = thingsQuery()<Thing>((db) =>
  db.selectFrom('things').selectAll().orderBy('name'),
)
export const addToNumber = thingsQuery<{ name: string; by: number }>()((db, p) =>
  db
    .updateTable('things')
    .set((eb) => ({ number: eb('number', '+', p.by) }))
    .where('name', '=', p.name)
    .returning('number'),
)

/** Makes the bytes of a new id. */
export const newId = uuidv7Generator({ now: () => 1_700_000_000_000 }, (bytes) =>
  crypto.getRandomValues(bytes),
)

/** A thing with nothing but a name. */
export function thing(name: string, number = 0): Thing {
  return { id: newId(), name, number, note: null, data: null }
}

/** An event with nothing but a type. */
export function event(workspace: Uint8Array, type = 'thing.made'): NewEvent {
  const nobody = { actor: null, place: null, conversation: null, contact: null, only: null }
  return { workspace, at: 1_700_000_000_000, type, body: { of: type }, ...nobody }
}

/** Bytes as plain numbers, since drivers answer with different classes of arrays. */
export function plain(bytes: Uint8Array | null): readonly number[] | null {
  return bytes === null ? null : [...bytes]
}

/** Declares a test on an empty database with the table of things. */
export type StorageTest = (
  title: string,
  body: (storage: Storage, t: TestContext, subject: Subject) => Promise<void>,
) => void

/** Makes the function that declares an adapter's tests; each gets a database of its own. */
export function testsOver(adapter: Adapter): StorageTest {
  return (title, body) => {
    test(`${adapter.name}: ${title}`, { skip: adapter.skip ?? false }, async (t) => {
      const subject = await adapter.create()
      try {
        const storage = await subject.open([thingsMigration])
        await body(storage, t, subject)
      } finally {
        await subject.remove()
      }
    })
  }
}

/** The clock for tests over real threads and connections. */
export const realClock = systemClock()

/** Ends the process's tests when something calls `fatal`, which no contract test expects. */
export function failOnFatal(): (error: Error) => void {
  let first: Error | undefined
  after(() => {
    if (first !== undefined) throw first
  })
  return (error) => (first ??= error)
}
