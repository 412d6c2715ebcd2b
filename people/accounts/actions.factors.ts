import { bytesOf, type MemberId } from '@fermata/base/ids'
import { ok, refused, type Result } from '@fermata/base/result'
import type { FactorView } from '@fermata/contract/accounts.schema'
import type { MemberActor } from '@fermata/contract/actors'
import type { AuditAction } from '@fermata/contract/audit'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { ReadTx, WriteTx } from '@fermata/storage/port'
import { record, type By } from '../audit/index.ts'
import { accessMember, accessMemberToManage } from './access.ts'
import { passwordOf, unlessBusy } from './actions.sessions.ts'
import type { AccountsDeps } from './deps.ts'
import type { Passwords } from './password.ts'
import { newRecoveryCodes } from './recovery.ts'
import { seedContext } from './second-factor.ts'
import {
  confirmFactor,
  countRecoveryCodes,
  deleteFactor,
  deleteRecoveryCodes,
  factorOf,
  insertFactor,
  takeStep,
} from './store.factors.sql.ts'
import { base32, otpauthUri, seedBytes, stepOf } from './totp.ts'
import { workspaceView } from './views.ts'

type Deps = AccountsDeps & { readonly passwords: Passwords }

function keyOf(caller: MemberActor): { workspace: Uint8Array; member: Uint8Array } {
  return { workspace: bytesOf(caller.workspace), member: bytesOf(caller.id) }
}

async function recorded(
  tx: WriteTx,
  deps: AccountsDeps,
  by: By,
  action: AuditAction,
  whom: { readonly id: MemberId; readonly name: string } = by.caller,
): Promise<void> {
  const done = { workspace: by.caller.workspace, at: deps.clock.now(), action }
  await record(tx, deps.ids, by, { ...done, target: whom.id, targetName: whom.name })
}

/** Asks for one's own password again, before the action. */
async function proven<T>(
  deps: Deps,
  by: By,
  password: string,
  action: (tx: WriteTx) => Promise<Result<T, Refusal>>,
): Promise<Result<T, Refusal>> {
  return unlessBusy(async () => {
    const stored = await passwordOf(deps, by.caller.id)
    if (!(await deps.passwords.verify(stored, password))) {
      return refused(refusal('wrong_credentials', { field: 'body.password' }))
    }
    return deps.storage.write(action)
  })
}

/** Whether somebody has a second factor, and how many recovery codes are left. */
export async function factorView(tx: ReadTx, caller: MemberActor): Promise<FactorView> {
  const key = keyOf(caller)
  const factor = await tx.get(factorOf, key)
  const left = (await tx.get(countRecoveryCodes, key))!.count
  return { enabledAt: factor?.confirmed_at ?? null, recoveryCodesLeft: left }
}

/** A seed that is not in use until its first code has been given. */
export interface Begun {
  readonly secret: string
  readonly uri: string
}

/** Makes a seed for an app that shows codes; one that was begun before and not confirmed is void. */
export function beginFactor(deps: Deps, by: By, password: string): Promise<Result<Begun, Refusal>> {
  const { caller } = by
  const bytes = new Uint8Array(seedBytes)
  deps.random(bytes)
  const sealed = deps.seal.seal(Buffer.from(bytes).toString('base64url'), seedContext(caller.id))
  return proven(deps, by, password, async (tx): Promise<Result<Begun, Refusal>> => {
    const key = keyOf(caller)
    const found = await accessMember(tx, caller, caller.id)
    if (!found.ok) return found
    if ((await tx.get(factorOf, key))?.confirmed_at) return refused(alreadyOn())
    await tx.run(deleteFactor, key)
    const row = { ...key, seed_sealed: sealed, created_at: deps.clock.now() }
    await tx.run(insertFactor, { ...row, confirmed_at: null, last_step: 0 })
    const { name } = await workspaceView(tx, caller.workspace)
    const secret = base32(bytes)
    return ok({ secret, uri: otpauthUri(name, found.value.email, secret) })
  })
}

function alreadyOn(): Refusal {
  return refusal('conflict', { message: 'A second factor is in use already. Turn it off first.' })
}

/** Takes the seed into use, by a first code of it; answers the recovery codes. */
export function confirmOwnFactor(
  deps: AccountsDeps,
  by: By,
  code: string,
): Promise<Result<string[], Refusal>> {
  const { caller } = by
  const key = keyOf(caller)
  return deps.storage.write(async (tx): Promise<Result<string[], Refusal>> => {
    const factor = await tx.get(factorOf, key)
    if (factor === undefined) return refused(refusal('not_found'))
    if (factor.confirmed_at !== null) return refused(alreadyOn())
    const at = deps.clock.now()
    const seed = Buffer.from(
      deps.seal.open(factor.seed_sealed, seedContext(caller.id)),
      'base64url',
    )
    const step = stepOf(seed, code.replaceAll(' ', ''), at)
    if (step === null) {
      return refused(
        refusal('invalid_field', { field: 'body.code', message: 'This code is wrong.' }),
      )
    }
    await tx.run(takeStep, { ...key, step })
    await tx.run(confirmFactor, { ...key, at })
    await recorded(tx, deps, by, 'twoFactor.enabled')
    return ok(await newRecoveryCodes(tx, deps.random, { workspace: key.workspace, id: caller.id }))
  })
}

/** Makes new recovery codes; the former ones are void. */
export function renewRecoveryCodes(
  deps: Deps,
  by: By,
  password: string,
): Promise<Result<string[], Refusal>> {
  return proven(deps, by, password, async (tx): Promise<Result<string[], Refusal>> => {
    const key = keyOf(by.caller)
    const factor = await tx.get(factorOf, key)
    if (factor === undefined || factor.confirmed_at === null) return refused(refusal('not_found'))
    const { workspace } = key
    return ok(await newRecoveryCodes(tx, deps.random, { workspace, id: by.caller.id }))
  })
}

async function remove(
  tx: WriteTx,
  key: { workspace: Uint8Array; member: Uint8Array },
): Promise<boolean> {
  await tx.run(deleteRecoveryCodes, key)
  return (await tx.run(deleteFactor, key)) > 0
}

/** Turns one's own second factor off. */
export function endOwnFactor(
  deps: Deps,
  by: By,
  password: string,
): Promise<Result<undefined, Refusal>> {
  return proven(deps, by, password, async (tx): Promise<Result<undefined, Refusal>> => {
    if (!(await remove(tx, keyOf(by.caller)))) return refused(refusal('not_found'))
    await recorded(tx, deps, by, 'twoFactor.disabled')
    return ok(undefined)
  })
}

/** Turns off the second factor of somebody who has lost it, whose role allows no more than one's own. */
export function endFactorOf(
  deps: AccountsDeps,
  by: By,
  id: MemberId,
): Promise<Result<undefined, Refusal>> {
  return deps.storage.write(async (tx): Promise<Result<undefined, Refusal>> => {
    const found = await accessMemberToManage(tx, by.caller, id)
    if (!found.ok) return found
    const { workspace, id: member, name } = found.value
    if (!(await remove(tx, { workspace, member }))) return refused(refusal('not_found'))
    await recorded(tx, deps, by, 'twoFactor.disabled', { id, name })
    return ok(undefined)
  })
}
