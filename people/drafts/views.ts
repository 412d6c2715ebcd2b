import { idText, uuidText } from '@fermata/base/ids'
import type { DraftView, ScheduledView } from '@fermata/contract/drafts.schema'
import type { FileView } from '@fermata/contract/files.schema'
import type { DraftTable, ScheduledTable } from './tables.ts'
import type { WallTime } from './wall.ts'

/** The files that a row names. */
export function filesOf({ files }: { readonly files: string }): FileView[] {
  return JSON.parse(files) as FileView[]
}

/** A draft as its readers see it. */
export function draftView(row: DraftTable): DraftView {
  return {
    conversation: idText('cnv', row.conversation),
    shared: row.owner === '',
    kind: row.kind,
    text: row.text,
    files: filesOf(row),
    version: row.version,
    at: row.at,
    by: { id: row.editor as DraftView['by']['id'], name: row.editor_name },
  }
}

/** What the wall was to show, or null for a moment. */
export function wallOf({ wall }: Pick<ScheduledTable, 'wall'>): WallTime | null {
  return wall === null ? null : (JSON.parse(wall) as WallTime)
}

/** A scheduled message as its sender sees it. */
export function scheduledView(row: ScheduledTable): ScheduledView {
  return {
    id: idText('sch', row.id),
    conversation: idText('cnv', row.conversation),
    kind: row.kind,
    text: row.text,
    files: filesOf(row),
    at: row.at,
    wall: wallOf(row),
    unless: row.unless_answered === 1 ? 'answered' : null,
    state: row.state,
    stopped:
      row.stopped_why === null
        ? null
        : {
            why: row.stopped_why,
            at: row.stopped_at,
            by: row.stopped_by as NonNullable<ScheduledView['stopped']>['by'],
            holder: row.stopped_holder,
          },
    message: row.message === null ? null : idText('msg', row.message),
    client: uuidText(row.client),
    version: row.version,
  }
}
