import { bytesOf, idText, type LetterId, type MemberId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { LetterView } from '@fermata/contract/accounts.schema'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { mayGrant } from '@fermata/contract/may'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import { record, type By } from '../audit/index.ts'
import type { AccountsDeps } from './deps.ts'
import { moreThanYours, permissionsOf } from './role.ts'
import {
  deleteLetters,
  insertLetter,
  invitationById,
  letterById,
  lettersOfWorkspace,
} from './store.invitations.sql.ts'
import { memberById } from './store.sql.ts'
import type { LetterTable } from './tables.ts'

/** A letter to be written: who gets it, what about, and the token of the link in it. */
export interface NewLetter {
  readonly workspace: Uint8Array
  readonly kind: LetterView['kind']
  readonly recipient: string
  readonly about: LetterView['about']
  readonly token: string
  readonly at: number
  readonly expiresAt: number
}

function contextOf(id: LetterId): string {
  return `letter ${id}`
}

/**
 * Puts a letter into the outbox, in place of any other about the same. The link cannot be hashed, because it
 * must be sent, so it is sealed by the key file.
 */
export async function writeLetter(
  tx: WriteTx,
  deps: AccountsDeps,
  letter: NewLetter,
): Promise<void> {
  const { workspace, kind, recipient, about, token, at, expiresAt } = letter
  const id = deps.ids.next('out')
  await tx.run(deleteLetters, { workspace, about, now: at })
  await tx.run(insertLetter, {
    ...{ workspace, id: bytesOf(id), kind, recipient, about },
    token_sealed: deps.seal.seal(token, contextOf(id)),
    created_at: at,
    expires_at: expiresAt,
  })
}

function letterView(row: LetterTable): LetterView {
  return {
    id: idText('out', row.id),
    kind: row.kind as LetterView['kind'],
    to: row.recipient,
    about: row.about as LetterView['about'],
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}

/** The letters that wait to be sent, newest first. */
export async function waitingLetters(
  tx: ReadTx,
  workspace: Uint8Array,
  now: number,
): Promise<LetterView[]> {
  const limit = limits.lettersShownMax
  return (await tx.all(lettersOfWorkspace, { workspace, now, limit })).map(letterView)
}

/** The role that whoever follows the link of a letter gets or has. */
async function roleBehind(tx: ReadTx, letter: LetterTable): Promise<string> {
  const { workspace, about } = letter
  const key = { workspace, id: bytesOf(about as MemberId) }
  const found = about.startsWith('inv_')
    ? await tx.get(invitationById, key)
    : await tx.get(memberById, key)
  // Nobody but an owner gets at what is about nothing any more.
  return found?.role ?? 'owner'
}

/**
 * Opens the link of a letter, for somebody who hands it over themselves as long as nothing sends mail. It
 * would let them in as whom it is for, so that one's role may allow no more than theirs.
 */
export async function openLetter(
  deps: AccountsDeps,
  by: By,
  id: LetterId,
): Promise<Result<{ token: string }, Refusal>> {
  const workspace = bytesOf(by.caller.workspace)
  return deps.storage.write(async (tx): Promise<Result<{ token: string }, Refusal>> => {
    const at = deps.clock.now()
    const letter = await tx.get(letterById, { workspace, id: bytesOf(id), now: at })
    if (letter === undefined) return refused(refusal('not_found'))
    const held = await permissionsOf(tx, workspace, await roleBehind(tx, letter))
    if (!mayGrant(by.caller, held)) return refused(moreThanYours())
    const done = { target: letter.about, targetName: letter.recipient }
    const { workspace: of } = by.caller
    await record(tx, deps.ids, by, { workspace: of, at, action: 'letter.shown', ...done })
    return ok({ token: deps.seal.open(letter.token_sealed, contextOf(id)) })
  })
}
