import type { Clock } from '@fermata/base/clock'
import { bytesOf, type ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { MemberActor } from '@fermata/contract/actors'
import type { DraftBody, DraftView } from '@fermata/contract/drafts.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { Storage, WriteTx } from '@fermata/storage/port'
import { accessConversation } from '../conversations/index.ts'
import { keepFiles, letFilesGo } from '../files/index.ts'
import { emitDraft } from './emit.ts'
import { deleteDraft, draftForChange, draftsOf, insertDraft, updateDraft } from './store.sql.ts'
import type { DraftTable } from './tables.ts'
import { draftView } from './views.ts'

/** The actions on what somebody has begun to write for themselves. */
export interface DraftActions {
  /** Keeps it. Refuses with the newer one when that is not what it was written upon. */
  put(
    caller: MemberActor,
    conversation: ConversationId,
    body: DraftBody,
  ): Promise<Result<DraftView, Refusal>>
  /** Forgets it; with a version only if it is still that one. */
  remove(
    caller: MemberActor,
    conversation: ConversationId,
    version?: number,
  ): Promise<Result<undefined, Refusal>>
}

/** What the drafts are built from. */
export interface DraftDeps {
  readonly storage: Storage
  readonly clock: Clock
}

/** Says what is there instead. */
export function overtaken(there: DraftTable | undefined): { ok: false; refusal: Refusal } {
  const draft = there === undefined ? null : draftView(there)
  return refused(refusal('draft_changed', { draft }))
}

/** Grows with every change, and is not used again after a draft was deleted, however the clock is set. */
export function nextVersion(before: { readonly version: number } | undefined, now: number): number {
  return Math.max(now, (before?.version ?? 0) + 1)
}

/** Where it was begun, when that is part of another conversation by now. */
export function homeOf(
  before: Pick<DraftTable, 'home'> | undefined,
  asked: ConversationId,
  conversation: ConversationId,
): Uint8Array | null {
  if (before !== undefined) return before.home
  return asked === conversation ? null : bytesOf(asked)
}

/** Writes a draft over the one that is there, or as a new one. */
export async function saveDraft(
  tx: WriteTx,
  before: DraftTable | undefined,
  row: DraftTable,
): Promise<void> {
  await (before === undefined ? tx.run(insertDraft, row) : tx.run(updateDraft, row))
}

/** Whether there is nothing in it that could be said. */
export function isEmpty(body: { readonly text: string; readonly files?: readonly unknown[] }) {
  return body.text.trim() === '' && (body.files ?? []).length === 0
}

/** Refuses what is empty: to keep nothing is to delete. */
export function refusedAsEmpty(): { ok: false; refusal: Refusal } {
  const message = 'There is nothing to keep in a draft without text and files.'
  return refused(refusal('invalid_field', { message, field: 'body.text' }))
}

/** The writers of one's own drafts. */
export function draftActions({ storage, clock }: DraftDeps): DraftActions {
  return {
    async put(caller, asked, body) {
      if (isEmpty(body)) return refusedAsEmpty()
      return storage.write(async (tx) => {
        // Locked: it cannot become part of another meanwhile, and nobody begins the same draft twice.
        const accessed = await accessConversation(tx, caller, asked, 'toChange')
        if (!accessed.ok) return accessed
        const conversation = accessed.value.record.id
        const key = { conversation: bytesOf(conversation), owner: caller.id }
        const before = await tx.get(draftForChange, key)
        const { kind, text, files = [] } = body
        if (before !== undefined && isSame(before, body)) return ok(draftView(before))
        if ((before?.version ?? 0) !== body.version) return overtaken(before)
        const limit = limits.draftsPerMemberMax
        if (before === undefined) {
          const there = await tx.all(draftsOf, { owner: caller.id, limit })
          if (there.length === limit) {
            return refused(refusal('limit_reached', { field: 'draftsPerMemberMax', limit }))
          }
        }
        const at = clock.now()
        const keep = { keeper: `${caller.id}/${conversation}`, at, field: 'body.files' } as const
        const kept = await keepFiles(tx, caller, files, keep)
        if (!kept.ok) return kept
        const row: DraftTable = {
          ...key,
          workspace: bytesOf(caller.workspace),
          kind,
          text,
          files: JSON.stringify(kept.value),
          version: nextVersion(before, at),
          at,
          editor: caller.id,
          editor_name: caller.name,
          home: homeOf(before, asked, conversation),
        }
        await saveDraft(tx, before, row)
        const to = { workspace: row.workspace, place: null }
        emitDraft(tx, to, { at, by: caller.id }, { type: 'draft.changed', conversation })
        return ok(draftView(row))
      })
    },

    remove: (caller, asked, version) =>
      storage.write(async (tx) => {
        const accessed = await accessConversation(tx, caller, asked, 'toChange')
        // What they wrote is theirs, also when they see the conversation no more.
        const conversation = accessed.ok ? accessed.value.record.id : asked
        const key = { conversation: bytesOf(conversation), owner: caller.id }
        const before = await tx.get(draftForChange, key)
        if (before === undefined) return accessed.ok ? ok(undefined) : accessed
        if (version !== undefined && version !== before.version) return overtaken(before)
        const at = clock.now()
        await tx.run(deleteDraft, key)
        await letFilesGo(tx, `${caller.id}/${conversation}`, at)
        const to = { workspace: before.workspace, place: null }
        emitDraft(tx, to, { at, by: caller.id }, { type: 'draft.removed', conversation })
        return ok(undefined)
      }),
  }
}

function isSame(row: DraftTable, { kind, text, files = [] }: DraftBody): boolean {
  const there = draftView(row).files.map(({ id }) => id)
  return row.kind === kind && row.text === text && there.join() === files.join()
}
