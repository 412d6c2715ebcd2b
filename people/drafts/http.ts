import { bytesOf, idText, type ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok } from '@fermata/base/result'
import type { RouteName } from '@fermata/contract/routes'
import { contactViews } from '../contacts/index.ts'
import { accessConversation, accessTalk, previewOf, rowView } from '../conversations/index.ts'
import type { Storage, ReadTx } from '@fermata/storage/port'
import type { Handlers } from '../handler.ts'
import type { Writer } from './access.ts'
import type { DraftActions } from './draft.actions.ts'
import { draftsNow } from './now.ts'
import type { ScheduleActions } from './schedule.actions.ts'
import type { SharedActions } from './joint.actions.ts'
import { draftsOf, scheduledOf } from './store.sql.ts'
import { draftView, scheduledView } from './views.ts'

/** The routes of this room. */
export type DraftsRoute = Extract<RouteName, `${'drafts' | 'scheduled'}.${string}`>

/** What the routes of this room call. */
export interface DraftsDoors {
  readonly storage: Storage
  readonly drafts: DraftActions
  readonly shared: SharedActions
  readonly scheduled: ScheduleActions
}

/** Conversations as lists show them, as far as somebody sees them. */
async function rowsOf(tx: ReadTx, caller: Writer, ids: readonly ConversationId[]) {
  const rows = []
  for (const id of new Set(ids)) {
    const accessed = await accessConversation(tx, caller, id)
    if (!accessed.ok) continue
    const { record } = accessed.value
    rows.push(rowView(record, await previewOf(tx, record, 'ours'), 'ours'))
  }
  return rows
}

/** The routes of what is written and not yet said. */
export function draftsHandlers(doors: DraftsDoors): Handlers<DraftsRoute> {
  const { storage, drafts, shared, scheduled } = doors
  return {
    'drafts.list': ({ caller }) =>
      storage.read(async (tx) => {
        const owner = { owner: caller.id, limit: limits.draftsPerMemberMax }
        const sender = { sender: caller.id, limit: limits.scheduledPerActorMax }
        const begun = await tx.all(draftsOf, owner)
        const waiting = await tx.all(scheduledOf, sender)
        const about = [...begun, ...waiting].map((row) => idText('cnv', row.conversation))
        const conversations = await rowsOf(tx, caller, about)
        const contacts = [...new Set(conversations.map(({ contact }) => contact))]
        return ok({
          drafts: begun.map(draftView),
          scheduled: waiting.map(scheduledView),
          conversations,
          contacts: await contactViews(tx, caller, contacts),
          position: (await storage.bounds(tx, bytesOf(caller.workspace))).head,
        })
      }),
    'drafts.get': ({ caller, params: { conversation } }) =>
      storage.read(async (tx) => {
        const accessed = await accessTalk(tx, caller, conversation)
        if (!accessed.ok) return accessed
        return ok({
          mine: await draftsNow.draft(tx, caller, accessed.value.record.id),
          shared: await draftsNow.sharedDraft(tx, caller, accessed.value.record.id),
          position: (await storage.bounds(tx, bytesOf(caller.workspace))).head,
        })
      }),
    'drafts.put': async ({ caller, params, body }) => {
      const kept = await drafts.put(caller, params.conversation, body)
      return kept.ok ? ok({ draft: kept.value }) : kept
    },
    'drafts.remove': ({ caller, params, query }) =>
      drafts.remove(caller, params.conversation, query.version),
    'drafts.putShared': async ({ caller, params, body }) => {
      const kept = await shared.put(caller, params.conversation, body)
      return kept.ok ? ok({ draft: kept.value }) : kept
    },
    'drafts.removeShared': ({ caller, params, query }) =>
      shared.remove(caller, params.conversation, query.version),
    'drafts.sendShared': ({ caller, params, body }) =>
      shared.send(caller, params.conversation, body),
    'scheduled.add': async ({ caller, params, body }) => {
      const added = await scheduled.add(caller, params.conversation, body)
      return added.ok ? ok({ scheduled: added.value }) : added
    },
    'scheduled.change': async ({ caller, params, body }) => {
      const changed = await scheduled.change(caller, params.scheduled, body)
      return changed.ok ? ok({ scheduled: changed.value }) : changed
    },
    'scheduled.cancel': async ({ caller, params }) => {
      const cancelled = await scheduled.cancel(caller, params.scheduled)
      return cancelled.ok ? ok({ scheduled: cancelled.value }) : cancelled
    },
    'scheduled.send': ({ caller, params }) => scheduled.send(caller, params.scheduled),
    'scheduled.remove': ({ caller, params }) => scheduled.remove(caller, params.scheduled),
  }
}
