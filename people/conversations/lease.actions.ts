import type { Clock } from '@fermata/base/clock'
import { bytesOf, idText, type ConversationId, type WorkspaceId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import type { AppActor, MemberActor } from '@fermata/contract/actors'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { HoldingView } from '@fermata/contract/leases.schema'
import { may } from '@fermata/contract/may'
import type { ReadTx, Storage, WriteTx } from '@fermata/storage/port'
import { standingOf } from '../accounts/index.ts'
import {
  heldBy,
  holdersOf,
  holdingViews,
  roomForOne,
  type Command,
  type Holder,
} from '../leases/index.ts'
import { inboxForCaller } from '../places/index.ts'
import { leaseMsIn } from '../teams/index.ts'
import type { DueTimer } from '../schedule/index.ts'
import { accessConversation, type Accessed } from './access.ts'
import { holderOf, leased, withLease } from './leasing.ts'
import { previewOf } from './lookups.ts'
import { recordOf, type ConversationRecord } from './record.ts'
import { save, type Deed } from './save.ts'
import { conversationForChange } from './store.sql.ts'
import { rowView } from './views.ts'

/** Whoever may hold a lease. */
export type Worker = MemberActor | AppActor

/** The actions on who holds a conversation. */
export interface LeaseActions {
  /** Takes what is free, or renews what is mine. `ms`: how long it lasts from the holder's last act. */
  take(
    caller: Worker,
    id: ConversationId,
    wish: { ms?: number },
  ): Promise<Result<ConversationRow, Refusal>>
  release(caller: Worker, id: ConversationId): Promise<Result<ConversationRow, Refusal>>
  hand(
    caller: Worker,
    id: ConversationId,
    to: { holder: Holder['id']; note?: string; ms?: number },
  ): Promise<Result<ConversationRow, Refusal>>
  pass(
    caller: Worker,
    id: ConversationId,
    reason: string,
  ): Promise<Result<ConversationRow, Refusal>>
  holdings(caller: Worker, id: ConversationId): Promise<Result<HoldingView[], Refusal>>
  /** Tells that a lease's time is over; the handler of timers of kind `lease`. */
  expire(tx: WriteTx, timer: DueTimer): Promise<void>
  /** Gives everything back that somebody holds who may not act any more. */
  withdraw(
    tx: WriteTx,
    from: { workspace: WorkspaceId; holder: Holder['id']; by: Holder['id'] | null },
  ): Promise<void>
  /** Gives back what is held by those who may not answer there any more: by one holder, or by anybody. */
  reconsider(workspace: WorkspaceId, holder: Holder['id'] | null): Promise<void>
}

interface LeaseDeps {
  readonly storage: Storage
  readonly clock: Clock
  /** Tells the schedule that a timer was set to this time (ms); called after the commit. */
  readonly wake: (at: number) => void
}

/** Does something to a locked conversation's lease and writes it; answers the record as it is now. */
export async function saveLease(
  tx: WriteTx,
  record: ConversationRecord,
  change: { readonly command: Command; readonly client?: string },
  deed: Deed,
): Promise<Result<ConversationRecord, Refusal>> {
  const changed = await leased(tx, record, { ...change, now: deed.at })
  if (!changed.ok) return changed
  const decision = withLease({ state: record.state, happenings: [] }, changed.value)
  return ok(await save(tx, record, decision, deed))
}

/** Whoever it is, when they may answer in this conversation; otherwise null. */
export async function answerer(
  tx: ReadTx,
  record: ConversationRecord,
  id: Holder['id'],
): Promise<Holder | null> {
  const standing = await standingOf(tx, record.workspace, id)
  if (standing === undefined || !may(standing, 'conversations:write')) return null
  const inbox = await inboxForCaller(tx, standing, bytesOf(record.inbox))
  return inbox === undefined ? null : holderOf(standing)
}

/** Who is to get it: somebody who may answer there. */
async function recipient(
  tx: ReadTx,
  record: ConversationRecord,
  id: Holder['id'],
): Promise<Result<Holder, Refusal>> {
  const holder = await answerer(tx, record, id)
  if (holder !== null) return ok(holder)
  const message = 'There is nobody of this id who may answer here.'
  return refused(refusal('invalid_field', { message, field: 'body.holder' }))
}

function notWhileResolved(): { ok: false; refusal: Refusal } {
  const message = 'It is resolved; reopen it before somebody takes it.'
  return refused(refusal('conflict', { message }))
}

/** What is to be done to the lease of a conversation that is locked. */
export type Prepare = (tx: WriteTx, accessed: Accessed) => Promise<Result<Command, Refusal>>

/** Takes what is free, or renews what is mine. */
export function taking(caller: Worker, { ms }: { readonly ms?: number }): Prepare {
  return async (tx, { record, inbox }) => {
    const { state } = record
    if (state.status === 'resolved') return notWhileResolved()
    // What they held was given back when they lost this; nothing would give back what they take now.
    if ((await answerer(tx, record, caller.id)) === null) return refused(refusal('not_allowed'))
    const isMine = state.lease?.holder.id === caller.id
    const full = isMine ? null : await roomForOne(tx, caller.workspace, caller.id)
    if (full !== null) return refused(full)
    const spanMs = ms ?? (await leaseMsIn(tx, caller.workspace, inbox))
    return ok({ type: 'take', by: holderOf(caller), spanMs })
  }
}

/** Gives back what is mine, or what I may move. */
export function releasing(caller: Worker): Prepare {
  const mayMove = may(caller, 'leases:move')
  return async () => ok({ type: 'release', by: holderOf(caller), mayMove })
}

/** Gives it to another, with a note. */
export function handing(
  caller: Worker,
  to: { readonly holder: Holder['id']; readonly note?: string; readonly ms?: number },
): Prepare {
  return async (tx, { record, inbox }) => {
    if (record.state.status === 'resolved') return notWhileResolved()
    const holder = await recipient(tx, record, to.holder)
    if (!holder.ok) return holder
    const full = await roomForOne(tx, record.workspace, to.holder)
    if (full !== null) return refused(full)
    const spanMs = to.ms ?? (await leaseMsIn(tx, caller.workspace, inbox))
    const [text, mayMove] = [to.note ?? '', may(caller, 'leases:move')]
    return ok({ type: 'hand', by: holderOf(caller), to: holder.value, text, spanMs, mayMove })
  }
}

/** Does something to the lease of a conversation; answers the record as it is then. */
export async function leaseIn(
  tx: WriteTx,
  clock: Clock,
  caller: Worker,
  id: ConversationId,
  prepare: Prepare,
): Promise<Result<ConversationRecord, Refusal>> {
  const accessed = await accessConversation(tx, caller, id, 'toChange')
  if (!accessed.ok) return accessed
  const command = await prepare(tx, accessed.value)
  if (!command.ok) return command
  const deed = { by: caller.id, at: clock.now() }
  return saveLease(tx, accessed.value.record, { command: command.value }, deed)
}

/** The writers of leases. */
export function leaseActions({ storage, clock, wake }: LeaseDeps): LeaseActions {
  /** Ends those leases of a holder for which it holds that they must. */
  async function giveBack(
    tx: WriteTx,
    from: { workspace: WorkspaceId; holder: Holder['id']; by: Holder['id'] | null },
    must: (record: ConversationRecord) => Promise<boolean>,
  ): Promise<void> {
    const { workspace, holder, by } = from
    for (const subject of await heldBy(tx, holder)) {
      const row = await tx.get(conversationForChange, { id: subject })
      if (row === undefined || idText('wsp', row.workspace) !== workspace) continue
      const record = recordOf(row)
      // It may have gone to somebody else while this waited for the lock.
      if (record.state.lease?.holder.id !== holder || !(await must(record))) continue
      await saveLease(tx, record, { command: { type: 'withdraw', by } }, { by, at: clock.now() })
    }
  }

  async function act(
    caller: Worker,
    id: ConversationId,
    prepare: Prepare,
  ): Promise<Result<ConversationRow, Refusal>> {
    const done = await storage.write(async (tx) => {
      const saved = await leaseIn(tx, clock, caller, id, prepare)
      if (!saved.ok) return saved
      return ok(rowView(saved.value, await previewOf(tx, saved.value, 'ours'), 'ours'))
    })
    const until = done.ok ? done.value.lease?.until : undefined
    if (until !== undefined) wake(until)
    return done
  }

  return {
    take: (caller, id, wish) => act(caller, id, taking(caller, wish)),
    release: (caller, id) => act(caller, id, releasing(caller)),
    hand: (caller, id, to) => act(caller, id, handing(caller, to)),
    pass: (caller, id, reason) =>
      act(caller, id, async () => ok({ type: 'pass', by: holderOf(caller), reason })),
    holdings: (caller, id) =>
      storage.read(async (tx) => {
        const accessed = await accessConversation(tx, caller, id)
        return accessed.ok
          ? ok(await holdingViews(tx, bytesOf(accessed.value.record.id)))
          : accessed
      }),

    async expire(tx, timer) {
      const row = await tx.get(conversationForChange, { id: timer.subject })
      if (row === undefined) return
      const deed = { by: null, at: clock.now() }
      await saveLease(tx, recordOf(row), { command: { type: 'expire' } }, deed)
    },

    withdraw: (tx, { workspace, holder, by }) =>
      giveBack(tx, { workspace, holder, by }, async () => true),

    async reconsider(workspace, holder) {
      const holders =
        holder === null ? await storage.read((tx) => holdersOf(tx, workspace)) : [holder]
      for (const one of holders) {
        const from = { workspace, holder: one, by: null }
        await storage.write((tx) =>
          giveBack(tx, from, async (record) => (await answerer(tx, record, one)) === null),
        )
      }
    },
  }
}
