import { idBytes, idText, type InboxId, type WorkspaceId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { WidgetView } from '@fermata/contract/places.schema'
import type { ReadTx } from '@fermata/storage/port'
import { workspaceView } from '../accounts/index.ts'
import { answerMinutesOf, originsOf } from './inbox.ts'
import { anyOrigin, firstWidget, inboxByKey, originsById } from './store.sql.ts'

/** Whose list of web origins is asked. */
export type OriginScope = { readonly key: string } | { readonly inbox: string } | 'any'

/** The inbox whose widget carries a public key. */
export async function widgetInbox(
  tx: ReadTx,
  key: string,
): Promise<{ readonly workspace: WorkspaceId; readonly inbox: InboxId } | undefined> {
  const row = await tx.get(inboxByKey, { key })
  if (row === undefined || row.medium !== 'widget') return undefined
  return { workspace: idText('wsp', row.workspace), inbox: idText('ibx', row.id) }
}

/** What the pages of the widget are made with. */
export interface WidgetPage {
  readonly key: string
  /** The web origins whose pages may show it. */
  readonly origins: readonly string[]
}

/** The inbox of a public key, for the page in the widget's frame. */
export async function widgetPage(tx: ReadTx, key: string): Promise<WidgetPage | null> {
  const row = await tx.get(inboxByKey, { key })
  return row?.medium === 'widget' ? { key: row.public_key, origins: originsOf(row) } : null
}

/** The inbox with a widget that has been there longest, for the page to try it on. */
export async function firstWidgetPage(tx: ReadTx): Promise<WidgetPage | null> {
  const row = await tx.get(firstWidget, {})
  return row === undefined ? null : { key: row.public_key, origins: originsOf(row) }
}

/** What anybody may know of the inbox behind a public key. Refuses with `not_found`. */
export async function widgetView(tx: ReadTx, key: string): Promise<Result<WidgetView, Refusal>> {
  const row = await tx.get(inboxByKey, { key })
  if (row === undefined || row.medium !== 'widget') return refused(refusal('not_found'))
  const workspace = await workspaceView(tx, idText('wsp', row.workspace))
  const { name, greeting } = row
  const answerMinutes = answerMinutesOf(row).normal
  return ok({
    inbox: idText('ibx', row.id),
    workspace: workspace.name,
    name,
    greeting,
    answerMinutes,
  })
}

/** Whether an inbox (the one named, or any) lists a web origin. */
export async function listsOrigin(
  tx: ReadTx,
  scope: OriginScope,
  origin: string,
): Promise<boolean> {
  if (scope === 'any') return (await tx.get(anyOrigin, { origin })) !== undefined
  const row =
    'key' in scope
      ? await tx.get(inboxByKey, { key: scope.key })
      : await originsFor(tx, scope.inbox)
  return row !== undefined && originsOf(row).includes(origin)
}

async function originsFor(tx: ReadTx, inbox: string): Promise<{ origins: string } | undefined> {
  const id = idBytes(inbox)
  return id === undefined ? undefined : tx.get(originsById, { id })
}
