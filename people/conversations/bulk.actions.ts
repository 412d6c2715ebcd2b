import { present, unreachable } from '@fermata/base/assert'
import type { Clock } from '@fermata/base/clock'
import { bytesOf, uuidBytes, type ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { refused, type Result } from '@fermata/base/result'
import type { MemberActor } from '@fermata/contract/actors'
import type { BulkAct, BulkBody, BulkOutcome } from '@fermata/contract/bulk.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { Storage, WriteTx } from '@fermata/storage/port'
import { accessConversation } from './access.ts'
import { bulkItem, forgetBulkItems, insertBulkItem, undoBulkItem } from './bulk.sql.ts'
import { stateNow, undone, type Was } from './bulk.undo.ts'
import { handing, leaseIn, releasing, taking } from './lease.actions.ts'
import { archiveIn } from './mine.actions.ts'
import { changeStateIn } from './state.actions.ts'

/** What is done to many conversations at once. */
export interface BulkActions {
  /** Does it to each of them; each is decided, and written, by itself. */
  act(caller: MemberActor, body: BulkBody): Promise<BulkOutcome[]>
  /** Puts those back that nothing else has happened to since. */
  undo(
    caller: MemberActor,
    body: Pick<BulkBody, 'client' | 'conversations'>,
  ): Promise<BulkOutcome[]>
}

interface BulkDeps {
  readonly storage: Storage
  readonly clock: Clock
  /** Tells the schedule that a timer was set to this time (ms); called after the commit. */
  readonly wake: (at: number) => void
}

/** Does it to one conversation, by the same actions as if it were asked for alone. */
async function done(
  tx: WriteTx,
  clock: Clock,
  caller: MemberActor,
  { id, act }: { readonly id: ConversationId; readonly act: BulkAct },
): Promise<Result<unknown, Refusal>> {
  switch (act.type) {
    case 'resolve':
      return changeStateIn(tx, clock, caller, id, { type: 'resolve', by: caller.id })
    case 'pause': {
      const { until = null, reason = '' } = act
      const pause = { type: 'pause', side: 'ours', by: caller.id, until, reason } as const
      return changeStateIn(tx, clock, caller, id, pause)
    }
    case 'urgency':
      return changeStateIn(tx, clock, caller, id, { type: 'change', urgency: act.urgency })
    case 'labels': {
      const accessed = await accessConversation(tx, caller, id, 'toChange')
      if (!accessed.ok) return accessed
      const kept = accessed.value.record.state.labels.filter((one) => !act.remove.includes(one))
      const labels = [...new Set([...kept, ...act.add])]
      const limit = limits.labelsPerConversationMax
      if (labels.length > limit) {
        return refused(refusal('limit_reached', { field: 'labelsPerConversationMax', limit }))
      }
      return changeStateIn(tx, clock, caller, id, { type: 'change', labels })
    }
    case 'archive':
      return archiveIn(tx, clock, caller, id)
    case 'take':
      return leaseIn(tx, clock, caller, id, taking(caller, {}))
    case 'hand':
      return leaseIn(tx, clock, caller, id, handing(caller, act))
    case 'release':
      return leaseIn(tx, clock, caller, id, releasing(caller))
    default:
      return unreachable(act)
  }
}

function outcome(conversation: ConversationId, refusing: Refusal | null): BulkOutcome {
  if (refusing === null) return { conversation, refusal: null }
  const { code, message } = refusing
  return { conversation, refusal: { code, message } }
}

/** What many conversations are changed by. */
export function bulkActions({ storage, clock, wake }: BulkDeps): BulkActions {
  async function actOnOne(
    tx: WriteTx,
    caller: MemberActor,
    body: BulkBody,
    asked: ConversationId,
  ): Promise<BulkOutcome> {
    const act = JSON.stringify(body.act)
    // Behind the lock of the conversation, so that of two that are the same the second finds the first.
    const accessed = await accessConversation(tx, caller, asked, 'toChange')
    if (!accessed.ok) return outcome(asked, accessed.refusal)
    // It may have become part of another one.
    const { id } = accessed.value.record
    const key = { actor: caller.id, client: uuidBytes(body.client), conversation: bytesOf(id) }
    const first = await tx.get(bulkItem, key)
    if (first !== undefined) {
      if (first.act !== act) return outcome(asked, refusal('repeated_differently'))
      return outcome(asked, first.refusal === null ? null : (JSON.parse(first.refusal) as Refusal))
    }
    const before = await stateNow(tx, caller, id)
    const result = await done(tx, clock, caller, { id, act: body.act })
    const after = result.ok ? await stateNow(tx, caller, id) : null
    await tx.run(insertBulkItem, {
      ...key,
      act,
      at: clock.now(),
      before: after === null ? null : JSON.stringify(before),
      after: after === null ? null : JSON.stringify(after),
      refusal: result.ok ? null : JSON.stringify(result.refusal),
      undone_at: null,
    })
    return outcome(asked, result.ok ? null : result.refusal)
  }

  async function undoOne(
    tx: WriteTx,
    caller: MemberActor,
    client: string,
    asked: ConversationId,
  ): Promise<BulkOutcome> {
    const accessed = await accessConversation(tx, caller, asked, 'toChange')
    if (!accessed.ok) return outcome(asked, accessed.refusal)
    const { record } = accessed.value
    const { id } = record
    const key = { actor: caller.id, client: uuidBytes(client), conversation: bytesOf(id) }
    const item = await tx.get(bulkItem, key)
    if (item?.after == null) return outcome(asked, refusal('not_found'))
    if (item.undone_at !== null) return outcome(asked, null)
    if (JSON.stringify(await stateNow(tx, caller, id)) !== item.after) {
      const message = 'Something else has happened to it since.'
      return outcome(asked, refusal('conflict', { message }))
    }
    const was = JSON.parse(present(item.before, 'the state before')) as Was
    const { type } = JSON.parse(item.act) as BulkAct
    await undone(tx, clock, { caller, record, type, was })
    await tx.run(undoBulkItem, { ...key, undone_at: clock.now() })
    return outcome(asked, null)
  }

  return {
    async act(caller, body) {
      const at = clock.now() - limits.bulkKnownMs
      await storage.write((tx) => tx.run(forgetBulkItems, { actor: caller.id, at }))
      const outcomes = await inTurns(body.conversations, (id) =>
        storage.write((tx) => actOnOne(tx, caller, body, id)),
      )
      if (body.act.type === 'pause' && body.act.until != null) wake(body.act.until)
      else wake(clock.now() + limits.scheduleLookMsMax)
      return outcomes
    },
    async undo(caller, { client, conversations }) {
      const outcomes = await inTurns(conversations, (id) =>
        storage.write((tx) => undoOne(tx, caller, client, id)),
      )
      wake(clock.now())
      return outcomes
    },
  }
}

/** A few at a time, so that one who does much leaves room for others. */
async function inTurns<T, R>(things: readonly T[], act: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let from = 0; from < things.length; from += limits.bulkAtOnceMax) {
    const some = things.slice(from, from + limits.bulkAtOnceMax)
    results.push(...(await Promise.all(some.map(act))))
  }
  return results
}
