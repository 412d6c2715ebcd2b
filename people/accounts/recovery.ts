import { createHash } from 'node:crypto'
import { bytesOf, type FillRandom, type MemberId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { WriteTx } from '@fermata/storage/port'
import { deleteRecoveryCodes, insertRecoveryCode } from './store.factors.sql.ts'
import { base32 } from './totp.ts'

/** 80 bits: too many to guess, so that a single hash of one is enough. */
const codeBytes = 10

/** What is stored of a recovery code, however it was typed. */
export function recoveryHash(code: string): Uint8Array {
  const plain = code.toUpperCase().replaceAll(/[\s-]/g, '')
  return createHash('sha256').update(plain).digest()
}

/** New recovery codes in place of any former ones: `ABCD-EFGH-JKLM-NPQR`, shown this once. */
export async function newRecoveryCodes(
  tx: WriteTx,
  random: FillRandom,
  member: { readonly workspace: Uint8Array; readonly id: MemberId },
): Promise<string[]> {
  const key = { workspace: member.workspace, member: bytesOf(member.id) }
  await tx.run(deleteRecoveryCodes, key)
  const codes: string[] = []
  for (let i = 0; i < limits.recoveryCodes; i++) {
    const bytes = new Uint8Array(codeBytes)
    random(bytes)
    const code = base32(bytes).replaceAll(/(.{4})(?=.)/g, '$1-')
    await tx.run(insertRecoveryCode, { ...key, code_sha256: recoveryHash(code) })
    codes.push(code)
  }
  return codes
}
