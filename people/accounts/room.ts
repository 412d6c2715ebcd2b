import type { Result } from '@fermata/base/result'
import type { MemberView } from '@fermata/contract/accounts.schema'
import type { MemberActor } from '@fermata/contract/actors'
import type { Refusal } from '@fermata/contract/errors'
import type { Handlers } from '../handler.ts'
import { fromWithin } from '../audit/index.ts'
import { addMember, type MemberInput } from './actions.members.ts'
import { createFirst, addWorkspace, openSetup, type FirstWorkspace } from './actions.setup.ts'
import { authentication, type Authentication } from './authentication.ts'
import type { AccountsDeps } from './deps.ts'
import { accountsHandlers, type AccountsRoute } from './http.ts'
import { openPasswords } from './password.ts'
import { openSignIn } from './sign-in.ts'

/** The room of accounts, put together. */
export interface AccountsRoom extends Authentication {
  readonly handlers: Handlers<AccountsRoute>
  /**
   * Makes the token of a one-time set-up link, which voids the one before; null once there is a
   * workspace.
   */
  openSetup(): Promise<string | null>
  /** Makes the first workspace and its owner; null, and nothing is changed, if there is one already. */
  createFirst(input: FirstWorkspace): Promise<MemberActor | null>
  /** Makes one more workspace: no route leads here. */
  addWorkspace(input: FirstWorkspace): Promise<MemberActor>
  /** Adds a member, who can sign in at once. */
  addMember(caller: MemberActor, input: MemberInput): Promise<Result<MemberView, Refusal>>
}

/** Puts the room together. */
export function accountsRoom(deps: AccountsDeps): AccountsRoom {
  const { storage, random, secret } = deps
  const passwords = openPasswords(random, deps.passwordWork)
  const kysely = storage.kysely()
  const signIn = openSignIn({ kysely, dialect: storage.dialect, passwords, secret })
  const whole = { ...deps, passwords, signIn }
  return {
    ...authentication(deps),
    handlers: accountsHandlers(whole),
    openSetup: () => openSetup(whole),
    createFirst: (input) => createFirst(whole, input),
    addWorkspace: (input) => addWorkspace(whole, input),
    addMember: (caller, input) => addMember(whole, fromWithin(caller), input),
  }
}
