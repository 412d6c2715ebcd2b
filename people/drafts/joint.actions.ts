import { bytesOf, type ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { DraftView, SharedDraftBody, SharedSendBody } from '@fermata/contract/drafts.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import {
  accessConversation,
  messageUnder,
  saidAs,
  type Said,
  type TalkActions,
} from '../conversations/index.ts'
import type { Writer } from './access.ts'
import {
  homeOf,
  isEmpty,
  nextVersion,
  overtaken,
  refusedAsEmpty,
  saveDraft,
  type DraftDeps,
} from './draft.actions.ts'
import { emitDraft } from './emit.ts'
import { deleteDraft, draftForChange } from './store.sql.ts'
import type { DraftTable } from './tables.ts'
import { draftView } from './views.ts'

/** The actions on the draft that all share who answer in a conversation. */
export interface SharedActions {
  /** Keeps it. Refuses while somebody else is writing it, unless it is taken over. */
  put(
    caller: Writer,
    conversation: ConversationId,
    body: SharedDraftBody,
  ): Promise<Result<DraftView, Refusal>>
  remove(
    caller: Writer,
    conversation: ConversationId,
    version?: number,
  ): Promise<Result<undefined, Refusal>>
  /** Says it and forgets it in one step, so that two who press at the same time do not say it twice. */
  send(
    caller: Writer,
    conversation: ConversationId,
    body: SharedSendBody,
  ): Promise<Result<Said, Refusal>>
}

/** Whoever writes it at this moment, if that is somebody else. */
function otherEditor(before: DraftTable | undefined, caller: Writer, now: number): boolean {
  if (before === undefined || before.editor === caller.id) return false
  return now - before.at < limits.draftEditorMs
}

function written(before: DraftTable): { ok: false; refusal: Refusal } {
  const { by } = draftView(before)
  const message = `${by.name} is writing this draft at this moment.`
  const holder = by as NonNullable<Refusal['holder']>
  return refused(refusal('draft_held', { message, holder }))
}

/** The writers of shared drafts. */
export function sharedActions(deps: DraftDeps & { readonly talk: TalkActions }): SharedActions {
  const { storage, clock, talk } = deps
  const keyOf = (conversation: ConversationId) => ({
    conversation: bytesOf(conversation),
    owner: '',
  })
  return {
    async put(caller, asked, body) {
      if (isEmpty(body)) return refusedAsEmpty()
      return storage.write(async (tx) => {
        const accessed = await accessConversation(tx, caller, asked, 'toChange')
        if (!accessed.ok) return accessed
        const conversation = accessed.value.record.id
        const before = await tx.get(draftForChange, keyOf(conversation))
        const { kind, text } = body
        const isMine = before?.editor === caller.id
        if (isMine && before.kind === kind && before.text === text) return ok(draftView(before))
        if ((before?.version ?? 0) !== body.version) return overtaken(before)
        const at = clock.now()
        if (before !== undefined && body.take !== true && otherEditor(before, caller, at)) {
          return written(before)
        }
        const row: DraftTable = {
          ...keyOf(conversation),
          workspace: bytesOf(caller.workspace),
          kind,
          text,
          files: '[]',
          version: nextVersion(before, at),
          at,
          editor: caller.id,
          editor_name: caller.name,
          home: homeOf(before, asked, conversation),
        }
        await saveDraft(tx, before, row)
        const to = { workspace: row.workspace, place: bytesOf(accessed.value.record.inbox) }
        emitDraft(tx, to, { at, by: caller.id }, { type: 'draft.changed', conversation })
        return ok(draftView(row))
      })
    },

    remove: (caller, asked, version) =>
      storage.write(async (tx) => {
        const accessed = await accessConversation(tx, caller, asked, 'toChange')
        if (!accessed.ok) return accessed
        const conversation = accessed.value.record.id
        const before = await tx.get(draftForChange, keyOf(conversation))
        if (before === undefined) return ok(undefined)
        if (version !== undefined && version !== before.version) return overtaken(before)
        await tx.run(deleteDraft, keyOf(conversation))
        const to = { workspace: before.workspace, place: bytesOf(accessed.value.record.inbox) }
        const by = { at: clock.now(), by: caller.id }
        emitDraft(tx, to, by, { type: 'draft.removed', conversation })
        return ok(undefined)
      }),

    send: (caller, asked, { client, version, token }) =>
      storage.write(async (tx) => {
        const accessed = await accessConversation(tx, caller, asked, 'toChange')
        if (!accessed.ok) return accessed
        const conversation = accessed.value.record.id
        const before = await tx.get(draftForChange, keyOf(conversation))
        if (before?.version !== version) {
          const sent = await messageUnder(tx, caller, client)
          return sent === null ? overtaken(before) : saidAs(tx, caller, sent)
        }
        const upon = token === undefined ? {} : { token }
        const { kind, text } = before
        const said = await talk.sayIn(tx, caller, asked, { client, kind, text, ...upon })
        if (!said.ok) return said
        await tx.run(deleteDraft, keyOf(conversation))
        const to = { workspace: before.workspace, place: bytesOf(accessed.value.record.inbox) }
        const by = { at: clock.now(), by: caller.id }
        emitDraft(tx, to, by, { type: 'draft.removed', conversation })
        return said
      }),
  }
}
