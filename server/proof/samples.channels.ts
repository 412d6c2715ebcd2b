import type { ChannelId, ConversationId, MemberId } from '@fermata/base/ids'
import type { RouteName } from '@fermata/contract/routes'
import type { Name } from './cast.ts'
import type { Play } from './play.ts'
import type { Request, Sample } from './samples.ts'
import { newClientId } from './talkers.ts'

type ChannelRoute = Extract<RouteName, `${'channels' | 'directs'}.${string}`>

/** Those in the private channel of the plays: whoever made it, and a guest who was let in. */
const inDen: readonly Name[] = ['agentInside', 'guest']
/** Those who see what is public among members: everybody who works there. */
const floor: readonly Name[] = ['owner', 'admin', 'agentInside', 'agentOutside', 'staffInside']
const managers: readonly Name[] = ['owner', 'admin', 'agentInside']

async function idOf(play: Play, as: Name): Promise<MemberId> {
  const { member } = await play.ask<'me.get'>(as, 'GET /v1/me')
  return member?.id ?? play.cast.agentInside
}

async function letIn(play: Play, channel: ChannelId, member: MemberId): Promise<void> {
  await play.ask('agentInside', `PUT /v1/channels/${channel}/members/${member}`)
}

async function channel(
  play: Play,
  visibility: 'public' | 'private',
  seenBy: readonly Name[],
): Promise<ChannelId> {
  const body = { name: play.keep(play.word('channel'), seenBy), visibility }
  const { id } = await play.ask<'channels.add'>('agentInside', 'POST /v1/channels', body)
  play.keep(id, seenBy)
  return id
}

/** A private channel with a guest in it. */
async function den(play: Play): Promise<ChannelId> {
  const id = await channel(play, 'private', inDen)
  await letIn(play, id, await idOf(play, 'guest'))
  return id
}

function hall(play: Play): Promise<ChannelId> {
  return channel(play, 'public', floor)
}

/** Something is said in the private channel, in a conversation of its own. */
export async function topic(play: Play): Promise<{ id: ConversationId; text: string }> {
  const text = play.keep(play.word('among-members'), inDen)
  const subject = play.keep(play.word('topic'), inDen)
  const opened = await play.ask<'channels.open'>(
    'agentInside',
    `POST /v1/channels/${await den(play)}/conversations`,
    { subject, message: { client: newClientId(), text } },
  )
  play.keep(opened.message.id, inDen)
  return { id: play.keep(opened.conversation.id, inDen) as ConversationId, text }
}

function keep(play: Play, text: string, seenBy: readonly Name[]): string {
  return play.keep(text, seenBy)
}

/** A member talks with a guest directly. */
async function direct(play: Play): Promise<{ id: ConversationId; text: string }> {
  const body = { members: [await idOf(play, 'guest')] }
  const { conversation } = await play.ask<'directs.open'>('agentInside', 'POST /v1/directs', body)
  const text = keep(play, play.word('directly'), inDen)
  const path = `POST /v1/conversations/${conversation.id}/messages`
  await play.ask('agentInside', path, { client: newClientId(), text })
  return { id: keep(play, conversation.id, inDen) as ConversationId, text }
}

type Parts = (play: Play) => Omit<Request, 'path'>

/** A way to call a route about a conversation among members, which others do not see. */
export function amongMembers(parts: Parts = () => ({})): Sample[] {
  const sample = (what: string, begin: typeof topic): Sample => ({
    what,
    may: inDen,
    build: async (play) => ({ path: [(await begin(play)).id], ...parts(play) }),
  })
  return [sample('in a private channel', topic), sample('in a direct conversation', direct)]
}

/** A way to read what was said among members. */
export function readAmongMembers(): Sample {
  return {
    what: 'in a private channel, to read it',
    may: inDen,
    async build(play) {
      const { id, text } = await topic(play)
      return { path: [id], shows: { text, to: inDen } }
    },
  }
}

function ofHall(may: readonly Name[], body?: object): Sample {
  return {
    what: 'of a public one',
    may,
    build: async (play) => ({
      path: [await hall(play)],
      ...(body === undefined ? {} : { body }),
    }),
  }
}

function ofDen(body?: object): Sample {
  return {
    what: 'of a private one',
    may: ['agentInside'],
    build: async (play) => ({
      path: [await den(play)],
      ...(body === undefined ? {} : { body }),
    }),
  }
}

const purpose = { purpose: 'To be told apart' }

/** Ways to call the routes of channels and direct conversations. */
export const channelSamples: Readonly<Record<ChannelRoute, readonly Sample[]>> = {
  'channels.list': [
    {
      build: async (play) => ({ shows: { text: await den(play), to: inDen } }),
    },
  ],
  'channels.unread': [{ build: () => ({}) }],
  'channels.add': [{ build: (play) => ({ body: { name: play.word('channel') } }) }],
  'channels.change': [ofHall(managers, purpose), ofDen(purpose)],
  'channels.archive': [ofHall(managers), ofDen()],
  'channels.restore': [ofHall(managers), ofDen()],
  'channels.members': [
    ofHall(floor),
    {
      what: 'of a private one',
      may: inDen,
      build: async (play) => ({
        path: [await den(play)],
        shows: { text: play.cast.agentInside, to: inDen },
      }),
    },
  ],
  'channels.join': [
    {
      what: 'a public one',
      may: floor,
      build: async (play, as) => ({ path: [await hall(play), await idOf(play, as)] }),
    },
    {
      what: 'somebody else into a private one',
      may: ['agentInside'],
      build: async (play) => ({ path: [await den(play), play.cast.agentOutside] }),
    },
  ],
  'channels.leave': [
    {
      what: 'a private one',
      may: ['agentInside', 'guest'],
      build: async (play) => ({ path: [await den(play), await idOf(play, 'guest')] }),
    },
    {
      what: 'somebody else out of a private one',
      may: ['agentInside'],
      async build(play) {
        const id = await den(play)
        const member = await idOf(play, 'staffInside')
        await letIn(play, id, member)
        await play.ask('staffInside', `DELETE /v1/channels/${id}/members/${member}`)
        await letIn(play, id, await play.member())
        const rows = await play.ask<'channels.members'>(
          'agentInside',
          `GET /v1/channels/${id}/members`,
        )
        return { path: [id, rows.rows.at(-1)?.member ?? ''] }
      },
    },
  ],
  'channels.conversations': [
    {
      what: 'of a private one',
      may: inDen,
      async build(play) {
        const id = await den(play)
        const text = play.keep(play.word('topic'), inDen)
        const message = { client: newClientId(), text: 'A word' }
        const body = { subject: text, message }
        await play.ask('agentInside', `POST /v1/channels/${id}/conversations`, body)
        return { path: [id], shows: { text, to: inDen } }
      },
    },
    ofHall(floor),
  ],
  'channels.open': [
    {
      what: 'in a private one',
      may: inDen,
      build: async (play) => ({
        path: [await den(play)],
        body: {
          subject: play.word('topic'),
          message: { client: newClientId(), text: play.word('said') },
        },
      }),
    },
    {
      what: 'in a public one that one has not joined',
      may: ['agentInside'],
      build: async (play) => ({
        path: [await hall(play)],
        body: {
          subject: play.word('topic'),
          message: { client: newClientId(), text: play.word('said') },
        },
      }),
    },
  ],
  'directs.list': [
    {
      async build(play) {
        const { text } = await direct(play)
        return { shows: { text, to: inDen } }
      },
    },
  ],
  'directs.open': [
    {
      what: 'with an agent, whom no guest knows',
      mistakeOf: ['guest', 'foreignOwner'],
      build: async (play) => ({ body: { members: [await play.member()] } }),
    },
  ],
}
