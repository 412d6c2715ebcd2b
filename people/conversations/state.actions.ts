import type { Clock } from '@fermata/base/clock'
import {
  bytesOf,
  idText,
  type ContactId,
  type ConversationId,
  type LabelId,
  type WorkspaceId,
} from '@fermata/base/ids'
import { ok, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import type { Refusal } from '@fermata/contract/errors'
import type { Side, Urgency } from '@fermata/contract/words'
import type { Storage, WriteTx } from '@fermata/storage/port'
import { usableLabels } from '../labels/index.ts'
import { promisesOf } from '../places/index.ts'
import type { DueTimer } from '../schedule/index.ts'
import { accessConversation, eyesOf } from './access.ts'
import { decide, type Command } from './conversation.ts'
import { leasedByActing, leasedByResolving, withLease } from './leasing.ts'
import { previewOf } from './lookups.ts'
import { recordOf, type ConversationRecord } from './record.ts'
import { emitAbout, save } from './save.ts'
import {
  conversationForChange,
  conversationsOfContact,
  rehomeConversations,
  rehomeMessages,
  rehomeParticipant,
} from './store.sql.ts'
import { rowView } from './views.ts'

/** The actions that change what a conversation is in. */
export interface StateActions {
  pause(
    caller: Caller,
    id: ConversationId,
    pause: { until?: number | null; reason?: string },
  ): Promise<Result<ConversationRow, Refusal>>
  resume(caller: Caller, id: ConversationId): Promise<Result<ConversationRow, Refusal>>
  /** Says by hand whose turn it is; what sleeps is woken for it. */
  turn(caller: Caller, id: ConversationId, to: Side): Promise<Result<ConversationRow, Refusal>>
  resolve(caller: Caller, id: ConversationId): Promise<Result<ConversationRow, Refusal>>
  reopen(caller: Caller, id: ConversationId): Promise<Result<ConversationRow, Refusal>>
  change(
    caller: Caller,
    id: ConversationId,
    change: { subject?: string; urgency?: Urgency; labels?: readonly LabelId[] },
  ): Promise<Result<ConversationRow, Refusal>>
  /** Ends a pause whose time has come; the handler of the schedule's timers of kind `pause`. */
  wake(tx: WriteTx, timer: DueTimer): Promise<void>
  /** Hands the conversations of an unidentified visitor to the contact they turned out to be. */
  rehome(
    tx: WriteTx,
    move: { workspace: WorkspaceId; from: ContactId; to: ContactId },
  ): Promise<void>
}

interface StateDeps {
  readonly storage: Storage
  readonly clock: Clock
  /** Tells the schedule that a timer was set to this time; called after the commit. */
  readonly wake: (at: number) => void
}

/** The command with those of its labels that there are. */
async function withKnownLabels(
  tx: WriteTx,
  { workspace }: Caller,
  command: Command,
): Promise<Result<Command, Refusal>> {
  if (command.type !== 'change' || command.labels === undefined) return ok(command)
  const labels = await usableLabels(tx, workspace, command.labels)
  return labels.ok ? ok({ ...command, labels: labels.value }) : labels
}

/** Does something to a conversation's state; answers the record as it is then. Refused, it wrote nothing. */
export async function changeStateIn(
  tx: WriteTx,
  clock: Clock,
  caller: Caller,
  id: ConversationId,
  command: Command,
): Promise<Result<ConversationRecord, Refusal>> {
  const accessed = await accessConversation(tx, caller, id, 'toChange')
  if (!accessed.ok) return accessed
  const { record, inbox } = accessed.value
  const at = clock.now()
  const known = await withKnownLabels(tx, caller, command)
  if (!known.ok) return known
  const decided = decide(record.state, known.value, at, inbox.answerMinutes)
  if (!decided.ok) return decided
  // After the last refusal of its own, as what it writes is not taken back by one.
  const lease = command.type === 'resolve' ? leasedByResolving : leasedByActing
  const leased = await lease(tx, record, caller, at)
  if (!leased.ok) return leased
  const decision = withLease(decided.value, leased.value)
  return ok(await save(tx, record, decision, { by: caller.id, at }))
}

/** The writers of a conversation's state. */
export function stateActions(deps: StateDeps): StateActions {
  const { storage, clock } = deps

  async function act(
    caller: Caller,
    id: ConversationId,
    command: Command,
  ): Promise<Result<ConversationRow, Refusal>> {
    const done = await storage.write(async (tx) => {
      const saved = await changeStateIn(tx, clock, caller, id, command)
      if (!saved.ok) return saved
      const eyes = eyesOf(caller)
      return ok(rowView(saved.value, await previewOf(tx, saved.value, eyes), eyes))
    })
    if (done.ok && command.type === 'pause' && command.until !== null) deps.wake(command.until)
    return done
  }

  return {
    pause: (caller, id, { until = null, reason = '' }) =>
      act(caller, id, { type: 'pause', side: eyesOf(caller), by: caller.id, until, reason }),
    resume: (caller, id) => act(caller, id, { type: 'resume', side: eyesOf(caller) }),
    turn: (caller, id, to) => act(caller, id, { type: 'turn', to }),
    resolve: (caller, id) => act(caller, id, { type: 'resolve', by: caller.id }),
    reopen: (caller, id) => act(caller, id, { type: 'reopen' }),
    change: (caller, id, change) => act(caller, id, { type: 'change', ...change }),

    async wake(tx, timer) {
      const row = await tx.get(conversationForChange, { id: timer.subject })
      if (row === undefined) return
      const record = recordOf(row)
      const at = clock.now()
      const command = { type: 'wake', side: timer.slot as Side, until: timer.at } as const
      const decision = decide(
        record.state,
        command,
        at,
        await promisesOf(tx, bytesOf(record.inbox)),
      )
      if (decision.ok) await save(tx, record, decision.value, { by: null, at })
    },

    async rehome(tx, { from, to }) {
      const at = clock.now()
      const rows = await tx.all(conversationsOfContact, { contact: bytesOf(from) })
      await tx.run(rehomeConversations, { from: bytesOf(from), to: bytesOf(to) })
      for (const row of rows) {
        await tx.run(rehomeMessages, { conversation: row.id, from, to })
        await tx.run(rehomeParticipant, { conversation: row.id, from, to })
        const record = { ...recordOf(row), contact: to, id: idText('cnv', row.id) }
        emitAbout(
          tx,
          record,
          { by: to, at },
          {
            type: 'conversation.changed',
            body: { fields: ['contact'] },
            contacts: true,
          },
        )
      }
    },
  }
}
