import { bytesOf } from '@fermata/base/ids'
import { ok, type Result } from '@fermata/base/result'
import type { AppActor, MemberActor } from '@fermata/contract/actors'
import type { MessageBody } from '@fermata/contract/conversations.schema'
import type { Refusal } from '@fermata/contract/errors'
import type { EventBody, EventType } from '@fermata/contract/events.schema'
import type { WriteTx } from '@fermata/storage/port'
import { changeLease, leaseView, type Command, type Holder, type Outcome } from '../leases/index.ts'
import type { Speaker } from './access.ts'
import type { Conversation, Decision, Happening } from './conversation.ts'
import type { ConversationRecord } from './record.ts'

/** What lists show of a lease after something was done to it, and what there is to tell. Null: nothing. */
export type Leased = (Pick<Conversation, 'lease' | 'token'> & Pick<Decision, 'happenings'>) | null

/** A decision together with what became of the lease. */
export function withLease({ state, happenings }: Decision, leased: Leased): Decision {
  if (leased === null) return { state, happenings }
  const { lease, token } = leased
  return {
    state: { ...state, lease, token },
    happenings: [...happenings, ...leased.happenings],
  }
}

/** Somebody as the holder of a lease. */
export function holderOf({ id, name }: Pick<MemberActor | AppActor, 'id' | 'name'>): Holder {
  return { id, name }
}

function told<T extends EventType>(type: T, body: EventBody<T>): Happening {
  // Who works here and how is nothing that a contact is told.
  return { type, body, contacts: false }
}

/** What our side is told of it. A hand-over is one event, and an answer that took a free one speaks for itself. */
function happeningsOf({ steps }: Outcome): Happening[] {
  const taken = steps.find((step) => step.type === 'began')
  return steps.flatMap((step): Happening[] => {
    switch (step.type) {
      case 'began': {
        const { held, why } = step
        return why === 'answer' ? [] : [told('lease.taken', { holder: held.holder.id, why })]
      }
      case 'renewed':
        return [told('lease.renewed', {})]
      case 'ended': {
        const { why, holder, token } = step
        const isTold = why !== 'handed' && (why !== 'answered' || taken?.token !== token)
        return isTold ? [told('lease.ended', { holder: holder.id, why })] : []
      }
    }
  })
}

/**
 * Does something to the lease of a conversation that is locked, at a time (ms). What comes back must be
 * written with the conversation. Refuses as `decide` of the leases does; then nothing was written.
 */
export async function leased(
  tx: WriteTx,
  record: ConversationRecord,
  change: { readonly command: Command; readonly now: number; readonly client?: string },
): Promise<Result<Leased, Refusal>> {
  const at = { workspace: record.workspace, subject: bytesOf(record.id) }
  const changed = await changeLease(tx, at, change)
  if (!changed.ok) return changed
  const { lease, steps } = changed.value
  if (steps.length === 0) return ok(null)
  const happenings = happeningsOf(changed.value)
  return ok({ lease: leaseView(lease.held), token: lease.token, happenings })
}

/** Whoever does something in a conversation that they hold, holds it for longer. */
export async function leasedByActing(
  tx: WriteTx,
  record: ConversationRecord,
  caller: Speaker,
  now: number,
): Promise<Result<Leased, Refusal>> {
  const { lease } = record.state
  if (caller.kind === 'contact' || lease?.holder.id !== caller.id) return ok(null)
  return leased(tx, record, { command: { type: 'act', by: holderOf(caller) }, now })
}

/** To resolve what somebody else holds is refused, and ends the lease of whoever resolves. */
export async function leasedByResolving(
  tx: WriteTx,
  record: ConversationRecord,
  caller: Speaker,
  now: number,
): Promise<Result<Leased, Refusal>> {
  if (caller.kind === 'contact' || record.state.lease === null) return ok(null)
  return leased(tx, record, { command: { type: 'resolve', by: holderOf(caller) }, now })
}

/**
 * What a message does to the lease. A reply of our side needs it: it takes a free one and gives it back in
 * the same breath, and ends the one of its writer. A note is never refused.
 */
export async function leasedBySaying(
  tx: WriteTx,
  record: ConversationRecord,
  said: { readonly caller: Speaker; readonly message: MessageBody; readonly now: number },
): Promise<Result<Leased, Refusal>> {
  const { caller, message, now } = said
  const isOpening = record.state.lastNumber === 0
  if (caller.kind === 'contact' || isOpening) return ok(null)
  if (message.kind === 'note') return leasedByActing(tx, record, caller, now)
  const command = { type: 'answer', by: holderOf(caller), token: message.token ?? null } as const
  return leased(tx, record, { command, now })
}
