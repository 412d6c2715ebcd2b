import { bytesOf, type LabelId, type WorkspaceId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { LabelView } from '@fermata/contract/labels.schema'
import { may } from '@fermata/contract/may'
import type { ReadTx } from '@fermata/storage/port'
import { jsonList } from '@fermata/storage/lists'
import { labelById, labelsByIds, labelsOfWorkspace } from './store.sql.ts'
import type { LabelTable } from './tables.ts'

/** A label as everybody who works here sees it. */
export function labelView(row: LabelTable): LabelView {
  const { id, name, colour } = row
  return { id: id as LabelId, name, colour: colour as LabelView['colour'] }
}

/** The only way to get a label: by somebody of the same workspace who reads conversations. */
export async function accessLabel(
  tx: ReadTx,
  caller: Caller,
  id: LabelId,
): Promise<Result<LabelTable, Refusal>> {
  const row = await tx.get(labelById, { workspace: bytesOf(caller.workspace), id })
  const isTheirs = row !== undefined && may(caller, 'conversations:read')
  return isTheirs ? ok(row) : refused(refusal('not_found'))
}

/** All labels that a caller may see, by name. */
export async function visibleLabels(tx: ReadTx, caller: Caller): Promise<LabelView[]> {
  if (!may(caller, 'conversations:read')) return []
  const limit = limits.labelsPerWorkspaceMax
  const rows = await tx.all(labelsOfWorkspace, { workspace: bytesOf(caller.workspace), limit })
  return rows.map(labelView)
}

/**
 * Those of some labels that can be put on a conversation, in the same order: what was removed is left
 * out. Refuses what never was a label of the workspace.
 */
export async function usableLabels(
  tx: ReadTx,
  workspace: WorkspaceId,
  ids: readonly LabelId[],
): Promise<Result<LabelId[], Refusal>> {
  if (ids.length === 0) return ok([])
  const asked = { workspace: bytesOf(workspace), ids: jsonList(ids) }
  const known = new Map((await tx.all(labelsByIds, asked)).map((row) => [row.id, row]))
  if (ids.some((id) => !known.has(id))) {
    const message = 'There is no such label.'
    return refused(refusal('invalid_field', { message, field: 'body.labels' }))
  }
  return ok(ids.filter((id) => known.get(id)?.removed_at === null))
}
