import { bytesOf, idText, type ScheduledId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import type { AppActor, MemberActor } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { ReadTx } from '@fermata/storage/port'
import { scheduledById, scheduledForChange } from './store.sql.ts'
import type { ScheduledTable } from './tables.ts'

/** Whoever may write on our side. */
export type Writer = MemberActor | AppActor

/**
 * The only way to get a scheduled message for somebody: they are its sender. Whether they see its conversation
 * does not matter, because what they wrote is theirs. Refuses with `not_found`.
 */
export async function accessScheduled(
  tx: ReadTx,
  caller: Writer,
  id: ScheduledId,
  use: 'toLook' | 'toChange' = 'toLook',
): Promise<Result<ScheduledTable, Refusal>> {
  const row = await tx.get(use === 'toLook' ? scheduledById : scheduledForChange, {
    id: bytesOf(id),
  })
  const isTheirs = row?.sender === caller.id && idText('wsp', row.workspace) === caller.workspace
  if (row !== undefined && isTheirs) return ok(row)
  const message = 'There is no such message, or it is not yours.'
  return refused(refusal('not_found', { message }))
}
