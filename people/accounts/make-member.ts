import { bytesOf, type MemberId } from '@fermata/base/ids'
import type { RoleName } from '@fermata/contract/actors'
import type { WriteTx } from '@fermata/storage/port'
import { emit } from '../event.ts'
import { emailKey } from './member.ts'
import { authAddress } from './sign-in.ts'
import { insertAuthAccount, insertAuthUser } from './store.sign-in.sql.ts'
import { insertMember } from './store.sql.ts'
import type { MemberTable } from './tables.ts'
import { libraryDate } from './time.ts'

/** A member to be made; the password is hashed already. */
export interface NewMember {
  readonly workspace: Uint8Array
  readonly id: MemberId
  readonly name: string
  readonly email: string
  readonly role: RoleName
  readonly passwordHash: string
  readonly at: number
  readonly actor: MemberId
}

/** Writes a member together with what the identity library keeps of them. */
export async function makeMember(tx: WriteTx, member: NewMember): Promise<MemberTable> {
  const { workspace, id, name, email, role, at } = member
  const date = libraryDate(at)
  await tx.run(insertAuthUser, { id, name, email: authAddress(id), at: date })
  await tx.run(insertAuthAccount, { id, password: member.passwordHash, at: date })
  const row = {
    workspace,
    id: bytesOf(id),
    name,
    email,
    email_key: emailKey(email),
    role,
    created_at: at,
  }
  await tx.run(insertMember, row)
  emit(tx, { workspace, at, actor: member.actor, type: 'member.added', body: { member: id } })
  return { ...row, deactivated_at: null, deactivated_by: null }
}
