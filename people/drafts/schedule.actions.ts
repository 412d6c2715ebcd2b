import { hash } from 'node:crypto'
import { present } from '@fermata/base/assert'
import type { Clock } from '@fermata/base/clock'
import {
  bytesOf,
  idText,
  uuidBytes,
  type ConversationId,
  type Ids,
  type ScheduledId,
} from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { ScheduledBody, ScheduledPatch, ScheduledView } from '@fermata/contract/drafts.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { Storage, WriteTx } from '@fermata/storage/port'
import {
  accessConversation,
  Raced,
  saidAs,
  unlessRaced,
  type Said,
  type TalkActions,
} from '../conversations/index.ts'
import { keepFiles, letFilesGo } from '../files/index.ts'
import { accessScheduled, type Writer } from './access.ts'
import { isEmpty, nextVersion } from './draft.actions.ts'
import { aboutScheduled, emitScheduled } from './emit.ts'
import { markSent, saveScheduled, sendIn, stopped } from './save.ts'
import { insertScheduled, scheduledByClient, scheduledOf } from './store.sql.ts'
import type { ScheduledTable } from './tables.ts'
import { filesOf, scheduledView } from './views.ts'
import { timeOf, type Time } from './wall.ts'

/** The actions on what is said later. */
export interface ScheduleActions {
  /** Puts it off. A repeat with the same client id answers with the first, as it is now. */
  add(
    caller: Writer,
    conversation: ConversationId,
    body: ScheduledBody,
  ): Promise<Result<ScheduledView, Refusal>>
  change(
    caller: Writer,
    id: ScheduledId,
    patch: ScheduledPatch,
  ): Promise<Result<ScheduledView, Refusal>>
  cancel(caller: Writer, id: ScheduledId): Promise<Result<ScheduledView, Refusal>>
  /** Says it now. When it was said already, answers with the message. */
  send(caller: Writer, id: ScheduledId): Promise<Result<Said, Refusal>>
  remove(caller: Writer, id: ScheduledId): Promise<Result<undefined, Refusal>>
}

/** What the messages that are sent later are built from. */
export interface ScheduleDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: Ids
  readonly talk: TalkActions
  /** Tells the schedule that a timer was set to this time (ms); called after the commit. */
  readonly wake: (at: number) => void
}

/** What a scheduled message is bound to by its client id. */
function hashOf(conversation: ConversationId, body: ScheduledBody): Uint8Array {
  const { kind = 'reply', text, files = [], when, unless = null } = body
  const said = 'at' in when ? [when.at] : [when.wall, when.zone, when.whose]
  const asked = [conversation, kind, text, files, said, unless]
  return hash('sha256', JSON.stringify(asked), 'buffer')
}

function nothingToSay(): { ok: false; refusal: Refusal } {
  const message = 'A message needs a text or a file.'
  return refused(refusal('invalid_field', { message, field: 'body.text' }))
}

/** Names the message that it became. */
function alreadySent(row: ScheduledTable): { ok: false; refusal: Refusal } {
  const sent = idText('msg', present(row.message, 'what it became'))
  return refused(refusal('already_sent', { sent }))
}

/** One that may still be changed. */
async function unsent(
  tx: WriteTx,
  caller: Writer,
  id: ScheduledId,
): Promise<Result<ScheduledTable, Refusal>> {
  const accessed = await accessScheduled(tx, caller, id, 'toChange')
  if (!accessed.ok) return accessed
  if (accessed.value.state === 'sent') return alreadySent(accessed.value)
  return accessed.value.state === 'removed' ? refused(refusal('not_found')) : accessed
}

/** From where on a message of the other side is an answer, and whether it is resolved to begin with. */
async function baseline(
  tx: WriteTx,
  ids: Ids,
  caller: Writer,
  conversation: ConversationId,
): Promise<Result<Pick<ScheduledTable, 'since' | 'mark' | 'was_resolved'>, Refusal>> {
  const accessed = await accessConversation(tx, caller, conversation)
  if (!accessed.ok) return accessed
  const { lastNumber, status } = accessed.value.record.state
  const mark = bytesOf(ids.next('sch'))
  return ok({ since: lastNumber, mark, was_resolved: status === 'resolved' ? 1 : 0 })
}

/** The columns of a time. */
function columnsOf({ at, wall }: Time): Pick<ScheduledTable, 'at' | 'wall'> {
  return { at, wall: wall === null ? null : JSON.stringify(wall) }
}

const unstopped = { stopped_why: null, stopped_at: 0, stopped_by: null, stopped_holder: null }

/** What a patch makes of a row; its files are looked at elsewhere. */
async function patched(
  tx: WriteTx,
  ids: Ids,
  caller: Writer,
  row: ScheduledTable,
  { patch, now }: { readonly patch: ScheduledPatch; readonly now: number },
): Promise<Result<ScheduledTable, Refusal>> {
  const { kind = row.kind, text = row.text, when, unless } = patch
  let next: ScheduledTable = { ...row, kind, text }
  if (unless !== undefined) next = { ...next, unless_answered: unless === null ? 0 : 1 }
  const isNewCondition = next.unless_answered > row.unless_answered
  if (when === undefined && !isNewCondition) return ok(next)
  const base = await baseline(tx, ids, caller, idText('cnv', row.conversation))
  if (!base.ok) return base
  next = { ...next, ...base.value }
  if (when === undefined) return ok(next)
  const time = timeOf(when, now)
  if (!time.ok) return time
  return ok({ ...next, ...columnsOf(time.value), ...unstopped, state: 'waiting' })
}

function isSame(a: ScheduledTable, b: ScheduledTable): boolean {
  const parts = ['kind', 'text', 'files', 'at', 'wall', 'unless_answered', 'state'] as const
  return parts.every((part) => a[part] === b[part])
}

async function add(
  tx: WriteTx,
  { clock, ids }: ScheduleDeps,
  caller: Writer,
  asked: { readonly conversation: ConversationId; readonly body: ScheduledBody },
): Promise<Result<ScheduledView, Refusal>> {
  const { conversation, body } = asked
  const client = uuidBytes(body.client)
  const askedHash = hashOf(conversation, body)
  const first = await tx.get(scheduledByClient, { sender: caller.id, client })
  if (first !== undefined) {
    if (Buffer.compare(first.asked_hash, askedHash) === 0) return ok(scheduledView(first))
    return refused(refusal('repeated_differently', { field: 'body.client' }))
  }
  const now = clock.now()
  const base = await baseline(tx, ids, caller, conversation)
  if (!base.ok) return base
  const time = timeOf(body.when, now)
  if (!time.ok) return time
  const limit = limits.scheduledPerActorMax
  const there = await tx.all(scheduledOf, { sender: caller.id, limit })
  if (there.length === limit) {
    return refused(refusal('limit_reached', { field: 'scheduledPerActorMax', limit }))
  }
  const id = ids.next('sch')
  const keep = { keeper: id, at: now, field: 'body.files' }
  const kept = await keepFiles(tx, caller, body.files ?? [], keep)
  if (!kept.ok) return kept
  const row: ScheduledTable = {
    id: bytesOf(id),
    workspace: bytesOf(caller.workspace),
    conversation: bytesOf(conversation),
    sender: caller.id,
    client,
    asked_hash: askedHash,
    kind: body.kind ?? 'reply',
    text: body.text,
    files: JSON.stringify(kept.value),
    prepared: JSON.stringify(body.prepared ?? []),
    ...columnsOf(time.value),
    unless_answered: (body.unless ?? null) === null ? 0 : 1,
    ...base.value,
    state: 'waiting',
    ...unstopped,
    message: null,
    version: nextVersion(undefined, now),
  }
  if ((await tx.run(insertScheduled, row)) === 0) throw new Raced()
  await saveScheduled(tx, null, row, { at: now, by: caller.id })
  return ok(scheduledView(row))
}

async function change(
  tx: WriteTx,
  { clock, ids }: ScheduleDeps,
  caller: Writer,
  asked: { readonly id: ScheduledId; readonly patch: ScheduledPatch },
): Promise<Result<ScheduledView, Refusal>> {
  const { id, patch } = asked
  const before = await unsent(tx, caller, id)
  if (!before.ok) return before
  const now = clock.now()
  const next = await patched(tx, ids, caller, before.value, { patch, now })
  if (!next.ok) return next
  let row = next.value
  const files = patch.files ?? filesOf(row).map((file) => file.id)
  if (isEmpty({ text: row.text, files })) return nothingToSay()
  const isOver = patch.version !== undefined && patch.version !== before.value.version
  if (isOver && !isSame(before.value, row)) {
    const message = 'It was changed since.'
    return refused(refusal('conflict', { message, field: 'body.version' }))
  }
  if (patch.files !== undefined) {
    const keep = { keeper: id, at: now, field: 'body.files' }
    const kept = await keepFiles(tx, caller, patch.files, keep)
    if (!kept.ok) return kept
    row = { ...row, files: JSON.stringify(kept.value) }
  }
  if (isSame(before.value, row)) return ok(scheduledView(before.value))
  const saved = { ...row, version: nextVersion(before.value, now) }
  await saveScheduled(tx, before.value, saved, { at: now, by: caller.id })
  return ok(scheduledView(saved))
}

/** The writers of what is said later. */
export function scheduleActions(deps: ScheduleDeps): ScheduleActions {
  const { storage, clock, talk, wake } = deps

  /** Wakes the schedule for whatever waits now. */
  async function waking(
    acting: Promise<Result<ScheduledView, Refusal>>,
  ): Promise<Result<ScheduledView, Refusal>> {
    const done = await acting
    if (done.ok && done.value.state === 'waiting') wake(done.value.at)
    return done
  }

  return {
    async add(caller, conversation, body) {
      if (isEmpty(body)) return nothingToSay()
      const asked = { conversation, body }
      return waking(unlessRaced(() => storage.write((tx) => add(tx, deps, caller, asked))))
    },
    change: (caller, id, patch) =>
      waking(storage.write((tx) => change(tx, deps, caller, { id, patch }))),

    cancel: (caller, id) =>
      storage.write(async (tx) => {
        const found = await unsent(tx, caller, id)
        if (!found.ok) return found
        const before = found.value
        if (before.state === 'stopped') return ok(scheduledView(before))
        const at = clock.now()
        const row = stopped(before, { why: 'cancelled', at, by: caller.id })
        await saveScheduled(tx, before, row, { at, by: caller.id })
        return ok(scheduledView(row))
      }),

    send: (caller, id) =>
      storage.write(async (tx) => {
        const found = await accessScheduled(tx, caller, id, 'toChange')
        if (!found.ok) return found
        const row = found.value
        if (row.message !== null) return saidAs(tx, caller, idText('msg', row.message))
        if (row.state === 'removed') return refused(refusal('not_found'))
        const said = await sendIn(tx, talk, row, { speaker: caller, isUnseen: false })
        if (!said.ok) return said
        await markSent(tx, row, said.value.message.id, { at: clock.now(), by: caller.id })
        return said
      }),

    remove: (caller, id) =>
      storage.write(async (tx) => {
        const found = await accessScheduled(tx, caller, id, 'toChange')
        if (!found.ok) return found
        const before = found.value
        if (before.state === 'sent') return alreadySent(before)
        if (before.state === 'removed') return ok(undefined)
        const at = clock.now()
        await letFilesGo(tx, id, at)
        const over = { ...before, ...unstopped, state: 'removed', text: '', files: '[]' } as const
        const row = { ...over, version: nextVersion(before, at) }
        await saveScheduled(tx, before, row, { at, by: caller.id })
        emitScheduled(
          tx,
          row,
          { at, by: caller.id },
          { type: 'scheduled.removed', body: aboutScheduled(row) },
        )
        return ok(undefined)
      }),
  }
}
