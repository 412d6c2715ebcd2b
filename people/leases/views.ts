import { limits } from '@fermata/base/limits'
import type { HoldingView, LeaseView } from '@fermata/contract/leases.schema'
import type { ReadTx } from '@fermata/storage/port'
import type { Held, Holder } from './lease.ts'
import { holdingsOf } from './store.sql.ts'
import type { HoldingTable } from './tables.ts'

function personOf({ id, name }: Holder): LeaseView['holder'] {
  return { kind: id.startsWith('app_') ? 'app' : 'member', id, name }
}

/** A lease as members and apps see it. */
export function leaseView(held: Held | null): LeaseView | null {
  if (held === null) return null
  const { holder, since, until, note } = held
  return {
    holder: personOf(holder),
    since,
    until,
    note: note === null ? null : { by: personOf(note.by), text: note.text },
  }
}

function holdingView(row: HoldingTable): HoldingView {
  const { began_by: by, ended_at: at, ended_why: why } = row
  return {
    token: row.token,
    holder: personOf({ id: row.holder as Holder['id'], name: row.holder_name }),
    began: { at: row.began_at, why: row.began_why, by: by as Holder['id'], note: row.note },
    ended:
      at === null || why === null
        ? null
        : { at, why, by: row.ended_by as Holder['id'] | null, reason: row.reason },
  }
}

/** Who held it, when, and why it changed; the newest first, at most `limits.holdingsShownMax`. */
export async function holdingViews(tx: ReadTx, subject: Uint8Array): Promise<HoldingView[]> {
  const rows = await tx.all(holdingsOf, { subject, limit: limits.holdingsShownMax })
  return rows.map(holdingView)
}
