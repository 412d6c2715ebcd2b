import { queriesOver } from '@fermata/storage/query'
import type { AccountsTables, InvitationTable, LetterTable } from './tables.ts'

const query = queriesOver<AccountsTables>()

interface Key {
  workspace: Uint8Array
  id: Uint8Array
}

export const insertInvitation = query<
  Omit<InvitationTable, 'ended_at' | 'ended_by' | 'accepted'>
>()((db, p) =>
  db.insertInto('invitations').values({
    workspace: p.workspace,
    id: p.id,
    email: p.email,
    email_key: p.email_key,
    role: p.role,
    token_sha256: p.token_sha256,
    created_at: p.created_at,
    created_by: p.created_by,
    expires_at: p.expires_at,
    ended_at: null,
    ended_by: null,
    accepted: 0,
  }),
)

export const invitationById = query<Key>()((db, p) =>
  db
    .selectFrom('invitations')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id),
)

/** An invitation that may still be accepted, by the hash of its token. */
export const invitationByToken = query<{ token_sha256: Uint8Array; now: number }>()((db, p) =>
  db
    .selectFrom('invitations')
    .selectAll()
    .where('token_sha256', '=', p.token_sha256)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', p.now),
)

/** Invitations that may still be accepted, oldest first. */
export const openInvitations = query<{ workspace: Uint8Array; now: number; limit: number }>()(
  (db, p) =>
    db
      .selectFrom('invitations')
      .selectAll()
      .where('workspace', '=', p.workspace)
      .where('ended_at', 'is', null)
      .where('expires_at', '>', p.now)
      .orderBy('id')
      .limit(p.limit),
)

/** Ends an invitation, once: changes no row when it was accepted, revoked or has run out. */
export const endInvitation = query<Key & { at: number; by: string; accepted: number }>()((db, p) =>
  db
    .updateTable('invitations')
    .set({ ended_at: p.at, ended_by: p.by, accepted: p.accepted })
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', p.at),
)

export const insertLetter = query<Omit<LetterTable, 'sent_at'>>()((db, p) =>
  db.insertInto('letters').values({
    workspace: p.workspace,
    id: p.id,
    kind: p.kind,
    recipient: p.recipient,
    about: p.about,
    token_sealed: p.token_sealed,
    created_at: p.created_at,
    expires_at: p.expires_at,
    sent_at: null,
  }),
)

export const letterById = query<Key & { now: number }>()((db, p) =>
  db
    .selectFrom('letters')
    .selectAll()
    .where('workspace', '=', p.workspace)
    .where('id', '=', p.id)
    .where('sent_at', 'is', null)
    .where('expires_at', '>', p.now),
)

/** Letters that wait to be sent, newest first. */
export const lettersOfWorkspace = query<{ workspace: Uint8Array; now: number; limit: number }>()(
  (db, p) =>
    db
      .selectFrom('letters')
      .selectAll()
      .where('workspace', '=', p.workspace)
      .where('sent_at', 'is', null)
      .where('expires_at', '>', p.now)
      .orderBy('id', 'desc')
      .limit(p.limit),
)

/** Removes what was to be sent about something, and what has run out. */
export const deleteLetters = query<{ workspace: Uint8Array; about: string; now: number }>()(
  (db, p) =>
    db
      .deleteFrom('letters')
      .where('workspace', '=', p.workspace)
      .where((eb) => eb.or([eb('about', '=', p.about), eb('expires_at', '<=', p.now)])),
)
