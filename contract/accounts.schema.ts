import { Type, type Static } from 'typebox'
import { limits } from '@fermata/base/limits'
import { roles, scopes } from './actors.ts'
import { closed, email, id, name, nullable, oneOf, time } from './shapes.schema.ts'

const password = Type.String({
  minLength: limits.passwordCharsMin,
  maxLength: limits.passwordCharsMax,
  pattern: String.raw`^[^\u0000]*$`,
})

export const workspaceView = closed({ id: id('wsp'), name })
export type WorkspaceView = Static<typeof workspaceView>

export const memberView = closed({
  id: id('mbr'),
  name,
  email,
  role: oneOf(roles),
  deactivatedAt: nullable(time),
})
export type MemberView = Static<typeof memberView>

export const appView = closed({
  id: id('app'),
  name,
  scopes: Type.Array(oneOf(scopes)),
  createdAt: time,
})
export type AppView = Static<typeof appView>

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
  position: Type.Integer({ minimum: 0 }),
})
export type MeView = Static<typeof meView>

export const setupBody = closed({
  token: Type.String({ minLength: 1, maxLength: 100 }),
  workspace: name,
  name,
  email,
  password,
})
export const signInBody = closed({
  email,
  password: Type.String({ minLength: 1, maxLength: limits.passwordCharsMax }),
})
export const memberBody = closed({ name, email, role: oneOf(roles), password })
export const memberPatch = Type.Partial(closed({ name, role: oneOf(roles) }), {
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
