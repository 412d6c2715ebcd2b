import type { Clock } from '@fermata/base/clock'
import { bytesOf, type Ids, type LabelId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { AppActor, MemberActor } from '@fermata/contract/actors'
import type { AuditAction } from '@fermata/contract/audit'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { labelColours, labelKey, type LabelColour } from '@fermata/contract/labels'
import type { LabelView } from '@fermata/contract/labels.schema'
import type { ReadTx, Storage, WriteTx } from '@fermata/storage/port'
import { lockWorkspace } from '../accounts/index.ts'
import { changesBetween, record, type By } from '../audit/index.ts'
import { emit } from '../event.ts'
import { accessLabel, labelView } from './access.ts'
import { countLabels, insertLabel, labelByName, updateLabel } from './store.sql.ts'
import type { LabelTable } from './tables.ts'

/** What the room of labels is built from. */
export interface LabelsDeps {
  readonly storage: Storage
  readonly clock: Clock
  readonly ids: Ids
}

type Changed = Result<LabelView, Refusal>

/** The room that is left for one more label; null when there is. */
async function full(tx: ReadTx, workspace: Uint8Array): Promise<Refusal | null> {
  const limit = limits.labelsPerWorkspaceMax
  const { count } = (await tx.get(countLabels, { workspace }))!
  return count < limit ? null : refusal('limit_reached', { field: 'labelsPerWorkspaceMax', limit })
}

/** The colour that the fewest labels before it have, in the order of the palette. */
function nextColour(count: number): LabelColour {
  return labelColours[count % labelColours.length] ?? 'grey'
}

/** Adds a label, or answers with the one of this name that is there. */
export function addLabel(
  deps: LabelsDeps,
  by: By<MemberActor | AppActor>,
  { name: given, colour }: { readonly name: string; readonly colour?: LabelColour },
): Promise<Changed> {
  const { caller } = by
  const workspace = bytesOf(caller.workspace)
  const name = given.trim()
  return deps.storage.write(async (tx): Promise<Changed> => {
    await lockWorkspace(tx, workspace)
    const known = await tx.get(labelByName, { workspace, name_key: labelKey(name) })
    if (known !== undefined) return ok(labelView(known))
    const refusing = await full(tx, workspace)
    if (refusing !== null) return refused(refusing)
    const { count } = (await tx.get(countLabels, { workspace }))!
    const row: LabelTable = {
      workspace,
      id: deps.ids.next('lbl'),
      name,
      name_key: labelKey(name),
      colour: colour ?? nextColour(count),
      created_at: deps.clock.now(),
      created_by: caller.id,
      removed_at: null,
    }
    await tx.run(insertLabel, row)
    await told(tx, deps, by, { type: 'label.added', row })
    return ok(labelView(row))
  })
}

async function told(
  tx: WriteTx,
  deps: LabelsDeps,
  by: By<MemberActor | AppActor>,
  done: { type: AuditAction & `label.${string}`; row: LabelTable; before?: LabelTable },
): Promise<void> {
  const { type, row, before = row } = done
  const at = deps.clock.now()
  const { id: actor, workspace } = by.caller
  const body = { label: row.id as LabelId }
  emit(tx, { workspace: row.workspace, at, actor, type, body })
  const changes = changesBetween({ ...labelView(before) }, { ...labelView(row) })
  const [target, targetName] = [row.id, before.name]
  await record(tx, deps.ids, by, { workspace, at, action: type, target, targetName, changes })
}

function act(
  deps: LabelsDeps,
  by: By,
  id: LabelId,
  change: (tx: WriteTx, label: LabelTable) => Promise<Result<LabelTable, Refusal>>,
): Promise<Changed> {
  return deps.storage.write(async (tx): Promise<Changed> => {
    await lockWorkspace(tx, bytesOf(by.caller.workspace))
    const found = await accessLabel(tx, by.caller, id)
    if (!found.ok) return found
    const before = found.value
    const changed = await change(tx, before)
    if (!changed.ok) return changed
    const row = changed.value
    if (row === before) return ok(labelView(row))
    await tx.run(updateLabel, row)
    const type =
      row.removed_at === before.removed_at
        ? 'label.changed'
        : row.removed_at === null
          ? 'label.added'
          : 'label.removed'
    await told(tx, deps, by, { type, row, before })
    return ok(labelView(row))
  })
}

/** Whether another label has this name by now. */
async function taken(tx: ReadTx, label: LabelTable): Promise<Refusal | null> {
  const other = await tx.get(labelByName, label)
  if (other === undefined || other.id === label.id) return null
  return refusal('already_exists', { field: 'body.name' })
}

/** Changes the name or the colour of a label. */
export function changeLabel(
  deps: LabelsDeps,
  by: By,
  id: LabelId,
  change: { readonly name?: string; readonly colour?: LabelColour },
): Promise<Changed> {
  return act(deps, by, id, async (tx, label) => {
    if (label.removed_at !== null) return refused(refusal('not_found'))
    const name = change.name?.trim() ?? label.name
    const colour = change.colour ?? label.colour
    if (name === label.name && colour === label.colour) return ok(label)
    const row = { ...label, name, name_key: labelKey(name), colour }
    const refusing = await taken(tx, row)
    return refusing === null ? ok(row) : refused(refusing)
  })
}

/** Removes a label; conversations keep its id, so that it may come back to them. */
export function removeLabel(deps: LabelsDeps, by: By, id: LabelId): Promise<Changed> {
  return act(deps, by, id, async (_, label) =>
    ok(label.removed_at === null ? { ...label, removed_at: deps.clock.now() } : label),
  )
}

/** Takes a removal back. Refuses when another label has the name by now. */
export function restoreLabel(deps: LabelsDeps, by: By, id: LabelId): Promise<Changed> {
  return act(deps, by, id, async (tx, label) => {
    if (label.removed_at === null) return ok(label)
    const refusing = (await taken(tx, label)) ?? (await full(tx, label.workspace))
    return refusing === null ? ok({ ...label, removed_at: null }) : refused(refusing)
  })
}
