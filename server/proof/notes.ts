import type { Migration } from '@fermata/storage/port'
import { queriesOver } from '@fermata/storage/query'

/** The one table of the small program. */
interface NoteTables {
  notes: { id: string; number: number; text: string }
}

export const workspace = new Uint8Array(16).fill(7)

export const notesMigration: Migration = {
  id: '9000-notes',
  statements: ({ int, text }) => [
    `create table notes (id ${text} not null primary key, number ${int} not null, text ${text} not null)`,
    'create unique index notes_by_number on notes (number)',
  ],
}

const query = queriesOver<NoteTables>()

export const noteById = query<{ id: string }>()((db, p) =>
  db.selectFrom('notes').select(['id', 'number', 'text']).where('id', '=', p.id),
)

export const countNotes = query()((db) =>
  db.selectFrom('notes').select((eb) => eb.fn.countAll<number>().as('total')),
)

export const allNotes = query()((db) =>
  db.selectFrom('notes').select(['id', 'number', 'text']).orderBy('number'),
)

export const insertNote = query<NoteTables['notes']>()((db, p) =>
  db.insertInto('notes').values({ id: p.id, number: p.number, text: p.text }),
)
