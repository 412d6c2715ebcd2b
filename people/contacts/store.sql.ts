import type { SelectQueryBuilder } from 'kysely'
import { idList, inIdList, lockForUpdate } from '@fermata/storage/lists'
import { queriesOver } from '@fermata/storage/query'
import type { ReadTx } from '@fermata/storage/port'
import type { ContactsTables, ContactTable, VisitTable } from './tables.ts'

const query = queriesOver<ContactsTables>()

interface ContactKey {
  workspace: Uint8Array
  id: Uint8Array
}

/** Where a page of contacts begins: before this id, newest first. */
export interface ContactsPage {
  readonly workspace: Uint8Array
  readonly before: Uint8Array
  readonly limit: number
}

export const insertContact = query<
  Omit<ContactTable, 'merged_into' | 'merged_at' | 'joined_to' | 'person'>
>()((db, p) =>
  db.insertInto('contacts').values({
    workspace: p.workspace,
    id: p.id,
    name: p.name,
    email: p.email,
    email_key: p.email_key,
    external_id: p.external_id,
    identified_at: p.identified_at,
    time_zone: p.time_zone,
    locale: p.locale,
    created_at: p.created_at,
    merged_into: null,
    merged_at: null,
    joined_to: null,
    person: null,
  }),
)

export const contactById = query<ContactKey>()((db, p) =>
  db.selectFrom('contacts').selectAll().where('workspace', '=', p.workspace).where('id', '=', p.id),
)

/** The same, for changing: on PostgreSQL its row is locked until the transaction ends. */
export const contactForChange = query<ContactKey>()<ContactTable>((db, p, dialect) =>
  lockForUpdate(
    db
      .selectFrom('contacts')
      .selectAll()
      .where('workspace', '=', p.workspace)
      .where('id', '=', p.id),
    dialect,
  ),
)

export const contactByExternalId = query<{ workspace: Uint8Array; external_id: string }>()(
  (db, p) =>
    db
      .selectFrom('contacts')
      .selectAll()
      .where('workspace', '=', p.workspace)
      .where('external_id', '=', p.external_id),
)

const contactsByIds = query<{ workspace: Uint8Array; ids: string }>()((db, p, dialect) =>
  db
    .selectFrom('contacts')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .where('merged_into', 'is', null)
    .where(inIdList('id', p.ids, dialect)),
)

/** The rows of the contacts with these ids who did not turn out to be another, in no order. */
export function contactRows(
  tx: ReadTx,
  workspace: Uint8Array,
  ids: readonly Uint8Array[],
): Promise<ContactTable[]> {
  return tx.all(contactsByIds, { workspace, ids: idList(ids) })
}

function page<O>(
  select: SelectQueryBuilder<ContactsTables, 'contacts', O>,
  { workspace, before, limit }: ContactsPage,
): SelectQueryBuilder<ContactsTables, 'contacts', O> {
  return select
    .where('workspace', '=', workspace)
    .where('merged_into', 'is', null)
    .where('person', 'is', null)
    .where('id', '<', before)
    .orderBy('id', 'desc')
    .limit(limit)
}

export const newestContacts = query<ContactsPage>()((db, p) =>
  page(db.selectFrom('contacts').selectAll(), p),
)

export const newestContactsWithEmail = query<ContactsPage & { email_key: string }>()((db, p) =>
  page(db.selectFrom('contacts').selectAll().where('email_key', '=', p.email_key), p),
)

export const updateContact = query<
  Pick<
    ContactTable,
    | 'workspace'
    | 'id'
    | 'name'
    | 'email'
    | 'email_key'
    | 'external_id'
    | 'identified_at'
    | 'time_zone'
    | 'locale'
  >
>()((db, p) =>
  db
    .updateTable('contacts')
    .set({
      name: p.name,
      email: p.email,
      email_key: p.email_key,
      external_id: p.external_id,
      identified_at: p.identified_at,
      time_zone: p.time_zone,
      locale: p.locale,
    })
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)

export const mergeContact = query<ContactKey & { into: Uint8Array; at: number }>()((db, p) =>
  db
    .updateTable('contacts')
    .set({ merged_into: p.into, merged_at: p.at })
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)

export const insertVisit = query<VisitTable>()((db, p) =>
  db.insertInto('visits').values({
    workspace: p.workspace,
    id: p.id,
    contact: p.contact,
    inbox: p.inbox,
    token_sha256: p.token_sha256,
    created_at: p.created_at,
  }),
)

/** Hands the tokens of one contact to another. */
export const rebindVisits = query<{
  workspace: Uint8Array
  from: Uint8Array
  to: Uint8Array
}>()((db, p) =>
  db
    .updateTable('visits')
    .set({ contact: p.to })
    .where('workspace', '=', p.workspace)
    .where('contact', '=', p.from),
)

/** Whom a visitor's token stands for. */
export const contactByToken = query<{ token_sha256: Uint8Array }>()((db, p) =>
  db
    .selectFrom('visits')
    .innerJoin('contacts', (join) =>
      join
        .onRef('contacts.workspace', '=', 'visits.workspace')
        .onRef('contacts.id', '=', 'visits.contact'),
    )
    .select(['visits.workspace', 'visits.inbox', 'contacts.id', 'contacts.name'])
    .where('visits.token_sha256', '=', p.token_sha256),
)
