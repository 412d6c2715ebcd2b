import { inTextList } from '@fermata/storage/lists'
import { queriesOver } from '@fermata/storage/query'
import type { LabelsTables, LabelTable } from './tables.ts'

const query = queriesOver<LabelsTables>()

interface LabelKey {
  workspace: Uint8Array
  id: string
}

export const labelById = query<LabelKey>()<LabelTable>((db, p) =>
  db.selectFrom('labels').selectAll().where('workspace', '=', p.workspace).where('id', '=', p.id),
)

/** The label that has a name; those that were removed have none. */
export const labelByName = query<{ workspace: Uint8Array; name_key: string }>()<LabelTable>(
  (db, p) =>
    db
      .selectFrom('labels')
      .selectAll()
      .where('workspace', '=', p.workspace)
      .where('name_key', '=', p.name_key)
      .where('removed_at', 'is', null),
)

export const labelsOfWorkspace = query<{ workspace: Uint8Array; limit: number }>()<LabelTable>(
  (db, p) =>
    db
      .selectFrom('labels')
      .selectAll()
      .where('workspace', '=', p.workspace)
      .where('removed_at', 'is', null)
      .orderBy('name_key')
      .limit(p.limit),
)

/** Those of some labels that are there, or were. */
export const labelsByIds = query<{ workspace: Uint8Array; ids: string }>()<
  Pick<LabelTable, 'id' | 'removed_at'>
>((db, p, dialect) =>
  db
    .selectFrom('labels')
    .select(['id', 'removed_at'])
    .where('workspace', '=', p.workspace)
    .where(inTextList('id', p.ids, dialect)),
)

export const countLabels = query<{ workspace: Uint8Array }>()((db, p) =>
  db
    .selectFrom('labels')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('workspace', '=', p.workspace)
    .where('removed_at', 'is', null),
)

export const insertLabel = query<LabelTable>()((db, p) =>
  db.insertInto('labels').values({
    workspace: p.workspace,
    id: p.id,
    name: p.name,
    name_key: p.name_key,
    colour: p.colour,
    created_at: p.created_at,
    created_by: p.created_by,
    removed_at: p.removed_at,
  }),
)

export const updateLabel = query<
  LabelKey & Pick<LabelTable, 'name' | 'name_key' | 'colour' | 'removed_at'>
>()((db, p) =>
  db
    .updateTable('labels')
    .set({ name: p.name, name_key: p.name_key, colour: p.colour, removed_at: p.removed_at })
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)
