import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import {
  idsFrom,
  uuidText,
  uuidv7Generator,
  type ConversationId,
  type FileId,
} from '@fermata/base/ids'
import { systemClock } from '@fermata/base/clock'
import type { Result } from '@fermata/base/result'
import type { Caller, ContactActor, MemberActor } from '@fermata/contract/actors'
import type { AnyRow } from '@fermata/contract/channels.schema'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import type { Refusal } from '@fermata/contract/errors'
import type { AnyEvent } from '@fermata/contract/events.schema'
import { applyAll } from '@fermata/contract/apply'
import { isDesk } from '@fermata/contract/floor'
import {
  loadConversation,
  loadDrafts,
  loadMessages,
  loadPage,
  loadShared,
} from '@fermata/contract/load'
import { isRole, rolePermissions } from '@fermata/contract/permissions'
import type { JsonRoute } from '@fermata/contract/routes'
import { emptyState, windowName, type State, type WindowKey } from '@fermata/contract/state'
import { lists } from '@fermata/contract/words'
import { keysFrom } from '@fermata/people/access/index'
import { openDiskBlobs, openPictures } from '@fermata/people/files/index'
import type { Asked } from '@fermata/people/handler'
import { openStorage } from '@fermata/storage/open'
import type { Storage } from '@fermata/storage/port'
import { fakeClock, type FakeClock } from '@fermata/testkit/clock'
import { unreadThreads, visibleFloor, withChannels, withLists } from './rooms.floor.world.ts'
import { migrations, openRooms, type Rooms } from './rooms.ts'

/** The rooms over a real database, without the server around them. */
export interface RoomsWorld {
  readonly clock: FakeClock
  readonly rooms: Rooms
  readonly storage: Storage
  readonly owner: MemberActor
  /** Calls a route's handler as the server would; throws `Refused`. */
  call<N extends JsonRoute>(
    name: N,
    caller: Asked<N>['caller'],
    parts: Omit<Asked<N>, 'caller' | 'connection'>,
  ): Promise<Extract<Awaited<ReturnType<Rooms['handlers'][N]>>, { ok: true }>['value']>
  newClient(): string
  /** A member as the next request would know them: with the role and what it allows now. */
  asNow<C extends Caller>(caller: C): Promise<C>
  /** The member with this address, as a signed-in caller. */
  memberActor(view: { id: MemberActor['id']; name: string; role: MemberActor['role'] }): MemberActor
}

/** A handler refused. In a row of random actions that happens and changes nothing. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)

/** Opens the rooms over an empty database with one workspace. */
export async function roomsWorld(
  t: TestContext,
  databaseUrl?: string,
  around: (storage: Storage) => Storage = (storage) => storage,
): Promise<RoomsWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'fermata-mirror-'))
  const clock = fakeClock()
  const fatal = (error: Error) => assert.fail(error)
  const place = databaseUrl === undefined ? {} : { databaseUrl }
  const opened = await openStorage({ folder, ...place, clock, migrations, fatal })
  const storage = around(opened)
  const keys = keysFrom(new Uint8Array(32), random)
  const failed = (what: string, error: unknown) => assert.fail(`${what}: ${String(error)}`)
  const blobs = await openDiskBlobs({ folder: join(folder, 'files'), fatal })
  const pictures = openPictures(clock)
  const noWire = (): Promise<never> => Promise.reject(new Error('there is no wire'))
  const wire = { ask: noWire, workspaceOf: noWire }
  const rooms = openRooms({ storage, keys, clock, random, blobs, pictures, wire, failed })
  t.after(async () => {
    rooms.feed.stop()
    await rooms.files.tidy()
    await pictures.close()
    await opened.close()
    await rm(folder, { recursive: true })
  })
  const owner = await rooms.accounts.addWorkspace({
    workspace: 'Acme Bikes',
    name: 'Olivia',
    email: 'olivia@example.com',
    password: 'correct horse battery',
  })
  const newUuid = uuidv7Generator(systemClock(), random)
  const ids = idsFrom(newUuid)
  const connection = { address: '127.0.0.1', agent: '', sessionCookie: null, gone: null }
  const call: RoomsWorld['call'] = async (name, caller, parts) => {
    const handler = rooms.handlers[name] as (asked: object) => Promise<Result<never, Refusal>>
    const asked = { ...parts, caller, connection: { ...connection, setSessionCookie: () => {} } }
    const answer = await handler({ query: {}, ...asked })
    if (!answer.ok) throw new Refused(`${name}: ${JSON.stringify(answer.refusal)}`)
    return answer.value
  }
  return {
    clock,
    rooms,
    storage,
    owner,
    call,
    async asNow(caller) {
      if (caller.kind !== 'member') return caller
      const { rows } = await call('members.list', owner, {})
      const { role = caller.role } = rows.find(({ id }) => id === caller.id) ?? {}
      if (isRole(role)) return { ...caller, role, permissions: rolePermissions[role] }
      const own = (await call('roles.list', owner, {})).rows.find(({ id }) => id === role)
      return { ...caller, role, permissions: own?.permissions ?? [] }
    },
    newClient: () => uuidText(newUuid()),
    memberActor: ({ id, name, role }) => {
      const { workspace } = owner
      const permissions = isRole(role) ? rolePermissions[role] : []
      return { kind: 'member', workspace, id, name, role, permissions, session: ids.next('ses') }
    },
  }
}

/** Somebody who holds a client's state and keeps it true by the feed alone. */
export interface Viewer {
  readonly name: string
  caller: Caller
  state: State
}

type Call = RoomsWorld['call']

function windowKeys(caller: Caller, inboxes: State['inboxes']): WindowKey[] {
  if (caller.kind === 'contact') return [{ list: 'all', inbox: null, contact: null }]
  const places = [null, ...Object.values(inboxes).flatMap((inbox) => inbox?.id ?? [])]
  return lists.flatMap((list) => places.map((inbox) => ({ list, inbox, contact: null })))
}

async function withWindow(
  call: Call,
  caller: Caller,
  state: State,
  key: WindowKey,
): Promise<State> {
  const inbox = key.inbox === null ? {} : { inbox: key.inbox }
  const page = await call('conversations.list', caller, {
    query: { list: key.list, limit: 100, ...inbox },
  })
  assert.equal(page.next, null, 'the mirror test looks at whole lists')
  return loadPage(state, key, page, true)
}

async function withThread(
  call: Call,
  caller: Caller,
  state: State,
  conversation: ConversationId,
): Promise<State> {
  const params = { conversation }
  const run = await call('messages.list', caller, { params, query: { limit: 100 } })
  const around = await call('conversations.get', caller, { params })
  const next = loadConversation(loadMessages(state, conversation, run), around)
  if (caller.kind === 'contact') return next
  const { shared } = await call('drafts.get', caller, { params })
  return loadShared(next, conversation, shared)
}

/** Fetches what of the conversations among members is not held. */
async function withTalks(call: Call, caller: MemberActor, state: State): Promise<State> {
  let next = await withLists(call, caller, state)
  for (const id of unreadThreads(next)) next = await withThread(call, caller, next, id)
  return next
}

/** What a client holds that has just fetched everything it may see. */
export async function fetchAll({ call }: RoomsWorld, caller: Caller): Promise<State> {
  const me = await call('me.get', caller, {})
  let state = emptyState(caller.id, me.position)
  if (caller.kind !== 'contact') {
    const members = await call('members.list', caller, {})
    const teams = await call('teams.list', caller, {})
    const inboxes = await call('inboxes.list', caller, {})
    const labels = await call('labels.list', caller, {})
    const replies = await call('replies.list', caller, {})
    const byId = (rows: readonly { id: string }[]) =>
      Object.fromEntries(rows.map((row) => [row.id, row]))
    state = {
      ...state,
      members: byId(members.rows) as State['members'],
      teams: byId(teams.rows) as State['teams'],
      inboxes: byId(inboxes.rows) as State['inboxes'],
      labels: byId(labels.rows) as State['labels'],
      replies: byId(replies.rows) as State['replies'],
    }
    state = loadDrafts(state, await call('drafts.list', caller, {}))
  }
  for (const key of windowKeys(caller, state.inboxes)) {
    state = await withWindow(call, caller, state, key)
  }
  for (const id of Object.keys(state.rows)) {
    state = await withThread(call, caller, state, id as ConversationId)
  }
  if (caller.kind !== 'member') return state
  return withTalks(call, caller, await withChannels(call, caller, state))
}

/** What of a state must be the same, however it was come by. */
export function visible(state: State) {
  const windows = Object.entries(state.windows).flatMap(([name, window]) => {
    const gone = window?.key.inbox !== null && state.inboxes[window!.key.inbox] === undefined
    // A window on an inbox that is not visible any more is empty, or was never made.
    return window === undefined || (gone && window.ids.length === 0) ? [] : [[name, window.ids]]
  })
  const ids = new Set(Object.values(state.windows).flatMap((window) => window?.ids ?? []))
  const shown = [...ids].sort()
  return {
    windows: Object.fromEntries(windows) as Record<string, readonly string[]>,
    rows: shown.map((id) => state.rows[id]),
    mine: shown.map((id) => state.mine[id] ?? null),
    contacts: shown.map((id) => state.contacts[state.rows[id]!.contact] ?? null),
    threads: shown.map((id) => state.threads[id] ?? null),
    shared: shown.map((id) => state.shared[id] ?? null),
    drafts: state.drafts,
    scheduled: state.scheduled,
    members: state.members,
    teams: state.teams,
    inboxes: state.inboxes,
    labels: state.labels,
    replies: state.replies,
    floor: visibleFloor(state),
  }
}

/** Reads on in the feed and applies what came, then does what every client does: fetch what is stale. */
export async function follow(world: RoomsWorld, viewer: Viewer): Promise<readonly AnyEvent[]> {
  const { call } = world
  const { caller } = viewer
  const query = { since: viewer.state.position }
  const page = await call('feed.read', caller, { query })
  assert.equal(page.reset, false)
  let state = applyAll(viewer.state, page.events, page.position)
  for (const key of windowKeys(caller, state.inboxes)) {
    const window = state.windows[windowName(key)]
    if (window === undefined || window.stale) state = await withWindow(call, caller, state, key)
  }
  for (const id of Object.keys(state.rows) as ConversationId[]) {
    if (state.threads[id] === undefined) state = await withThread(call, caller, state, id)
  }
  viewer.state = caller.kind === 'member' ? await withTalks(call, caller, state) : state
  return page.events
}

/** A new visitor of the widget with this key, or of the first inbox's. */
export async function visitor(world: RoomsWorld, key?: string): Promise<ContactActor> {
  const [first] = (await world.call('inboxes.list', world.owner, {})).rows
  const params = { key: key ?? first!.key }
  const { token } = await world.call('visitors.add', null, { params, body: {} })
  const caller = await world.rooms.authenticate({ cookie: null, bearer: token })
  assert.ok(caller?.kind === 'contact')
  return caller
}

/** A new member, in no team; an agent unless told otherwise. */
export async function agent(
  world: RoomsWorld,
  name: string,
  role: MemberActor['role'] = 'agent',
): Promise<MemberActor> {
  const email = `${name}@example.com`
  const body = { name, email, role, password: 'correct horse battery' }
  const added = await world.call('members.add', world.owner, { body })
  return world.asNow(world.memberActor(added))
}

/** The row of a conversation that is one with a customer. */
export function deskRow(row: AnyRow): ConversationRow {
  assert.ok(isDesk(row))
  return row
}

/** A file that somebody has uploaded. */
export async function uploaded(world: RoomsWorld, by: Caller, content: string): Promise<FileId> {
  const bytes = Buffer.from(content)
  const { id } = await world.call('uploads.add', by, {
    body: { name: 'words.txt', bytes: bytes.length },
  })
  const came = await world.rooms.files.uploads.append(by, id, { at: 0, source: parts(bytes) })
  assert.ok(came.ok && came.value.file !== null)
  return id
}

async function* parts(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, 3)
  yield bytes.subarray(3)
}
