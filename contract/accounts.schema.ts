import { Type, type Static } from 'typebox'
import { limits } from '@fermata/base/limits'
import { scopes, type RoleName } from './actors.ts'
import { permissions, roles } from './permissions.ts'
import { closed, email, id, name, nullable, oneOf, time } from './shapes.schema.ts'

const password = Type.String({
  minLength: limits.passwordCharsMin,
  maxLength: limits.passwordCharsMax,
  pattern: String.raw`^[^\u0000]*$`,
})

/** One of the usual roles, or one of the workspace's own. */
const role = Type.Unsafe<RoleName>(Type.Union([oneOf(roles), id('rol')]))

export const workspaceView = closed({ id: id('wsp'), name })
export type WorkspaceView = Static<typeof workspaceView>

export const memberView = closed({
  id: id('mbr'),
  name,
  email,
  role,
  deactivatedAt: nullable(time),
})
export type MemberView = Static<typeof memberView>

export const appView = closed({
  id: id('app'),
  name,
  scopes: Type.Array(oneOf(scopes)),
  createdAt: time,
  /** Its tokens, oldest first; those that have been replaced run out. */
  tokens: Type.Array(closed({ id: id('tok'), createdAt: time, expiresAt: nullable(time) })),
})
export type AppView = Static<typeof appView>

/** What somebody is allowed, by name. */
export const held = Type.Array(oneOf(permissions), { uniqueItems: true })

/** A role of the workspace's own. */
export const roleView = closed({ id: id('rol'), name, permissions: held })
export type RoleView = Static<typeof roleView>
export const roleBody = closed({ name, permissions: held })
export const rolePatch = Type.Partial(roleBody, { additionalProperties: false, minProperties: 1 })

/** An invitation that may still be accepted. */
export const invitationView = closed({
  id: id('inv'),
  email,
  role,
  createdAt: time,
  expiresAt: time,
})
export type InvitationView = Static<typeof invitationView>
export const invitationBody = closed({ email, role })

/** The token in a link: ours are 47 characters. */
export const linkToken = Type.String({ minLength: 1, maxLength: 100 })

/** What whoever holds the link of an invitation is told of it. */
export const invitedView = closed({
  workspace: name,
  email,
  /** The word of one of the usual roles, or the name of another. */
  role: Type.String(),
  expiresAt: time,
})
export type InvitedView = Static<typeof invitedView>
export const acceptBody = closed({ token: linkToken, name, password })

/** Something that is to be sent by mail, and waits in the outbox. */
export const letterView = closed({
  id: id('out'),
  kind: oneOf(['invitation', 'reset'] as const),
  to: email,
  /** The invitation, or the member whose password is reset. */
  about: Type.Union([id('inv'), id('mbr')]),
  createdAt: time,
  expiresAt: time,
})
export type LetterView = Static<typeof letterView>

export const sessionView = closed({
  id: id('ses'),
  createdAt: time,
  /** What the browser called itself when it signed in. */
  agent: Type.String({ maxLength: 400 }),
  current: Type.Boolean(),
})
export type SessionView = Static<typeof sessionView>

/** Who I am, and the feed's position that this is true at. */
export const meView = closed({
  kind: oneOf(['member', 'contact', 'app'] as const),
  workspace: workspaceView,
  member: nullable(memberView),
  contact: nullable(id('ctc')),
  app: nullable(appView),
  /** What I am allowed, beside what is mine by taking part. */
  permissions: held,
  position: Type.Integer({ minimum: 0 }),
})
export type MeView = Static<typeof meView>

export const setupBody = closed({
  token: linkToken,
  workspace: name,
  name,
  email,
  password,
})
const typed = Type.String({ minLength: 1, maxLength: limits.passwordCharsMax })
const code = Type.String({ minLength: 1, maxLength: limits.secondFactorCodeCharsMax })

export const signInBody = closed({
  email,
  password: typed,
  /** Which of several workspaces, after a choose_workspace. */
  workspace: Type.Optional(id('wsp')),
  /** A code of the second factor, or a recovery code, after a code_needed. */
  code: Type.Optional(code),
})

/** One's own second factor. */
export const factorView = closed({
  enabledAt: nullable(time),
  recoveryCodesLeft: Type.Integer({ minimum: 0 }),
})
export type FactorView = Static<typeof factorView>
export const ownPassword = closed({ password: typed })
export const codeBody = closed({ code })
export const recoveryCodes = closed({ recoveryCodes: Type.Array(Type.String()) })

export const resetAsk = closed({ email })
export const resetUse = closed({ token: linkToken, password })
export const workspaceBody = closed({ workspace: name, name, email, password })
export const memberBody = closed({ name, email, role, password })
export const memberPatch = Type.Partial(closed({ name, role }), {
  additionalProperties: false,
  minProperties: 1,
})
export const mePatch = Type.Partial(closed({ name }), {
  additionalProperties: false,
  minProperties: 1,
})
export const passwordBody = closed({
  current: Type.String({ minLength: 1, maxLength: limits.passwordCharsMax }),
  password,
})
export const appBody = closed({
  name,
  scopes: Type.Array(oneOf(scopes), { minItems: 1, uniqueItems: true }),
})
export const appPatch = Type.Partial(appBody, { additionalProperties: false, minProperties: 1 })
export const tokenBody = Type.Partial(
  closed({
    /** How long the tokens that it has go on; a day unless told. */
    overlapMs: Type.Integer({ minimum: 0, maximum: limits.tokenOverlapMsMax }),
  }),
  { additionalProperties: false },
)
