// A small named world, made over the HTTP API as its users would make it.

import type { MemberId } from '@fermata/base/ids'
import type { Result } from '@fermata/base/result'
import type { AppView, MemberView } from '@fermata/contract/accounts.schema'
import { scopes } from '@fermata/contract/actors'
import type { ContactView } from '@fermata/contract/contacts.schema'
import type { Role } from '@fermata/contract/actors'
import type { Refusal } from '@fermata/contract/errors'
import type { InboxView } from '@fermata/contract/places.schema'
import type { TeamView } from '@fermata/contract/teams.schema'
import { createClient, type Client } from '@fermata/sdk/client'
import { browserFetch } from './cookies.ts'
import { startServer, type RunningServer, type ServerOptions } from './server.ts'

/** A member who has signed in; the client speaks for them by cookie. */
export interface Person {
  readonly client: Client
  readonly view: MemberView
  readonly id: MemberId
  readonly email: string
  readonly password: string
}

/** A visitor of the Website inbox; the client speaks for them by token. */
export interface Visitor {
  readonly client: Client
  readonly token: string
  readonly contact: ContactView
}

/** Acme Bikes: an owner, two agents, a team, two inboxes, an app and two visitors. */
export interface World {
  readonly server: RunningServer
  readonly url: string
  /** The owner. */
  readonly olivia: Person
  /** An agent in the team Support. */
  readonly ana: Person
  /** An agent in no team. */
  readonly ben: Person
  readonly support: TeamView
  /** Seen by everybody; the visitors come by its widget. */
  readonly website: InboxView
  /** Seen by the team Support alone. */
  readonly orders: InboxView
  /** An app that may do everything an app can. */
  readonly bot: { readonly client: Client; readonly token: string; readonly app: AppView }
  readonly vera: Visitor
  readonly viktor: Visitor
}

const password = 'a bell on every bike'

/** Takes the value of a result that a test has no use for a refusal of. */
export function value<T>(result: Result<T, Refusal>): T {
  if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.refusal)}`)
  return result.value
}

/** Starts a server and makes the world in it. Whoever starts it closes `world.server`. */
export async function startWorld(options: ServerOptions = {}): Promise<World> {
  // Without an owner in its configuration the server prints a link by which the world begins.
  const env = { FERMATA_OWNER_EMAIL: '', FERMATA_OWNER_PASSWORD: '', ...options.env }
  const server = await startServer({ ...options, env })
  try {
    return await makeWorld(server)
  } catch (error) {
    await server.close()
    throw new Error(`the world could not be made: ${server.logs()}`, { cause: error })
  }
}

async function makeWorld(server: RunningServer): Promise<World> {
  const { url } = server
  const olivia = await setUp(server)
  const owner = olivia.client
  const ana = await addMember(url, owner, 'Ana')
  const ben = await addMember(url, owner, 'Ben')
  const team = value(await owner.teams.add({ body: { name: 'Support' } }))
  const support = value(await owner.teams.join({ params: { team: team.id, member: ana.id } }))
  const website = await firstInbox(owner)
  const orders = value(
    await owner.inboxes.add({ body: { name: 'Orders', medium: 'api', team: support.id } }),
  )
  const bot = value(await owner.apps.add({ body: { name: 'bot', scopes: [...scopes] } }))
  return {
    server,
    url,
    olivia,
    ana,
    ben,
    support,
    website,
    orders,
    bot: { ...bot, client: createClient({ url, token: bot.token }) },
    vera: await addVisitor(url, website),
    viktor: await addVisitor(url, website),
  }
}

/** The inbox that a new workspace has from its beginning. */
async function firstInbox(owner: Client): Promise<InboxView> {
  const [inbox] = value(await owner.inboxes.list()).rows
  if (inbox === undefined) throw new Error('a new workspace has no inbox')
  return inbox
}

async function setUp({ url, logs }: RunningServer): Promise<Person> {
  const link = /set it up\s+(\S+)/.exec(logs())?.[1]
  if (link === undefined) throw new Error('the server printed no link to set it up')
  const token = /[^/#?=]+$/.exec(link)?.[0] ?? ''
  const client = createClient({ url, fetch: browserFetch(url) })
  const email = 'olivia@acme.example'
  const body = { token, workspace: 'Acme Bikes', name: 'Olivia', email, password }
  return person(client, value(await client.setup.do({ body })).member, email)
}

/** A new member, signed in. */
export async function addMember(
  url: string,
  owner: Client,
  name: string,
  role: Role = 'agent',
): Promise<Person> {
  const email = `${name.toLowerCase()}@acme.example`
  value(await owner.members.add({ body: { name, email, role, password } }))
  return signIn(url, email)
}

/** Signs a member of the world in once more: another browser of theirs. */
export async function signIn(url: string, email: string): Promise<Person> {
  const client = createClient({ url, fetch: browserFetch(url) })
  const me = value(await client.sessions.start({ body: { email, password } }))
  return person(client, me.member, email)
}

function person(client: Client, view: MemberView | null, email: string): Person {
  if (view === null) throw new Error(`${email} is no member`)
  return { client, view, id: view.id, email, password }
}

/** A new visitor of an inbox. */
export async function addVisitor(url: string, inbox: InboxView): Promise<Visitor> {
  const nobody = createClient({ url })
  const { token, contact } = value(
    await nobody.visitors.add({ params: { key: inbox.key }, body: {} }),
  )
  return { client: createClient({ url, token }), token, contact }
}
