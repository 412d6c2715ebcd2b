import { queriesOver } from '@fermata/storage/query'
import type { Query } from '@fermata/storage/port'
import type { AuditTable, AuditTables } from './tables.ts'

const query = queriesOver<AuditTables>()

export const insertEntry = query<AuditTable>()((db, p) =>
  db.insertInto('audit_entries').values({
    workspace: p.workspace,
    id: p.id,
    at: p.at,
    actor: p.actor,
    actor_name: p.actor_name,
    address: p.address,
    agent: p.agent,
    action: p.action,
    target: p.target,
    target_name: p.target_name,
    changes: p.changes,
  }),
)

/** What entries may be asked for by. */
export const filters = ['actor', 'action', 'target'] as const
export type Filter = (typeof filters)[number]

/** Entries with `from <= id < before`; what is not filtered by may hold anything. */
export interface EntriesAsked extends Record<Filter, string> {
  workspace: Uint8Array
  from: Uint8Array
  before: Uint8Array
  limit: number
}

function entriesBy(wanted: readonly Filter[]): Query<EntriesAsked, AuditTable> {
  return query<EntriesAsked>()((db, p) => {
    let found = db
      .selectFrom('audit_entries')
      .selectAll()
      .where('workspace', '=', p.workspace)
      .where('id', '>=', p.from)
      .where('id', '<', p.before)
    for (const filter of wanted) found = found.where(filter, '=', p[filter])
    return found.orderBy('id', 'desc').limit(p.limit)
  })
}

const byFilters = new Map<string, Query<EntriesAsked, AuditTable>>()

/** The statement for a set of filters, made once: there are eight. Newest entries first. */
export function entriesWith(wanted: readonly Filter[]): Query<EntriesAsked, AuditTable> {
  const key = wanted.join()
  const made = byFilters.get(key) ?? entriesBy(wanted)
  byFilters.set(key, made)
  return made
}
