import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { assert } from '@fermata/base/assert'
import type { Clock } from '@fermata/base/clock'
import {
  bytesOf,
  idsFrom,
  uuidv7Generator,
  type FillRandom,
  type Ids,
  type WorkspaceId,
} from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { Result } from '@fermata/base/result'
import type { Caller, MemberActor, RoleName, Scope } from '@fermata/contract/actors'
import type { Refusal } from '@fermata/contract/errors'
import type { Answer, Call } from '@fermata/contract/routes.schema'
import { openStorage } from '@fermata/storage/open'
import type { Migration, Storage, StoredEvent } from '@fermata/storage/port'
import { auditHandlers, auditMigrations, type AuditRoute } from './audit/index.ts'
import { accessRoute, keysFrom, rateLimiter, type Keys } from './access/index.ts'
import {
  accountsMigrations,
  accountsRoom,
  type AccountsRoom,
  type Deactivated,
  type AccountsRoute,
} from './accounts/index.ts'
import {
  contactsMigrations,
  contactsRoom,
  visitorTokens,
  type ContactsRoom,
  type ContactsRoute,
  type Merge,
} from './contacts/index.ts'
import type { Handlers } from './handler.ts'
import {
  placesMigrations,
  placesRoom,
  teamSeesInbox,
  widgetInbox,
  type PlacesRoom,
  type PlacesRoute,
} from './places/index.ts'
import {
  fellowsOf,
  teamsMigrations,
  teamsRoom,
  type TeamsRoom,
  type TeamsRoute,
} from './teams/index.ts'

/** The migrations of the rooms that this world has. */
const migrations = [
  ...auditMigrations,
  ...accountsMigrations,
  ...teamsMigrations,
  ...contactsMigrations,
  ...placesMigrations,
]

/** A database for tests: where it comes from, and why it may be missing. */
export interface Ground {
  readonly name: string
  readonly skip: string | false
  open(migrations: readonly Migration[], clock: Clock): Promise<Storage>
  /** Removes what was opened last, after it was closed. */
  remove(): Promise<void>
}

/** The embedded database in a temporary folder. */
export function sqliteGround(): Ground {
  let folder = ''
  return {
    name: 'sqlite',
    skip: false,
    open(migrations, clock) {
      folder = mkdtempSync(join(tmpdir(), 'fermata-rooms-'))
      return openStorage({ folder, clock, migrations, fatal: throwIt })
    },
    async remove() {
      rmSync(folder, { recursive: true })
    },
  }
}

/** PostgreSQL, as a test's own server: `need` and `start` are those of the test kit. */
export function postgresGround(
  need: { readonly skip: string | false; readonly path: string },
  start: (program: string) => Promise<{ url(database: string): string; stop(): Promise<void> }>,
): Ground {
  let stop = async (): Promise<void> => {}
  return {
    name: 'postgres',
    skip: need.skip,
    async open(migrations, clock) {
      const server = await start(need.path)
      stop = () => server.stop()
      const databaseUrl = server.url('postgres')
      return openStorage({ folder: '', databaseUrl, clock, migrations, fatal: throwIt })
    },
    remove: () => stop(),
  }
}

function throwIt(error: Error): never {
  throw error
}

/** The routes of the rooms that this world has. */
export type WorldRoute = AuditRoute | AccountsRoute | TeamsRoute | ContactsRoute | PlacesRoute

/** What a call answered, and what it did to the cookie: undefined when it left it alone. */
export type Called<N extends WorldRoute> = Result<Answer<N>, Refusal> & {
  readonly cookie: string | null | undefined
}

/** Rooms over a real database, as a server would put them together. */
export interface World {
  readonly storage: Storage
  readonly ids: Ids
  readonly keys: Keys
  readonly accounts: AccountsRoom
  readonly teams: TeamsRoom
  readonly contacts: ContactsRoom
  readonly places: PlacesRoom
  /** Visitors who turned out to be known contacts, as downstream rooms were told. */
  readonly merges: Merge[]
  /** Members who were deactivated, as downstream rooms were told. */
  readonly gone: Deactivated[]
  /** Calls a route as the server does: the table first, then the handler. */
  call<N extends WorldRoute>(name: N, caller: Caller | null, parts: Call<N>): Promise<Called<N>>
  /** All events of a workspace so far. */
  events(workspace: WorkspaceId): Promise<StoredEvent[]>
}

/** Puts the rooms together over a database. */
export function worldOver(deps: {
  readonly storage: Storage
  readonly clock: Clock
  readonly random: FillRandom
}): World {
  const { storage, clock, random } = deps
  const ids = idsFrom(uuidv7Generator(clock, random))
  const keys = keysFrom(new Uint8Array(32).fill(7), random)
  const merges: Merge[] = []
  const gone: Deactivated[] = []
  const base = { storage, clock, ids, random }
  const places = placesRoom({ ...base, keys })
  const teams = teamsRoom({ ...base, teamSeesInbox })
  const contacts = contactsRoom({
    ...base,
    widgetInbox,
    identitySecret: places.identitySecret,
    onIdentified: async (_, merge) => void merges.push(merge),
  })
  const atMost = (max: number, windowMs: number) =>
    rateLimiter({ clock, max, windowMs, keysMax: limits.rateKeysMax })
  const accounts = accountsRoom({
    ...base,
    secret: keys.derived('identity library'),
    bearers: [visitorTokens],
    passwordWork: { ln: 10, r: 8, p: 1 },
    onWorkspaceMade: places.makeFirstInbox,
    onDeactivated: async (_, one) => void gone.push(one),
    seal: keys,
    signIns: atMost(limits.signInsPerEmailMax, limits.signInWindowMs),
    codes: atMost(limits.codesPerMemberMax, limits.codeWindowMs),
    resets: atMost(limits.resetsPerEmailMax, limits.resetWindowMs),
    invitations: atMost(limits.invitationsPerActorMax, limits.invitationWindowMs),
    fellowsOf,
  })
  const handlers: Handlers<WorldRoute> = {
    ...auditHandlers({ storage }),
    ...accounts.handlers,
    ...teams.handlers,
    ...contacts.handlers,
    ...places.handlers,
  }
  return {
    storage,
    ids,
    keys,
    accounts,
    teams,
    contacts,
    places,
    merges,
    gone,
    call: (name, caller, parts) => callOver(handlers, name, caller, parts),
    events: (workspace) =>
      storage.read((tx) =>
        storage.events(tx, { workspace: bytesOf(workspace), position: 0, limit: 10_000 }),
      ),
  }
}

async function callOver<N extends WorldRoute>(
  handlers: Handlers<WorldRoute>,
  name: N,
  caller: Caller | null,
  parts: Call<N>,
): Promise<Called<N>> {
  let cookie: string | null | undefined
  const allowed = accessRoute(caller, name)
  if (!allowed.ok) return { ...allowed, cookie }
  const connection = {
    address: '127.0.0.1',
    agent: 'a browser',
    sessionCookie: null,
    gone: null,
    setSessionCookie: (value: string | null) => void (cookie = value),
  }
  const handler = handlers[name] as (asked: object) => Promise<Result<Answer<N>, Refusal>>
  const answer = await handler({ ...parts, caller, connection })
  return { ...answer, cookie }
}

/** A clock that stands still until a test moves it. */
export interface TestClock extends Clock {
  advance(ms: number): void
}

/** A test over a world that the tests of a file share. */
export type WorldTest = (
  title: string,
  body: (world: World, clock: TestClock) => Promise<void>,
) => void

/** Declares tests over one database: it is opened before the first and removed after the last. */
export function worldTests(ground: Ground, clock: TestClock, random: FillRandom): WorldTest {
  let world: World | undefined
  before(async () => {
    if (ground.skip !== false) return
    const storage = await ground.open(migrations, clock)
    world = worldOver({ storage, clock, random })
  })
  after(async () => {
    if (world === undefined) return
    await world.storage.close()
    await ground.remove()
  })
  return (title, body) => {
    test(`${ground.name}: ${title}`, { skip: ground.skip }, async () => {
      assert(world !== undefined, 'the world is open')
      await body(world, clock)
    })
  }
}

/** The value of a result that must be one. */
export function got<T>(result: Result<T, Refusal>): T {
  assert(result.ok, `must not be refused: ${JSON.stringify(result)}`)
  return result.value
}

/** The code of a refusal, and `ok` for none. */
export function codeOf(result: Result<unknown, Refusal>): string {
  return result.ok ? 'ok' : result.refusal.code
}

/** Signs somebody in; answers who they are and their cookie. */
export async function signedIn(
  world: World,
  email: string,
  password: string,
): Promise<{ caller: MemberActor; cookie: string }> {
  const called = await world.call('sessions.start', null, { body: { email, password } })
  got(called)
  const { cookie } = called
  assert(typeof cookie === 'string', 'signing in sets the cookie')
  const caller = await world.accounts.authenticate({ cookie })
  assert(caller?.kind === 'member', 'the cookie is a member’s')
  return { caller, cookie }
}

let made = 0

/** An e-mail address that nobody has yet. */
export function freshEmail(name: string): string {
  made += 1
  return `${name}.${made}@example.com`
}

/** The password that everybody in these worlds has. */
export const password = 'held as long as you like'

/** A new workspace, and its owner. */
export async function newWorkspace(world: World, name = 'Harbour'): Promise<MemberActor> {
  const email = freshEmail('owner')
  return world.accounts.addWorkspace({ workspace: name, name: 'Olga Owner', email, password })
}

/** A new member of the owner's workspace, signed in. */
export async function newMember(
  world: World,
  owner: MemberActor,
  role: RoleName = 'agent',
): Promise<{ caller: MemberActor; cookie: string; email: string }> {
  const email = freshEmail('member')
  got(await world.accounts.addMember(owner, { name: 'Ada Agent', email, role, password }))
  return { ...(await signedIn(world, email, password)), email }
}

/** A new app of the owner's workspace, and its token. */
export async function newApp(
  world: World,
  owner: MemberActor,
  scopes: Scope[],
): Promise<{ caller: Caller; token: string }> {
  const { token } = got(await world.call('apps.add', owner, { body: { name: 'Robot', scopes } }))
  const caller = await world.accounts.authenticate({ bearer: token })
  assert(caller?.kind === 'app', 'the token is an app’s')
  return { caller, token }
}
