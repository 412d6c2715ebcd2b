import { idText, type MemberId, type WorkspaceId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { WriteTx } from '@fermata/storage/port'
import { record, type By } from '../audit/index.ts'
import { passwordOf, startSession, unlessBusy, type Started } from './actions.sessions.ts'
import type { AccountsDeps, Rate } from './deps.ts'
import { emailKey } from './member.ts'
import { checkSecondFactor } from './second-factor.ts'
import { nobody, type SignIn } from './sign-in.ts'
import { memberById, membersByEmail } from './store.sql.ts'
import { deleteAuthSessions, replacePassword } from './store.sign-in.sql.ts'
import { libraryDate } from './time.ts'
import { workspaceView } from './views.ts'

/** What somebody brings to sign in. */
export interface SignInInput {
  readonly email: string
  readonly password: string
  /** Which of their workspaces, where there are several. */
  readonly workspace?: WorkspaceId
  /** A code of the second factor, or a recovery code. */
  readonly code?: string
}

type Deps = AccountsDeps & { readonly signIn: SignIn }

/** Somebody whose password was right, and the text that it was checked against. */
interface Proven {
  readonly workspace: Uint8Array
  readonly id: Uint8Array
  readonly user: MemberId
  readonly former: string
}

function tooMany(rate: Rate, key: string, of: { field: string; limit: number }): Refusal | null {
  const taken = rate.take(key)
  if (taken.ok) return null
  return refusal('too_many', { ...of, retryAfterMs: taken.retryAfterMs })
}

/**
 * Signs a member in by e-mail address and password, and by the code of a second factor where they have one.
 * Refuses with `choose_workspace` when the password is right in several, `code_needed`, `wrong_credentials`.
 */
export async function signIn(
  deps: Deps,
  by: By<null>,
  input: SignInInput,
): Promise<Result<Started, Refusal>> {
  const limit = { field: 'body.email', limit: limits.signInsPerEmailMax }
  const often = tooMany(deps.signIns, emailKey(input.email), limit)
  if (often !== null) return refused(often)
  return unlessBusy(async () => {
    const proven = await whoIsProven(deps, input)
    const [one, ...others] = proven
    if (one === undefined) return refused(refusal('wrong_credentials'))
    if (others.length > 0) return refused(await chooseOf(deps, proven))
    return begin(deps, by, one, input.code)
  })
}

/** Everybody with this address whose password this is, of the workspace that was chosen. */
async function whoIsProven(deps: Deps, input: SignInInput): Promise<Proven[]> {
  const asked = { email_key: emailKey(input.email), limit: limits.workspacesPerEmailMax }
  const candidates = (await deps.storage.read((tx) => tx.all(membersByEmail, asked))).filter(
    ({ workspace }) =>
      input.workspace === undefined || idText('wsp', workspace) === input.workspace,
  )
  // For an address that nobody has, a password is hashed all the same, so that time tells nothing.
  if (candidates.length === 0) await deps.signIn.prove(nobody, input.password)
  const proven: Proven[] = []
  for (const { workspace, id } of candidates) {
    const user = idText('mbr', id)
    const former = await passwordOf(deps, user)
    if (await deps.signIn.prove(user, input.password)) proven.push({ workspace, id, user, former })
  }
  return proven
}

/** Names the workspaces to somebody whose password is right in all of them. */
async function chooseOf(deps: Deps, proven: readonly Proven[]): Promise<Refusal> {
  return deps.storage.write(async (tx) => {
    const choices = []
    for (const { user, workspace } of proven) {
      await tx.run(deleteAuthSessions, { user })
      choices.push(await workspaceView(tx, idText('wsp', workspace)))
    }
    return refusal('choose_workspace', { field: 'body.workspace', choices })
  })
}

/** Begins the session of somebody whose password was right. */
async function begin(
  deps: Deps,
  by: By<null>,
  { workspace, id, user, former }: Proven,
  code: string | undefined,
): Promise<Result<Started, Refusal>> {
  if (code !== undefined) {
    const limit = { field: 'body.code', limit: limits.codesPerMemberMax }
    const often = tooMany(deps.codes, user, limit)
    if (often !== null) return refused(often)
  }
  return deps.storage.write(async (tx): Promise<Result<Started, Refusal>> => {
    await tx.run(deleteAuthSessions, { user })
    // Changed, or the member deactivated, while the password was being checked. To hold the
    // row until the commit lets a change that comes now end this session too.
    const same = { user, former, password: former, at: libraryDate(deps.clock.now()) }
    const wrong = refused(refusal('wrong_credentials'))
    if ((await tx.run(replacePassword, same)) === 0) return wrong
    const member = await tx.get(memberById, { workspace, id })
    if (member === undefined || member.deactivated_at !== null) return wrong
    const who = { workspace: idText('wsp', workspace), id: user, name: member.name }
    const checked = await checkSecondFactor(tx, deps, by, who, code)
    if (!checked.ok) {
      if (code !== undefined) await noted(tx, deps, by, { ...who, action: 'session.refused' })
      return checked
    }
    const started = await startSession(tx, deps, member, by.agent)
    const { caller } = started
    await noted(tx, deps, { ...by, caller }, { ...who, action: 'session.started' })
    return ok(started)
  })
}

/** Notes in the audit log that a member has signed in, or that only the second factor was wrong. */
async function noted(
  tx: WriteTx,
  deps: AccountsDeps,
  by: By<Started['caller'] | null>,
  whom: {
    workspace: WorkspaceId
    id: MemberId
    name: string
    action: 'session.started' | 'session.refused'
  },
): Promise<void> {
  const { workspace, id, name, action } = whom
  const at = deps.clock.now()
  await record(tx, deps.ids, by, { workspace, at, action, target: id, targetName: name })
}
