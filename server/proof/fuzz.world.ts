import type { RouteName } from '@fermata/contract/routes'
import { systemClock } from '@fermata/base/clock'
import { scopes } from '@fermata/contract/actors'
import { pngOf } from '@fermata/testkit/picture'
import { owner } from '@fermata/testkit/server'
import type { SeededRandom } from '@fermata/testkit/random'
import { ask, bearer, mustAsk, signIn, type Credentials } from './asking.ts'
import { addVisitor } from './cast.ts'
import type { House } from './house.ts'
import { newClientId } from './talkers.ts'
import type { Pool } from './values.ts'

/** Whoever sends the requests. */
export type Sender = 'owner' | 'agent' | 'app' | 'contact' | 'nobody'

/** A workspace to be fuzzed, with a conversation in it that no request knows of. */
export interface FuzzWorld {
  /** Whoever is to change a password has none that anybody else needs. */
  as(sender: Sender, route: RouteName): Credentials
  /** Signs the members in again who have signed out. */
  comeBack(): Promise<void>
  /** Makes what a route needs to succeed at all and what those before it may have taken away. */
  prepare(route: RouteName): Promise<void>
  readonly pool: (route: RouteName) => Pool
  /** Everything that can be read of the conversation that nobody touches. */
  untouched(): Promise<unknown>
}

const password = 'a quiet place to stay'
/** A time that is still to come when the test is over. */
const later = systemClock().now() + 30 * 24 * 3_600_000
const agent = { email: 'ari@fuzz.example', password }

/** What the requests may be about, by the prefix of the ids. */
type Ids = Record<
  | 'mbr'
  | 'app'
  | 'tok'
  | 'rol'
  | 'inv'
  | 'out'
  | 'tea'
  | 'ibx'
  | 'ctc'
  | 'cnv'
  | 'msg'
  | 'ses'
  | 'fil'
  | 'chn'
  | 'sch'
  | 'lbl'
  | 'rpl'
  | 'mov'
  | 'uni'
  | 'adr',
  string[]
>

async function makeThings(url: string, as: Credentials): Promise<Ids & { key: string }> {
  const ask = <N extends RouteName>(request: string, body?: object) =>
    mustAsk<N>(url, request, as, body)
  const talk = {
    cnv: [],
    msg: [],
    fil: [],
    chn: [],
    sch: [],
    lbl: [],
    rpl: [],
    mov: [],
    uni: [],
    adr: [],
  }
  const ids: Ids = {
    mbr: [],
    app: [],
    tok: [],
    rol: [],
    inv: [],
    out: [],
    tea: [],
    ibx: [],
    ctc: [],
    ses: [],
    ...talk,
  }
  let key = ''
  for (let i = 0; i < 6; i++) {
    const member = { name: `M${i}`, email: `m${i}@fuzz.example`, role: 'agent', password }
    ids.mbr.push((await ask<'members.add'>('POST /v1/members', member)).id)
    const app = { name: `A${i}`, scopes: ['feed:read'] }
    const added = (await ask<'apps.add'>('POST /v1/apps', app)).app
    ids.app.push(added.id)
    ids.tok.push(...added.tokens.map(({ id }) => id))
    const role = { name: `R${i}`, permissions: ['feed:read'] }
    ids.rol.push((await ask<'roles.add'>('POST /v1/roles', role)).id)
    const invited = { email: `i${i}@fuzz.example`, role: 'agent' }
    const request = 'POST /v1/invitations'
    ids.inv.push((await ask<'invitations.add'>(request, invited)).invitation.id)
    ids.lbl.push((await ask<'labels.add'>('POST /v1/labels', { name: `L${i}` })).id)
    const reply = { title: `P${i}`, body: 'Hello', shared: i > 2 }
    ids.rpl.push((await ask<'replies.add'>('POST /v1/replies', reply)).id)
    ids.tea.push((await ask<'teams.add'>('POST /v1/teams', { name: `T${i}` })).id)
    const inbox = await ask<'inboxes.add'>('POST /v1/inboxes', { name: `I${i}`, medium: 'widget' })
    ids.ibx.push(inbox.id)
    key = inbox.key
    ids.ctc.push((await ask<'contacts.add'>('POST /v1/contacts', { name: `C${i}` })).id)
    await mustAsk(url, 'POST /v1/sessions', {}, owner)
  }
  for (const [i, contact] of ids.ctc.entries()) {
    const address = { kind: 'email', value: `c${i}@fuzz.example` }
    const path = `POST /v1/contacts/${contact}/addresses`
    ids.adr.push((await ask<'addresses.add'>(path, address)).id)
    const other = (await ask<'contacts.add'>('POST /v1/contacts', { name: `D${i}` })).id
    const merged = await ask<'contacts.merge'>(`PUT /v1/contacts/${other}/merge`, { into: contact })
    ids.uni.push(merged.union.id)
  }
  const letters = await ask<'letters.list'>('GET /v1/letters')
  ids.out.push(...letters.rows.map(({ id }) => id))
  const { rows } = await ask<'sessions.list'>('GET /v1/sessions')
  ids.ses.push(...rows.filter(({ current }) => !current).map(({ id }) => id))
  return { ...ids, key }
}

/** Everybody says something in some conversations of the visitor. */
async function makeTalk(
  url: string,
  senders: readonly Credentials[],
  { visitor, inbox, ids }: { visitor: Credentials; inbox: string; ids: Ids },
): Promise<void> {
  for (let i = 0; i < 8; i++) {
    const message = { client: newClientId(), text: `conversation ${i}` }
    const opened = await mustAsk<'conversations.open'>(url, 'POST /v1/conversations', visitor, {
      inbox,
      message,
    })
    ids.cnv.push(opened.conversation.id)
    ids.msg.push(opened.message.id)
    for (const as of senders) {
      const path = `POST /v1/conversations/${opened.conversation.id}/messages`
      const body = { client: newClientId(), text: `said ${i}` }
      ids.msg.push((await mustAsk<'messages.post'>(url, path, as, body)).message.id)
    }
  }
}

/** Two conversations of the visitor are one, a few times over. */
async function makeMoves(
  url: string,
  as: Credentials,
  { visitor, inbox, mov }: { visitor: Credentials; inbox: string; mov: string[] },
): Promise<void> {
  const begin = async (): Promise<string> => {
    const message = { client: newClientId(), text: 'one of two' }
    const body = { inbox, message }
    const request = 'POST /v1/conversations'
    return (await mustAsk<'conversations.open'>(url, request, visitor, body)).conversation.id
  }
  for (let i = 0; i < 4; i++) {
    const path = `PUT /v1/conversations/${await begin()}/merge`
    const body = { into: await begin() }
    mov.push((await mustAsk<'conversations.merge'>(url, path, as, body)).move.id)
  }
}

/** Everybody of our side says some things later. */
async function makeScheduled(
  url: string,
  senders: readonly Credentials[],
  { sch, cnv }: Ids,
): Promise<void> {
  for (let i = 0; i < 4; i++) {
    for (const as of senders) {
      const body = { client: newClientId(), text: `later ${i}`, when: { at: later } }
      const path = `POST /v1/conversations/${cnv[i]}/scheduled`
      sch.push((await mustAsk<'scheduled.add'>(url, path, as, body)).scheduled.id)
    }
  }
}

/** Channels with something said in them, and a direct conversation. */
async function makeFloor(url: string, as: Credentials, ids: Ids): Promise<void> {
  for (let i = 0; i < 6; i++) {
    const channel = { name: `H${i}` }
    const { id } = await mustAsk<'channels.add'>(url, 'POST /v1/channels', as, channel)
    ids.chn.push(id)
  }
  const message = { client: newClientId(), text: 'Among us.' }
  const topic = { subject: 'A topic', message }
  const path = `POST /v1/channels/${ids.chn[0]}/conversations`
  const opened = await mustAsk<'channels.open'>(url, path, as, topic)
  const direct = { members: ids.mbr.slice(0, 1) }
  const { conversation } = await mustAsk<'directs.open'>(url, 'POST /v1/directs', as, direct)
  ids.cnv.push(opened.conversation.id, conversation.id)
  ids.msg.push(opened.message.id)
}

/** Everybody begins some uploads, and sends a picture. */
async function makeFiles(
  url: string,
  senders: readonly Credentials[],
  { fil, cnv }: Ids,
): Promise<void> {
  const picture = pngOf(12, 8)
  const headers = { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' }
  for (const as of senders) {
    const begin = async (bytes: number) => {
      const body = { name: 'a file.png', bytes }
      const { id } = await mustAsk<'uploads.add'>(url, 'POST /v1/uploads', as, body)
      fil.push(id)
      return id
    }
    for (let i = 0; i < 3; i++) await begin(10_000)
    const file = await begin(picture.length)
    await mustAsk(url, `PATCH /v1/uploads/${file}`, { ...as, ...headers }, picture)
    const message = { client: newClientId(), text: '', files: [file] }
    await mustAsk(url, `POST /v1/conversations/${cnv[0]}/messages`, as, message)
  }
}

/** Makes what a route needs to succeed, whatever the requests before it did by chance. */
async function prepareFor(
  route: RouteName,
  { url, senders, ids }: { url: string; senders: Record<Sender, Credentials>; ids: Ids },
): Promise<void> {
  const make = <N extends RouteName>(request: string, body: object) =>
    mustAsk<N>(url, request, senders.owner, body)
  const addApp = async () => {
    const { app } = await make<'apps.add'>('POST /v1/apps', { name: `For ${route}`, scopes })
    ids.app.push(app.id)
    return app
  }
  switch (route) {
    case 'leases.pass':
      // Whoever passes one on must hold it; some are held by others, and some cannot be taken.
      for (const [at, cnv] of ids.cnv.entries()) {
        const as = [senders.owner, senders.agent, senders.app][at % 3] ?? {}
        await ask(url, `PUT /v1/conversations/${cnv}/lease`, as, {})
      }
      break
    case 'leases.hand':
      // Those who were there before may have lost their scopes, their roles or the inbox.
      await addApp()
      break
    case 'apps.removeToken': {
      // Only the token that is the named app's own can be taken away; apart they rarely meet.
      const made = await Promise.all(Array.from({ length: 4 }, addApp))
      ids.app = made.map(({ id }) => id)
      ids.tok = made.flatMap(({ tokens }) => tokens.map(({ id }) => id))
      break
    }
    case 'roles.remove':
      // Only a role that nobody has can be removed.
      for (let i = 0; i < 6; i++) {
        const role = { name: `New ${i}`, permissions: ['feed:read'] }
        ids.rol.push((await make<'roles.add'>('POST /v1/roles', role)).id)
      }
      break
    case 'teams.remove':
      // Only a team that no inbox knows of can be removed.
      for (let i = 0; i < 6; i++) {
        ids.tea.push((await make<'teams.add'>('POST /v1/teams', { name: `New ${i}` })).id)
      }
      break
    default:
  }
}

/** Makes the world on a server of its own. */
export async function makeFuzzWorld(house: House, random: SeededRandom): Promise<FuzzWorld> {
  const { url } = house
  const asOwner = await signIn(url, owner)
  const { key, ...ids } = await makeThings(url, asOwner)
  const memberBody = { name: 'Ari', role: 'agent', ...agent }
  await mustAsk(url, 'POST /v1/members', asOwner, memberBody)
  const changing = await signIn(url, { email: 'm0@fuzz.example', password })
  const appBody = { name: 'fuzz', scopes }
  const { token } = await mustAsk<'apps.add'>(url, 'POST /v1/apps', asOwner, appBody)
  const visitor = await addVisitor(url, key)
  const senders: Record<Sender, Credentials> = {
    owner: asOwner,
    agent: await signIn(url, agent),
    app: bearer(token),
    contact: visitor.credentials,
    nobody: {},
  }
  ids.ctc.push(visitor.id)
  const inbox = ids.ibx.at(-1) ?? ''
  const talkers = [senders.owner, senders.agent, senders.app]
  await makeTalk(url, talkers, { visitor: visitor.credentials, inbox, ids })
  await makeMoves(url, asOwner, { visitor: visitor.credentials, inbox, mov: ids.mov })
  await makeScheduled(url, talkers, ids)
  await makeFloor(url, senders.owner, ids)
  await makeFiles(url, [...talkers, visitor.credentials], ids)

  const quiet = await mustAsk<'inboxes.add'>(url, 'POST /v1/inboxes', asOwner, {
    name: 'Quiet',
    medium: 'api',
  })
  const contact = await mustAsk<'contacts.add'>(url, 'POST /v1/contacts', asOwner, {
    name: 'Quinn',
  })
  const message = { client: newClientId(), text: 'Nobody touches this.' }
  const body = { inbox: quiet.id, contact: contact.id, subject: 'Untouched', message }
  const opened = await mustAsk<'conversations.open'>(url, 'POST /v1/conversations', asOwner, body)

  const prefixed = (pattern: string): string | undefined => {
    const prefixes = /^\^\((\w{3}(?:\|\w{3})*)\)_/.exec(pattern)?.[1]?.split('|') as
      (keyof Ids)[] | undefined
    if (prefixes === undefined) return undefined
    const prefix = random.pick(prefixes)
    const known = ids[prefix] ?? []
    return known.length > 0 && random.chance(0.9)
      ? random.pick(known)
      : `${prefix}_0${'7'.repeat(25)}`
  }
  const comeBack = async (): Promise<void> => {
    senders.owner = await signIn(url, owner)
    senders.agent = await signIn(url, agent)
  }
  return {
    as: (sender, route) =>
      route === 'me.password' && sender !== 'nobody' ? changing : senders[sender],
    comeBack,
    async prepare(route) {
      if ((await ask(url, 'GET /v1/me', senders.owner)).status === 401) await comeBack()
      await prepareFor(route, { url, senders, ids })
    },
    pool: (route) => ({
      forPattern: (pattern) =>
        pattern.includes('-7[0-9a-f]{3}-') ? newClientId() : prefixed(pattern),
      forField(name) {
        if (name === 'key') return key
        if (route === 'sessions.start' && name === 'email') return owner.email
        if (route === 'sessions.start' && name === 'password') return owner.password
        if (route === 'me.password') return password
        // Whoever is a member already cannot be invited.
        if (route === 'invitations.add' && name === 'email') return `${newClientId()}@fuzz.example`
        if (route.startsWith('twoFactor.') && name === 'password') return owner.password
        if (name === 'until' || name === 'at') return later
        if (name === 'version') return random.below(2)
        if (name === 'waitMs') return random.below(3)
        return undefined
      },
    }),
    async untouched() {
      const path = `GET /v1/conversations/${opened.conversation.id}`
      const { conversation, contact: who } = await mustAsk<'conversations.get'>(
        url,
        path,
        senders.owner,
      )
      const said = await mustAsk<'messages.list'>(url, `${path}/messages`, senders.owner)
      return { conversation, who, messages: said.messages }
    },
  }
}
