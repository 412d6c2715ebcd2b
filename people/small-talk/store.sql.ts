import { queriesOver } from '@fermata/storage/query'
import type { SmallTalkTable, SmallTalkTables } from './tables.ts'

const query = queriesOver<SmallTalkTables>()

/** The lists of a workspace's own; no more than `smallTalkListsMax`. */
export const ownLists = query<{ workspace: Uint8Array }>()((db, p) =>
  db
    .selectFrom('small_talk')
    .select(['language', 'words'])
    .where('workspace', '=', p.workspace)
    .orderBy('language'),
)

export const putList = query<SmallTalkTable>()((db, p) =>
  db
    .insertInto('small_talk')
    .values({
      workspace: p.workspace,
      language: p.language,
      words: p.words,
      changed_at: p.changed_at,
      changed_by: p.changed_by,
    })
    .onConflict((conflict) =>
      conflict.columns(['workspace', 'language']).doUpdateSet({
        words: p.words,
        changed_at: p.changed_at,
        changed_by: p.changed_by,
      }),
    ),
)

export const deleteList = query<{ workspace: Uint8Array; language: string }>()((db, p) =>
  db
    .deleteFrom('small_talk')
    .where('workspace', '=', p.workspace)
    .where('language', '=', p.language),
)
