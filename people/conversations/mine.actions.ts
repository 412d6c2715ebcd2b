import type { Clock } from '@fermata/base/clock'
import { bytesOf, type ConversationId, type MemberId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import type { MineView } from '@fermata/contract/conversations.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { readUpTo } from '@fermata/contract/reading'
import type { Storage, WriteTx } from '@fermata/storage/port'
import { memberViews } from '../accounts/index.ts'
import { setTimer, type DueTimer } from '../schedule/index.ts'
import { accessConversation, accessTalk, eyesOf, refuseDoing, type Talk } from './access.ts'
import { lastOf } from './lookups.ts'
import { readColumns, readOfRow } from './reading.ts'
import { aboutOf } from './record.ts'
import { emitAbout } from './save.ts'
import { conversationById, participantOf, participantsIn, putParticipant } from './store.sql.ts'
import type { ParticipantTable } from './tables.ts'
import { mineView } from './views.ts'

/** The actions on what is somebody's own, beside the team's state, and on who takes part. */
export interface MineActions {
  /** I have read up to a number, as I count; a lower one marks unread from there on. */
  read(caller: Caller, id: ConversationId, number: number): Promise<Result<MineView, Refusal>>
  archive(caller: Caller, id: ConversationId): Promise<Result<MineView, Refusal>>
  unarchive(caller: Caller, id: ConversationId): Promise<Result<MineView, Refusal>>
  snooze(caller: Caller, id: ConversationId, until: number): Promise<Result<MineView, Refusal>>
  unsnooze(caller: Caller, id: ConversationId): Promise<Result<MineView, Refusal>>
  join(caller: Caller, id: ConversationId, member: MemberId): Promise<Result<undefined, Refusal>>
  leave(caller: Caller, id: ConversationId, member: MemberId): Promise<Result<undefined, Refusal>>
  /** Ends a snooze whose time has come; the handler of timers of kind `snooze`. */
  endSnooze(tx: WriteTx, timer: DueTimer): Promise<void>
}

interface MineDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly wake: (at: number) => void
}

type Own = Pick<
  ParticipantTable,
  'cursor' | 'beyond' | 'archived_number' | 'snoozed_until' | 'joined_at'
>

async function ownIn(
  tx: WriteTx,
  conversation: Uint8Array,
  actor: string,
): Promise<ParticipantTable> {
  const nothing = {
    joined_at: null,
    cursor: 0,
    beyond: null,
    archived_number: null,
    snoozed_until: null,
  }
  const known = await tx.get(participantOf, { conversation, actor })
  return known ?? { conversation, actor, ...nothing }
}

function same(a: Own, b: Own): boolean {
  return (
    a.cursor === b.cursor &&
    a.beyond === b.beyond &&
    a.archived_number === b.archived_number &&
    a.snoozed_until === b.snoozed_until &&
    a.joined_at === b.joined_at
  )
}

/** Changes what somebody has of their own in a conversation. Refused, it wrote nothing. */
async function changeMineIn(
  tx: WriteTx,
  clock: Clock,
  caller: Caller,
  id: ConversationId,
  change: (own: ParticipantTable, talk: Talk) => Result<ParticipantTable, Refusal>,
): Promise<Result<MineView, Refusal>> {
  const accessed = await accessTalk(tx, caller, id, 'toChange')
  if (!accessed.ok) return accessed
  const { record } = accessed.value
  const before = await ownIn(tx, bytesOf(record.id), caller.id)
  const after = change(before, accessed.value)
  if (!after.ok) return after
  if (same(before, after.value)) return ok(mineView(before))
  await tx.run(putParticipant, after.value)
  if (before.snoozed_until !== after.value.snoozed_until) {
    const [subject, workspace] = [bytesOf(record.id), bytesOf(record.workspace)]
    const at = after.value.snoozed_until
    await setTimer(tx, { kind: 'snooze', subject, slot: caller.id, workspace, at })
  }
  const deed = { by: caller.id, at: clock.now() }
  // Addressed to one alone, but a contact's events are found by their contact.
  const contacts = caller.kind === 'contact'
  emitAbout(tx, record, deed, { type: 'mine.changed', body: {}, contacts, only: caller.id })
  return ok(mineView(after.value))
}

/** Puts a conversation away for somebody alone, until something new is said. */
export function archiveIn(
  tx: WriteTx,
  clock: Clock,
  caller: Caller,
  id: ConversationId,
): Promise<Result<MineView, Refusal>> {
  return changeMineIn(tx, clock, caller, id, (own, { record }) =>
    ok({ ...own, archived_number: record.state.lastNumber }),
  )
}

/** Puts it back to where it was put away before, if it was. */
export function unarchiveIn(
  tx: WriteTx,
  clock: Clock,
  caller: Caller,
  { id, to }: { readonly id: ConversationId; readonly to: number | null },
): Promise<Result<MineView, Refusal>> {
  return changeMineIn(tx, clock, caller, id, (own) => ok({ ...own, archived_number: to }))
}

/** The writers of what is somebody's own. */
export function mineActions(deps: MineDeps): MineActions {
  const { storage, clock } = deps

  function act(
    caller: Caller,
    id: ConversationId,
    change: (own: ParticipantTable, talk: Talk) => Result<ParticipantTable, Refusal>,
  ): Promise<Result<MineView, Refusal>> {
    return storage.write((tx) => changeMineIn(tx, clock, caller, id, change))
  }

  function part(
    caller: Caller,
    id: ConversationId,
    member: MemberId,
    takes: boolean,
  ): Promise<Result<undefined, Refusal>> {
    return storage.write(async (tx) => {
      const accessed = await accessConversation(tx, caller, id, 'toChange')
      if (!accessed.ok) return accessed
      const { record } = accessed.value
      const [known] = await memberViews(tx, record.workspace, [member])
      if (known === undefined || (takes && known.deactivatedAt !== null)) {
        const message = 'There is no such member.'
        return refused(refusal('not_found', { message, field: 'params.member' }))
      }
      const own = await ownIn(tx, bytesOf(record.id), member)
      if ((own.joined_at !== null) === takes) return ok(undefined)
      if (takes) {
        const limit = limits.participantsPerConversationMax
        const there = await tx.all(participantsIn, { conversation: bytesOf(record.id), limit })
        if (there.length === limit) {
          return refused(refusal('limit_reached', { field: 'participants', limit }))
        }
      }
      const at = clock.now()
      await tx.run(putParticipant, { ...own, joined_at: takes ? at : null })
      const type = takes ? 'participant.added' : 'participant.removed'
      emitAbout(tx, record, { by: caller.id, at }, { type, body: { participant: member } })
      return ok(undefined)
    })
  }

  return {
    read: (caller, id, number) =>
      act(caller, id, (own, talk) => {
        const refusing = refuseDoing(caller, talk)
        if (refusing !== undefined) return refused(refusing)
        const limit = lastOf(talk.record, eyesOf(caller))
        if (number <= limit) {
          return ok({ ...own, ...readColumns(readUpTo(readOfRow(own), number)) })
        }
        const message = 'There is no message with this number yet.'
        return refused(refusal('invalid_field', { message, field: 'body.number', limit }))
      }),
    archive: (caller, id) => storage.write((tx) => archiveIn(tx, clock, caller, id)),
    unarchive: (caller, id) => act(caller, id, (own) => ok({ ...own, archived_number: null })),
    async snooze(caller, id, until) {
      const now = clock.now()
      if (until <= now || until > now + limits.pauseMsMax) {
        const message = 'A snooze must end in the future, and not later than `limit` ms from now.'
        const limit = limits.pauseMsMax
        return refused(refusal('invalid_field', { message, field: 'body.until', limit }))
      }
      const done = await act(caller, id, (own) => ok({ ...own, snoozed_until: until }))
      if (done.ok) deps.wake(until)
      return done
    },
    unsnooze: (caller, id) => act(caller, id, (own) => ok({ ...own, snoozed_until: null })),
    join: (caller, id, member) => part(caller, id, member, true),
    leave: (caller, id, member) => part(caller, id, member, false),

    async endSnooze(tx, timer) {
      const row = await tx.get(conversationById, { id: timer.subject })
      const own = await tx.get(participantOf, { conversation: timer.subject, actor: timer.slot })
      if (row === undefined || own?.snoozed_until !== timer.at) return
      await tx.run(putParticipant, { ...own, snoozed_until: null })
      const deed = { by: null, at: clock.now() }
      emitAbout(tx, aboutOf(row), deed, { type: 'mine.changed', body: {}, only: timer.slot })
    },
  }
}
