import { sql, type SelectQueryBuilder } from 'kysely'
import { idList, inIdList } from '@fermata/storage/lists'
import { queriesOver } from '@fermata/storage/query'
import type { ReadTx } from '@fermata/storage/port'
import type { InboxRow, InboxTable, PlacesTables } from './tables.ts'

const query = queriesOver<PlacesTables>()

interface InboxKey {
  workspace: Uint8Array
  id: Uint8Array
}

/** All but the secret, which is read only where it is needed. */
const columns = [
  'workspace',
  'id',
  'name',
  'medium',
  'team',
  'public_key',
  'greeting',
  'origins',
  'answer_low',
  'answer_normal',
  'answer_high',
  'answer_urgent',
  'created_at',
] as const satisfies readonly (keyof InboxRow)[]

/** Keeps the inboxes that a member may see: those of their teams and, where `open` is 1, everybody's. */
function seenBy<O>(
  select: SelectQueryBuilder<PlacesTables, 'inboxes', O>,
  p: { readonly member: Uint8Array; readonly open: number },
): SelectQueryBuilder<PlacesTables, 'inboxes', O> {
  return select.where((eb) =>
    eb.or([
      eb.and([eb('team', 'is', null), sql<boolean>`${p.open} = 1`]),
      eb.exists(
        eb
          .selectFrom('team_members')
          .select(sql<number>`1`.as('one'))
          .whereRef('team_members.workspace', '=', 'inboxes.workspace')
          .whereRef('team_members.team', '=', 'inboxes.team')
          .where('team_members.member', '=', p.member),
      ),
    ]),
  )
}

export const inboxById = query<InboxKey>()((db, p) =>
  db
    .selectFrom('inboxes')
    .select(columns)
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)

export const inboxForMember = query<InboxKey & { member: Uint8Array; open: number }>()((db, p) =>
  seenBy(
    db
      .selectFrom('inboxes')
      .select(columns)
      .where('workspace', '=', p.workspace)
      .where('id', '=', p.id),
    p,
  ),
)

export const inboxesOfWorkspace = query<{ workspace: Uint8Array; limit: number }>()((db, p) =>
  db
    .selectFrom('inboxes')
    .select(columns)
    .where('workspace', '=', p.workspace)
    .orderBy('id')
    .limit(p.limit),
)

export const inboxesForMember = query<{
  workspace: Uint8Array
  member: Uint8Array
  open: number
  limit: number
}>()((db, p) =>
  seenBy(db.selectFrom('inboxes').select(columns).where('workspace', '=', p.workspace), p)
    .orderBy('id')
    .limit(p.limit),
)

/** What tells whose work lies in an inbox. */
const duties = ['id', 'team'] as const satisfies readonly (keyof InboxRow)[]

export const dutiesOfWorkspace = query<{ workspace: Uint8Array; limit: number }>()((db, p) =>
  db
    .selectFrom('inboxes')
    .select(duties)
    .where('workspace', '=', p.workspace)
    .orderBy('id')
    .limit(p.limit),
)

export const dutiesForMember = query<{
  workspace: Uint8Array
  member: Uint8Array
  open: number
  limit: number
}>()((db, p) =>
  seenBy(db.selectFrom('inboxes').select(duties).where('workspace', '=', p.workspace), p)
    .orderBy('id')
    .limit(p.limit),
)

const inboxesByIds = query<{ workspace: Uint8Array; ids: string }>()((db, p, dialect) =>
  db
    .selectFrom('inboxes')
    .select(columns)
    .where('workspace', '=', p.workspace)
    .where(inIdList('id', p.ids, dialect)),
)

/** The rows of the inboxes with these ids, in no order. */
export function inboxRows(
  tx: ReadTx,
  workspace: Uint8Array,
  ids: readonly Uint8Array[],
): Promise<InboxRow[]> {
  return tx.all(inboxesByIds, { workspace, ids: idList(ids) })
}

export const inboxByKey = query<{ key: string }>()((db, p) =>
  db.selectFrom('inboxes').select(columns).where('public_key', '=', p.key),
)

/** The inbox of medium `widget` that was added first; ids grow with time. */
export const firstWidget = query<object>()((db) =>
  db
    .selectFrom('inboxes')
    .select(['public_key', 'origins'])
    .where('medium', '=', 'widget')
    .orderBy('id')
    .limit(1),
)

/** The answer times of an inbox that is known to exist. */
export const answerMinutesById = query<{ id: Uint8Array }>()((db, p) =>
  db
    .selectFrom('inboxes')
    .select(['answer_low', 'answer_normal', 'answer_high', 'answer_urgent'])
    .where('id', '=', p.id),
)

/** The origins of an inbox, by its id alone: which workspace it is in does not matter to a browser. */
export const originsById = query<{ id: Uint8Array }>()((db, p) =>
  db.selectFrom('inboxes').select('origins').where('id', '=', p.id),
)

/** Whether any inbox lists an origin. */
export const anyOrigin = query<{ origin: string }>()((db, p, dialect) =>
  db
    .selectFrom('inboxes')
    .select('id')
    .where(
      dialect === 'sqlite'
        ? sql<boolean>`${p.origin} in (select value from json_each(inboxes.origins))`
        : sql<boolean>`jsonb_exists(cast(inboxes.origins as jsonb), ${p.origin})`,
    )
    .limit(1),
)

export const countInboxes = query<{ workspace: Uint8Array }>()((db, p) =>
  db
    .selectFrom('inboxes')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('workspace', '=', p.workspace),
)

export const inboxOfTeam = query<{ workspace: Uint8Array; team: Uint8Array }>()((db, p) =>
  db
    .selectFrom('inboxes')
    .select('id')
    .where('workspace', '=', p.workspace)
    .where('team', '=', p.team)
    .limit(1),
)

export const insertInbox = query<InboxTable>()((db, p) =>
  db.insertInto('inboxes').values({
    workspace: p.workspace,
    id: p.id,
    name: p.name,
    medium: p.medium,
    team: p.team,
    public_key: p.public_key,
    greeting: p.greeting,
    origins: p.origins,
    answer_low: p.answer_low,
    answer_normal: p.answer_normal,
    answer_high: p.answer_high,
    answer_urgent: p.answer_urgent,
    secret_sealed: p.secret_sealed,
    created_at: p.created_at,
    created_by: p.created_by,
  }),
)

export const updateInbox = query<Omit<InboxRow, 'medium' | 'public_key' | 'created_at'>>()(
  (db, p) =>
    db
      .updateTable('inboxes')
      .set({
        name: p.name,
        team: p.team,
        greeting: p.greeting,
        origins: p.origins,
        answer_low: p.answer_low,
        answer_normal: p.answer_normal,
        answer_high: p.answer_high,
        answer_urgent: p.answer_urgent,
      })
      .where('workspace', '=', p.workspace)
      .where('id', '=', p.id),
)

export const sealedSecret = query<InboxKey>()((db, p) =>
  db
    .selectFrom('inboxes')
    .select('secret_sealed')
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)

export const replaceSecret = query<InboxKey & { secret_sealed: Uint8Array }>()((db, p) =>
  db
    .updateTable('inboxes')
    .set({ secret_sealed: p.secret_sealed })
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)
