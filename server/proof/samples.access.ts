import type { RouteName } from '@fermata/contract/routes'
import { codeAt, fromBase32, stepAt } from './authenticator.ts'
import type { Name } from './cast.ts'
import { workspace, type Play } from './play.ts'
import type { Sample } from './samples.ts'

type AccessRoute = Extract<
  RouteName,
  `${'workspaces' | 'resets' | 'twoFactor' | 'roles' | 'invitations' | 'letters' | 'audit' | 'apps'}.${string}`
>

const ownerOnly = ['owner'] as const
const admins = ['owner', 'admin'] as const
/** Everybody who works here; whoever is signed in may read the names of roles. */
const members: readonly Name[] = [...workspace, 'guest']

function passwordOf(play: Play, as: Name): { password: string } {
  return { password: play.cast.actors[as].password ?? 'not known to Eve' }
}

/** The seed of a second factor that one of the cast has begun; an app shows its codes. */
async function begunSeed(play: Play, as: Name): Promise<Uint8Array> {
  const body = passwordOf(play, as)
  const { secret } = await play.ask<'twoFactor.begin'>(as, 'POST /v1/me/two-factor', body)
  return fromBase32(secret)
}

/** Turns the second factor of one of the cast off, and on again if wished; answers their password. */
async function factor(play: Play, as: Name, wished: 'on' | 'none'): Promise<{ password: string }> {
  const body = passwordOf(play, as)
  const { enabledAt } = await play.ask<'twoFactor.get'>(as, 'GET /v1/me/two-factor')
  if (enabledAt !== null) await play.ask(as, 'DELETE /v1/me/two-factor', body)
  if (wished === 'on') {
    const code = codeAt(await begunSeed(play, as), stepAt(play.cast.now()))
    await play.ask(as, 'PUT /v1/me/two-factor', { code })
  }
  return body
}

async function app(play: Play): Promise<{ id: string; token: string }> {
  const body = { name: play.word('app'), scopes: ['feed:read'] }
  const { app: made } = await play.ask<'apps.add'>('owner', 'POST /v1/apps', body)
  return { id: made.id, token: made.tokens[0]?.id ?? '' }
}

async function role(play: Play, permissions: readonly string[]): Promise<string> {
  const body = { name: play.keep(play.word('role'), members), permissions }
  return (await play.ask<'roles.add'>('owner', 'POST /v1/roles', body)).id
}

async function invited(play: Play, to = 'agent'): Promise<{ id: string; token: string }> {
  const body = { email: `${play.word('invited')}@added.example`, role: to }
  const request = 'POST /v1/invitations'
  const { invitation, token } = await play.ask<'invitations.add'>('owner', request, body)
  return { id: invitation.id, token }
}

async function letterTo(play: Play, to: string): Promise<string> {
  const { id } = await invited(play, to)
  const { rows } = await play.ask<'letters.list'>('owner', 'GET /v1/letters')
  return rows.find(({ about }) => about === id)?.id ?? ''
}

/** Of a role that allows little, and of one that only an owner outranks. */
function ofRole(body?: object): Sample[] {
  const parts = body === undefined ? {} : { body }
  return [
    {
      may: admins,
      build: async (play) => ({ path: [await role(play, ['conversations:read'])], ...parts }),
    },
    {
      what: 'that makes owners',
      may: ownerOnly,
      build: async (play) => ({ path: [await role(play, ['owners:manage'])], ...parts }),
    },
  ]
}

/** Ways to call the routes of who may do what, and of who was let in. */
export const accessSamples: Readonly<Record<AccessRoute, readonly Sample[]>> = {
  'apps.list': [{ build: () => ({}) }],
  'apps.answering': [{ build: () => ({}) }],
  'apps.add': [{ build: (play) => ({ body: { name: play.word('app'), scopes: ['feed:read'] } }) }],
  'apps.change': [
    {
      may: admins,
      build: async (play) => ({
        path: [(await app(play)).id],
        body: { scopes: ['conversations:read'] },
      }),
    },
  ],
  'apps.remove': [{ may: admins, build: async (play) => ({ path: [(await app(play)).id] }) }],
  'apps.addToken': [
    { may: admins, build: async (play) => ({ path: [(await app(play)).id], body: {} }) },
  ],
  'apps.removeToken': [
    {
      may: admins,
      async build(play) {
        const { id, token } = await app(play)
        return { path: [id, token] }
      },
    },
  ],
  'workspaces.add': [
    {
      may: ownerOnly,
      build: (play) => ({
        body: {
          workspace: play.word('workspace'),
          name: 'Wanda',
          email: `${play.word('owner')}@added.example`,
          password: 'nobody will know',
        },
      }),
    },
  ],
  'resets.ask': [{ build: (play) => ({ body: { email: `${play.word('x')}@added.example` } }) }],
  'resets.use': [
    {
      async build(play) {
        const member = await play.member()
        const request = `POST /v1/members/${member}/reset`
        const { token } = await play.ask<'members.reset'>('owner', request)
        return { body: { token, password: 'nobody will know' } }
      },
    },
  ],
  'twoFactor.get': [{ build: () => ({}) }],
  'twoFactor.begin': [{ build: async (play, as) => ({ body: await factor(play, as, 'none') }) }],
  'twoFactor.confirm': [
    {
      async build(play, as) {
        await factor(play, as, 'none')
        const seed = await begunSeed(play, as)
        return {
          // When it is sent, and not before: the clock of the matrix skips with each request.
          get body() {
            return { code: codeAt(seed, stepAt(play.cast.now())) }
          },
        }
      },
    },
  ],
  'twoFactor.renewCodes': [{ build: async (play, as) => ({ body: await factor(play, as, 'on') }) }],
  // After the others, so that nobody is asked for a code any more.
  'twoFactor.end': [{ build: async (play, as) => ({ body: await factor(play, as, 'on') }) }],
  'roles.list': [
    {
      async build(play) {
        await role(play, ['feed:read'])
        return { shows: { text: play.secrets.at(-1)?.text ?? '', to: members } }
      },
    },
  ],
  'roles.add': [
    { build: (play) => ({ body: { name: play.word('role'), permissions: ['feed:read'] } }) },
    {
      what: 'that makes owners',
      may: ['owner', 'foreignOwner'],
      build: (play) => ({ body: { name: play.word('role'), permissions: ['owners:manage'] } }),
    },
  ],
  'roles.change': ofRole({ permissions: ['conversations:read', 'feed:read'] }),
  'roles.remove': ofRole(),
  'invitations.list': [
    {
      async build(play) {
        const { id } = await invited(play)
        return { shows: { text: play.keep(id, [...admins, 'app']), to: admins } }
      },
    },
  ],
  'invitations.add': [
    {
      build: (play) => ({
        body: { email: `${play.word('invited')}@added.example`, role: 'agent' },
      }),
    },
    {
      what: 'to be an owner',
      may: ['owner', 'foreignOwner'],
      build: (play) => ({
        body: { email: `${play.word('invited')}@added.example`, role: 'owner' },
      }),
    },
    {
      what: 'to a role of the inside',
      may: admins,
      mistakeOf: ['foreignOwner'],
      build: async (play) => ({
        body: {
          email: `${play.word('invited')}@added.example`,
          role: await role(play, ['conversations:read']),
        },
      }),
    },
  ],
  'invitations.remove': [
    { may: admins, build: async (play) => ({ path: [(await invited(play)).id] }) },
  ],
  'invitations.look': [
    { build: async (play) => ({ body: { token: (await invited(play)).token } }) },
  ],
  'invitations.accept': [
    {
      async build(play) {
        const { token } = await invited(play)
        return { body: { token, name: play.word('joined'), password: 'nobody will know' } }
      },
    },
  ],
  'letters.list': [
    {
      async build(play) {
        const letter = await letterTo(play, 'agent')
        return { shows: { text: play.keep(letter, admins), to: admins } }
      },
    },
  ],
  'letters.open': [
    { may: admins, build: async (play) => ({ path: [await letterTo(play, 'agent')] }) },
    {
      what: 'of a letter to an owner',
      may: ownerOnly,
      build: async (play) => ({ path: [await letterTo(play, 'owner')] }),
    },
  ],
  'audit.list': [
    {
      async build(play) {
        const id = await role(play, ['feed:read'])
        const text = play.secrets.at(-1)?.text ?? ''
        return { query: { target: id }, shows: { text, to: ['owner', 'admin', 'app'] } }
      },
    },
  ],
}
