import { bytesOf, idText, type ContactId } from '@fermata/base/ids'
import type { Caller } from '@fermata/contract/actors'
import type { ContactView } from '@fermata/contract/contacts.schema'
import type { Side } from '@fermata/contract/words'
import type { ReadTx } from '@fermata/storage/port'
import type { ContactState } from './contact.ts'
import { contactRows } from './store.sql.ts'
import type { ContactTable } from './tables.ts'

/** A contact as they themselves see them, or as members and apps do, who know whose person they are. */
export function contactView(
  row: Omit<ContactTable, 'merged_into' | 'merged_at'>,
  eyes: Side = 'theirs',
): ContactView {
  return {
    id: idText('ctc', row.id),
    name: row.name,
    email: row.email,
    externalId: row.external_id,
    identifiedAt: row.identified_at,
    timeZone: row.time_zone,
    locale: row.locale,
    createdAt: row.created_at,
    person: eyes === 'theirs' || row.person === null ? null : idText('ctc', row.person),
  }
}

/** A row as decisions look at it. */
export function stateOf(row: ContactTable): ContactState {
  return {
    name: row.name,
    email: row.email,
    externalId: row.external_id,
    timeZone: row.time_zone,
    locale: row.locale,
  }
}

/**
 * What contacts are now, in no order. Left out are those of other workspaces, and visitors who
 * turned out to be somebody known.
 */
export async function contactViews(
  tx: ReadTx,
  { workspace, kind }: Pick<Caller, 'workspace' | 'kind'>,
  ids: readonly ContactId[],
): Promise<ContactView[]> {
  if (ids.length === 0) return []
  const rows = await contactRows(tx, bytesOf(workspace), ids.map(bytesOf))
  return rows.map((row) => contactView(row, kind === 'contact' ? 'theirs' : 'ours'))
}
