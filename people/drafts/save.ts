import { bytesOf, idText, uuidText, type MessageId, type ReplyId } from '@fermata/base/ids'
import type { Result } from '@fermata/base/result'
import type { Refusal } from '@fermata/contract/errors'
import type { ScheduledStop } from '@fermata/contract/words'
import type { WriteTx } from '@fermata/storage/port'
import type { Said, Speaker, TalkActions } from '../conversations/index.ts'
import { setTimer } from '../schedule/index.ts'
import { nextVersion } from './draft.actions.ts'
import { aboutScheduled, emitScheduled } from './emit.ts'
import { updateScheduled } from './store.sql.ts'
import type { ScheduledTable } from './tables.ts'
import { filesOf } from './views.ts'

/** Who did something and when; null for Fermata itself. */
export interface Deed {
  readonly at: number
  readonly by: Speaker['id'] | null
}

/** A row that its sender gets back: it will not be sent by itself. */
export function stopped(
  row: ScheduledTable,
  stop: {
    readonly why: ScheduledStop
    readonly at: number
    readonly by?: Speaker['id']
    readonly holder?: string
  },
): ScheduledTable {
  return {
    ...row,
    state: 'stopped',
    stopped_why: stop.why,
    stopped_at: stop.at,
    stopped_by: stop.by ?? null,
    stopped_holder: stop.holder ?? null,
    version: nextVersion(row, stop.at),
  }
}

/** Writes a row, moves its timer to where it stands now, and tells its sender while it is not over. */
export async function saveScheduled(
  tx: WriteTx,
  before: ScheduledTable | null,
  row: ScheduledTable,
  deed: Deed,
): Promise<void> {
  if (before !== null) await tx.run(updateScheduled, row)
  const at = row.state === 'waiting' ? row.at : null
  if (at !== null || before?.state === 'waiting') {
    const { id: subject, workspace } = row
    await setTimer(tx, { kind: 'send', subject, slot: '', workspace, at })
  }
  if (row.state === 'sent' || row.state === 'removed') return
  emitScheduled(tx, row, deed, { type: 'scheduled.changed', body: aboutScheduled(row) })
}

/** Says it in its sender's name, as any other message of theirs. Refused, nothing was written. */
export function sendIn(
  tx: WriteTx,
  talk: TalkActions,
  row: ScheduledTable,
  by: { readonly speaker: Speaker; readonly isUnseen: boolean },
): Promise<Result<Said, Refusal>> {
  const { kind, text } = row
  const client = uuidText(row.client)
  const files = filesOf(row).map(({ id }) => id)
  const carried = files.length === 0 ? {} : { files }
  const prepared = JSON.parse(row.prepared) as ReplyId[]
  const made = prepared.length === 0 ? {} : { prepared }
  const message = { client, kind, text, ...carried, ...made }
  const how = { keeper: idText('sch', row.id), isUnseen: by.isUnseen }
  return talk.sayIn(tx, by.speaker, idText('cnv', row.conversation), message, how)
}

/** It has become a message, which has its text from now on. */
export async function markSent(
  tx: WriteTx,
  before: ScheduledTable,
  message: MessageId,
  deed: Deed,
): Promise<void> {
  const row: ScheduledTable = {
    ...before,
    state: 'sent',
    text: '',
    files: '[]',
    message: bytesOf(message),
    version: nextVersion(before, deed.at),
  }
  await saveScheduled(tx, before, row, deed)
  const body = { ...aboutScheduled(row), message }
  emitScheduled(tx, row, deed, { type: 'scheduled.sent', body })
}
