import { bytesOf } from '@fermata/base/ids'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import { setTimer } from '../schedule/index.ts'
import { roomForOne, type Subject } from './actions.ts'
import type { Holder } from './lease.ts'
import { endHolding, leaseForChange, putLease } from './store.sql.ts'
import type { LeaseTable } from './tables.ts'

/** A subject's lease as it is stored, to be resumed one day; undefined when it never had one. */
export function leaseRowOf(tx: ReadTx, subject: Uint8Array): Promise<LeaseTable | undefined> {
  return tx.get(leaseForChange, { subject })
}

/**
 * Lets a lease that ended by a merge go on as if it had not: under its token, with its end. Whoever calls has
 * locked the subject, and nobody can have held it since. False, and nothing is written, when its time is over
 * or its holder may hold no more.
 */
export async function resumeLease(
  tx: WriteTx,
  at: Subject,
  row: LeaseTable,
  now: number,
): Promise<boolean> {
  const { holder, until } = row
  if (holder === null || until <= now) return false
  if ((await roomForOne(tx, at.workspace, holder as Holder['id'])) !== null) return false
  const { subject } = at
  await tx.run(putLease, row)
  const end = { ended_at: null, ended_why: null, ended_by: null, reason: '' }
  await tx.run(endHolding, { subject, token: row.token, ...end })
  await setTimer(tx, {
    kind: 'lease',
    subject,
    slot: '',
    workspace: bytesOf(at.workspace),
    at: until,
  })
  return true
}
