import { createHmac } from 'node:crypto'
import { owner } from '@fermata/testkit/server'
import type { RouteName } from '@fermata/contract/routes'
import type { Play } from './play.ts'
import { staff, workspace } from './play.ts'
import type { PersonRoute } from './samples.persons.ts'
import type { Sample } from './samples.ts'

type PeopleRoute = Exclude<
  Exclude<RouteName, PersonRoute>,
  `${'bulk' | 'topics' | 'records' | 'groups' | 'channels' | 'directs' | 'labels' | 'replies' | 'smallTalk' | 'workspaces' | 'resets' | 'twoFactor' | 'roles' | 'invitations' | 'letters' | 'audit' | 'apps' | 'conversations' | 'leases' | 'moves' | 'unions' | 'addresses' | 'messages' | 'cursor' | 'archive' | 'snooze' | 'participants' | 'presence' | 'drafts' | 'scheduled' | 'feed' | 'uploads' | 'files'}.${string}`
>

const ownerOnly = ['owner'] as const
const admins = ['owner', 'admin'] as const

/** Nothing of this is about anything: whoever is let in does it for themselves or their workspace. */
const forOneself: Sample = { build: () => ({}) }

function withBody(body: (play: Play) => object): Sample {
  return { build: (play) => ({ body: body(play) }) }
}

/** Ways to call the routes about people and places. */
export const peopleSamples: Readonly<Record<PeopleRoute, readonly Sample[]>> = {
  'setup.get': [forOneself],
  'setup.do': [
    {
      closed: 'setup_closed',
      build: () => ({
        body: {
          token: 'guessed',
          workspace: 'Mine now',
          name: 'Eve',
          email: 'eve@eve.example',
          password: 'eve was here first',
        },
      }),
    },
  ],
  'sessions.start': [withBody(() => owner)],
  'sessions.list': [forOneself],
  'sessions.end': [
    {
      may: ownerOnly,
      async build(play) {
        await play.ask('nobody', 'POST /v1/sessions', owner)
        const { rows } = await play.ask<'sessions.list'>('owner', 'GET /v1/sessions')
        return { path: [rows.find(({ current }) => !current)?.id ?? ''] }
      },
    },
  ],
  'me.get': [forOneself],
  'me.change': [withBody(() => ({ name: 'Another name' }))],
  'me.password': [
    {
      build(play, as) {
        const { password = 'not known to Eve' } = play.cast.actors[as]
        return { body: { current: password, password } }
      },
    },
  ],
  'members.list': [forOneself],
  'members.add': [
    withBody((play) => {
      const name = play.word('added')
      return { name, email: `${name}@added.example`, role: 'agent', password: 'nobody will know' }
    }),
  ],
  'members.change': [
    {
      may: ownerOnly,
      what: 'to an owner',
      build: async (play) => ({ path: [await play.member()], body: { role: 'owner' } }),
    },
    {
      may: admins,
      build: async (play) => ({ path: [await play.member()], body: { role: 'staff' } }),
    },
  ],
  'members.deactivate': [{ may: admins, build: async (play) => ({ path: [await play.member()] }) }],
  'members.reset': [
    { may: admins, build: async (play) => ({ path: [await play.member()] }) },
    {
      what: 'of an owner',
      may: ownerOnly,
      build: async (play) => ({ path: [await play.member('owner')] }),
    },
  ],
  'members.endTwoFactor': [
    {
      what: 'of one who has none',
      may: [],
      build: async (play) => ({ path: [await play.member()] }),
    },
  ],
  'members.reactivate': [
    {
      may: admins,
      async build(play) {
        const member = await play.member()
        await play.ask('owner', `PUT /v1/members/${member}/deactivation`)
        return { path: [member] }
      },
    },
  ],
  'teams.list': [forOneself],
  'teams.add': [withBody((play) => ({ name: play.word('team') }))],
  'teams.change': [
    {
      may: admins,
      build: async (play) => ({ path: [await play.team()], body: { name: play.word('team') } }),
    },
  ],
  'teams.remove': [{ may: admins, build: async (play) => ({ path: [await play.team()] }) }],
  'teams.join': [
    {
      may: admins,
      build: async (play) => ({ path: [await play.team(), await play.member()] }),
    },
  ],
  'teams.leave': [
    {
      may: admins,
      async build(play) {
        const path = [await play.team(), await play.member()]
        await play.ask('owner', `PUT /v1/teams/${path.join('/members/')}`)
        return { path }
      },
    },
  ],
  'inboxes.list': [
    {
      build: (play) => ({
        shows: { text: play.cast.inbox, to: staff },
      }),
    },
  ],
  'inboxes.add': [
    withBody((play) => ({ name: play.word('inbox'), medium: 'api' })),
    {
      what: 'for a team of the workspace',
      may: admins,
      mistakeOf: ['foreignOwner'],
      build: (play) => ({
        body: { name: play.word('inbox'), medium: 'api', team: play.cast.team },
      }),
    },
  ],
  'inboxes.change': [
    {
      may: admins,
      build: (play) => ({ path: [play.cast.inbox], body: { greeting: play.word('greeting') } }),
    },
  ],
  'inboxes.secret': [{ may: admins, build: (play) => ({ path: [play.cast.inbox] }) }],
  'inboxes.renewSecret': [{ may: admins, build: (play) => ({ path: [play.cast.inbox] }) }],
  'widget.get': [{ build: (play) => ({ path: [play.cast.key] }) }],
  'visitors.add': [{ build: (play) => ({ path: [play.cast.key], body: {} }) }],
  'identity.prove': [
    {
      what: 'with a proof that is none',
      may: [],
      mistakeOf: ['visitor', 'otherVisitor', 'foreignVisitor'],
      build: () => ({ body: { externalId: 'somebody else', hmac: '0'.repeat(64) } }),
    },
    {
      what: 'with the proof of the inbox that they came to',
      may: ['visitor', 'otherVisitor'],
      mistakeOf: ['foreignVisitor'],
      async build(play) {
        const request = `GET /v1/inboxes/${play.cast.inbox}/secret`
        const { secret } = await play.ask<'inboxes.secret'>('owner', request)
        const externalId = play.word('external')
        const hmac = createHmac('sha256', secret).update(externalId).digest('hex')
        return { body: { externalId, hmac } }
      },
    },
  ],
  'contacts.list': [{ build: (play) => ({ shows: { text: play.cast.contact, to: workspace } }) }],
  'contacts.get': [{ may: workspace, build: (play) => ({ path: [play.cast.contact] }) }],
  'contacts.add': [withBody((play) => ({ name: play.word('contact') }))],
  'contacts.change': [
    {
      may: workspace,
      build: (play) => ({ path: [play.cast.contact], body: { name: play.word('contact') } }),
    },
  ],
}
