import { bytesOf, type MemberId, type WorkspaceId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { WriteTx } from '@fermata/storage/port'
import { record, type By } from '../audit/index.ts'
import type { AccountsDeps } from './deps.ts'
import { recoveryHash } from './recovery.ts'
import { factorOf, takeRecoveryCode, takeStep } from './store.factors.sql.ts'
import { stepOf } from './totp.ts'

/** The context that a seed is sealed for. */
export function seedContext(member: MemberId): string {
  return `two-factor seed of ${member}`
}

/** Whose second factor is asked for. */
export interface FactorOwner {
  readonly workspace: WorkspaceId
  readonly id: MemberId
  readonly name: string
}

/**
 * Checks the second factor of somebody whose password was right, where they have one. A code is good once, a
 * recovery code too. Refuses with `code_needed`, or `wrong_credentials` at `body.code`.
 */
export async function checkSecondFactor(
  tx: WriteTx,
  deps: AccountsDeps,
  by: By<null>,
  { workspace, id, name }: FactorOwner,
  code: string | undefined,
): Promise<Result<undefined, Refusal>> {
  const key = { workspace: bytesOf(workspace), member: bytesOf(id) }
  const factor = await tx.get(factorOf, key)
  if (factor === undefined || factor.confirmed_at === null) return ok(undefined)
  if (code === undefined) return refused(refusal('code_needed', { field: 'body.code' }))
  const at = deps.clock.now()
  const seed = Buffer.from(deps.seal.open(factor.seed_sealed, seedContext(id)), 'base64url')
  const step = stepOf(seed, code.replaceAll(' ', ''), at)
  if (step !== null && (await tx.run(takeStep, { ...key, step })) > 0) return ok(undefined)
  if ((await tx.run(takeRecoveryCode, { ...key, code_sha256: recoveryHash(code) })) > 0) {
    const done = { workspace, at, action: 'recoveryCode.used' } as const
    await record(tx, deps.ids, by, { ...done, target: id, targetName: name })
    return ok(undefined)
  }
  return refused(
    refusal('wrong_credentials', { field: 'body.code', message: 'This code is wrong.' }),
  )
}
