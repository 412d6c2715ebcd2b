import type { AppId, ContactId, InboxId, MemberId, TeamId } from '@fermata/base/ids'
import { scopes, type Role, type Scope } from '@fermata/contract/actors'
import { owner } from '@fermata/testkit/server'
import { bearer, mustAsk, signIn, type Credentials } from './asking.ts'
import type { House } from './house.ts'

/** Whoever may come to a door. */
export type Name =
  | 'nobody'
  | 'owner'
  | 'agentInside'
  | 'agentOutside'
  | 'admin'
  | 'staffInside'
  | 'guest'
  | 'app'
  | 'visitor'
  | 'otherVisitor'
  | 'foreignOwner'
  | 'foreignApp'
  | 'foreignVisitor'
  | 'deactivatedMember'
  | 'signedOutMember'
  | 'removedApp'

/** One of the cast. */
export interface Actor {
  readonly name: Name
  readonly credentials: Credentials
  /** A member's role, or what else they are; null for those who are nobody, or not any more. */
  readonly who: Role | 'contact' | 'app' | null
  readonly password?: string
}

/** Two workspaces and whoever has to do with them. The plays are about the first one. */
export interface Cast {
  readonly url: string
  readonly actors: Readonly<Record<Name, Actor>>
  /** The inside: a team, the inbox that it alone sees, and a contact who came there. */
  readonly team: TeamId
  readonly inbox: InboxId
  readonly key: string
  readonly contact: ContactId
  readonly otherContact: ContactId
  readonly agentInside: MemberId
  readonly agentOutside: MemberId
  /** What the server's clock shows. */
  now(): number
  /** The credentials of an app that has every scope but one. */
  without(scope: Scope): Promise<Actor>
}

const password = 'three bells and a horn'

interface Workspace {
  readonly url: string
  readonly as: Credentials
}

async function addMember(
  { url, as }: Workspace,
  name: string,
  role: Role = 'agent',
  domain = 'inside.example',
): Promise<MemberId> {
  const body = { name, email: `${name.toLowerCase()}@${domain}`, role, password }
  return (await mustAsk<'members.add'>(url, 'POST /v1/members', as, body)).id
}

function signInMember(url: string, name: string, domain = 'inside.example'): Promise<Credentials> {
  return signIn(url, { email: `${name.toLowerCase()}@${domain}`, password })
}

async function addApp(
  { url, as }: Workspace,
  name: string,
  having: readonly Scope[],
): Promise<{ id: AppId; credentials: Credentials }> {
  const body = { name, scopes: having }
  const { app, token } = await mustAsk<'apps.add'>(url, 'POST /v1/apps', as, body)
  return { id: app.id, credentials: bearer(token) }
}

/** A new visitor of an inbox. */
export async function addVisitor(
  url: string,
  key: string,
): Promise<{ id: ContactId; credentials: Credentials }> {
  const made = await mustAsk<'visitors.add'>(url, `POST /v1/widget/${key}/visitors`, {}, {})
  return { id: made.contact.id, credentials: bearer(made.token) }
}

/** Whoever once was let in and is so no more. */
async function makeGone(
  inside: Workspace,
): Promise<Record<'deactivatedMember' | 'signedOutMember' | 'removedApp', Credentials>> {
  const { url, as } = inside
  const deactivated = await addMember(inside, 'Dora')
  const deactivatedMember = await signInMember(url, 'Dora')
  await mustAsk(url, `PUT /v1/members/${deactivated}/deactivation`, as)
  await addMember(inside, 'Sam')
  const signedOutMember = await signInMember(url, 'Sam')
  await mustAsk(url, 'DELETE /v1/sessions/current', signedOutMember)
  const removed = await addApp(inside, 'gone', scopes)
  await mustAsk(url, `DELETE /v1/apps/${removed.id}`, as)
  return { deactivatedMember, signedOutMember, removedApp: removed.credentials }
}

/** Another workspace on the same server, to which no route leads. */
async function makeForeign({
  url,
  server,
}: House): Promise<Record<'foreignOwner' | 'foreignApp' | 'foreignVisitor', Credentials>> {
  const who = { email: 'frida@foreign.example', password }
  await server.rooms.accounts.addWorkspace({ workspace: 'Foreign', name: 'Frida', ...who })
  const foreign = { url, as: await signIn(url, who) }
  const app = await addApp(foreign, 'foreign bot', scopes)
  const body = { name: 'Foreign inbox', medium: 'widget' }
  const inbox = await mustAsk<'inboxes.add'>(url, 'POST /v1/inboxes', foreign.as, body)
  const visitor = await addVisitor(url, inbox.key)
  return {
    foreignOwner: foreign.as,
    foreignApp: app.credentials,
    foreignVisitor: visitor.credentials,
  }
}

/** Makes the cast on a server of their own. */
export async function makeCast(house: House): Promise<Cast> {
  const { url } = house
  const inside: Workspace = { url, as: await signIn(url, owner) }
  const ask = <T>(request: string, body?: object) =>
    mustAsk(url, request, inside.as, body) as Promise<T>
  const agentInside = await addMember(inside, 'Ina')
  const agentOutside = await addMember(inside, 'Otto')
  await addMember(inside, 'Adam', 'admin')
  const staff = await addMember(inside, 'Stella', 'staff')
  await addMember(inside, 'Gus', 'guest', 'guest.example')
  const team = await ask<{ id: TeamId }>('POST /v1/teams', { name: 'Inside team' })
  await ask(`PUT /v1/teams/${team.id}/members/${agentInside}`)
  await ask(`PUT /v1/teams/${team.id}/members/${staff}`)
  const inboxBody = { name: 'Inside inbox', medium: 'widget', team: team.id }
  const inbox = await ask<{ id: InboxId; key: string }>('POST /v1/inboxes', inboxBody)
  const visitor = await addVisitor(url, inbox.key)
  const otherVisitor = await addVisitor(url, inbox.key)
  const app = await addApp(inside, 'inside bot', scopes)
  const gone = await makeGone(inside)
  const foreign = await makeForeign(house)
  const lacking = new Map<Scope, Promise<Actor>>()

  const actors: Record<Name, Omit<Actor, 'name'>> = {
    nobody: { credentials: {}, who: null },
    owner: { credentials: inside.as, who: 'owner', password: owner.password },
    agentInside: { credentials: await signInMember(url, 'Ina'), who: 'agent', password },
    agentOutside: { credentials: await signInMember(url, 'Otto'), who: 'agent', password },
    admin: { credentials: await signInMember(url, 'Adam'), who: 'admin', password },
    staffInside: { credentials: await signInMember(url, 'Stella'), who: 'staff', password },
    guest: { credentials: await signInMember(url, 'Gus', 'guest.example'), who: 'guest', password },
    app: { credentials: app.credentials, who: 'app' },
    visitor: { credentials: visitor.credentials, who: 'contact' },
    otherVisitor: { credentials: otherVisitor.credentials, who: 'contact' },
    foreignOwner: { credentials: foreign.foreignOwner, who: 'owner', password },
    foreignApp: { credentials: foreign.foreignApp, who: 'app' },
    foreignVisitor: { credentials: foreign.foreignVisitor, who: 'contact' },
    deactivatedMember: { credentials: gone.deactivatedMember, who: null },
    signedOutMember: { credentials: gone.signedOutMember, who: null },
    removedApp: { credentials: gone.removedApp, who: null },
  }
  const named = Object.entries(actors).map(([name, actor]) => [name, { name, ...actor }])
  return {
    url,
    actors: Object.fromEntries(named) as Cast['actors'],
    team: team.id,
    inbox: inbox.id,
    key: inbox.key,
    contact: visitor.id,
    otherContact: otherVisitor.id,
    agentInside,
    agentOutside,
    now: () => house.now(),
    without(scope) {
      const making =
        lacking.get(scope) ??
        addApp(
          inside,
          `without ${scope}`,
          scopes.filter((one) => one !== scope),
        ).then(({ credentials }) => ({ name: 'app' as const, credentials, who: 'app' as const }))
      lacking.set(scope, making)
      return making
    },
  }
}
