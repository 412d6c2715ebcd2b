import { bytesOf, type MemberId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { FileView } from '@fermata/contract/files.schema'
import type { WriteTx } from '@fermata/storage/port'
import type { Joined } from '../conversations/index.ts'
import { passFilesOn, type Keeper } from '../files/index.ts'
import { nextVersion } from './draft.actions.ts'
import { emitDraft } from './emit.ts'
import { deleteDraft, draftForChange, draftsIn, insertDraft, updateDraft } from './store.sql.ts'
import type { DraftTable } from './tables.ts'
import { filesOf } from './views.ts'

type ConversationId = Joined['from']

interface Step {
  readonly tx: WriteTx
  readonly joined: Joined
}

/** Tells whoever sees a draft that it is there no more, or that it is there now. */
function tell(
  { tx, joined }: Step,
  { owner, workspace }: DraftTable,
  type: 'draft.changed' | 'draft.removed',
  conversation: ConversationId,
): void {
  const { at, by, from, inboxes } = joined
  const inbox = bytesOf(conversation === from ? inboxes.from : inboxes.to)
  const to = { workspace, place: owner === '' ? inbox : null }
  const told = { type, conversation, ...(owner === '' ? {} : { owner: owner as MemberId }) }
  emitDraft(tx, to, { at, by }, told)
}

function keeperOf(owner: string, conversation: ConversationId): Keeper {
  return `${owner as MemberId}/${conversation}`
}

/** Two that were begun apart as one; null when that is more than a draft may hold. */
function together(there: DraftTable, came: DraftTable, at: number): DraftTable | null {
  const text = [there.text, came.text].filter((words) => words.trim() !== '').join('\n\n')
  const files: FileView[] = [...filesOf(there), ...filesOf(came)]
  if (text.length > limits.messageTextCharsMax || files.length > limits.filesPerMessageMax) {
    return null
  }
  // What was a note must never become a reply.
  const kind = there.kind === came.kind ? there.kind : 'note'
  const version = Math.max(nextVersion(there, at), nextVersion(came, at))
  return { ...there, kind, text, files: JSON.stringify(files), version, at, home: null }
}

async function bring(step: Step, came: DraftTable): Promise<void> {
  const { tx, joined } = step
  const { from, to, at } = joined
  const { owner } = came
  const key = { conversation: bytesOf(to), owner }
  const there = await tx.get(draftForChange, key)
  const one = there === undefined ? null : together(there, came, at)
  // Nothing of it is lost: it stays where it was begun, among what its owner has begun.
  if (there !== undefined && one === null) return
  await tx.run(deleteDraft, { conversation: bytesOf(from), owner })
  if (one === null) await tx.run(insertDraft, { ...came, ...key, home: bytesOf(from) })
  else await tx.run(updateDraft, one)
  if (owner !== '') await passFilesOn(tx, keeperOf(owner, from), keeperOf(owner, to))
  tell(step, came, 'draft.removed', from)
  tell(step, came, 'draft.changed', to)
}

/**
 * Has what was begun in a conversation follow it into the one that it became part of: under its version, so that
 * whoever is just writing it writes on. Where something was begun there too, both are one draft.
 */
export async function draftsFollow(tx: WriteTx, joined: Joined): Promise<void> {
  for (const came of await tx.all(draftsIn, { conversation: bytesOf(joined.from) })) {
    await bring({ tx, joined }, came)
  }
}

/** Has what followed a conversation come back with it, with what has been written on since. */
export async function draftsComeBack(tx: WriteTx, parted: Joined): Promise<void> {
  const { from, to } = parted
  const home = bytesOf(from)
  for (const row of await tx.all(draftsIn, { conversation: bytesOf(to) })) {
    if (row.home === null || Buffer.compare(row.home, home) !== 0) continue
    const { owner } = row
    if ((await tx.get(draftForChange, { conversation: home, owner })) !== undefined) continue
    await tx.run(deleteDraft, row)
    await tx.run(insertDraft, { ...row, conversation: home, home: null })
    if (owner !== '') await passFilesOn(tx, keeperOf(owner, to), keeperOf(owner, from))
    tell({ tx, joined: parted }, row, 'draft.removed', to)
    tell({ tx, joined: parted }, row, 'draft.changed', from)
  }
}
