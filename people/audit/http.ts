import { bytesOf, idBytes, idText } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused } from '@fermata/base/result'
import type { AuditEntry } from '@fermata/contract/audit.schema'
import { refusal } from '@fermata/contract/errors'
import type { Storage } from '@fermata/storage/port'
import type { Handlers } from '../handler.ts'
import { entriesWith, filters } from './store.sql.ts'
import type { AuditTable } from './tables.ts'

/** The routes of this room. */
export type AuditRoute = 'audit.list'

/** The handlers of this room's routes. */
export function auditHandlers({ storage }: { readonly storage: Storage }): Handlers<AuditRoute> {
  return {
    async 'audit.list'({ caller, query }) {
      const { actor = '', action = '', target = '', page } = query
      const until = query.until ?? limits.timeMsMax
      const before = page === undefined ? firstIdAt(until + 1) : idBytes(page)
      if (before === undefined || (page !== undefined && !page.startsWith('aud_'))) {
        const message = 'This page token does not belong to this list.'
        return refused(refusal('invalid_field', { field: 'query.page', message }))
      }
      const limit = query.limit ?? limits.pageRowsDefault
      const wanted = filters.filter((filter) => query[filter] !== undefined)
      const found = await storage.read((tx) =>
        tx.all(entriesWith(wanted), {
          workspace: bytesOf(caller.workspace),
          from: firstIdAt(query.since ?? 0),
          before,
          limit: limit + 1,
          ...{ actor, action, target },
        }),
      )
      const rows = found.slice(0, limit).map(entryView)
      return ok({ rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null })
    },
  }
}

/** The least id that can be made at a time: a UUIDv7 begins with its milliseconds in 48 bits. */
function firstIdAt(ms: number): Uint8Array {
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  const held = Math.min(ms, limits.timeMsMax)
  view.setUint16(0, Math.floor(held / 2 ** 32))
  view.setUint32(2, held % 2 ** 32)
  return bytes
}

function entryView(row: AuditTable): AuditEntry {
  return {
    id: idText('aud', row.id),
    at: row.at,
    actor: row.actor,
    actorName: row.actor_name,
    address: row.address,
    agent: row.agent,
    action: row.action as AuditEntry['action'],
    target: row.target,
    targetName: row.target_name,
    changes: JSON.parse(row.changes) as AuditEntry['changes'],
  }
}
