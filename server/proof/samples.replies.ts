import type { RouteName } from '@fermata/contract/routes'
import { workspace } from './play.ts'
import { newClientId } from './talkers.ts'
import type { Sample } from './samples.ts'

type RepliesRoute = Extract<RouteName, `${'labels' | 'replies' | 'smallTalk' | 'bulk'}.${string}`>

const admins = ['owner', 'admin'] as const

/** Something done to a label by whoever may manage labels. */
function ofLabel(body?: object): Sample {
  return {
    may: admins,
    build: async (play) => ({
      path: [await play.label()],
      ...(body === undefined ? {} : { body }),
    }),
  }
}

/** Something done to a reply: a shared one, and one of an agent's own. */
function ofReply(body?: object, isRemoved = false): Sample[] {
  const ways = [
    { what: 'shared', by: 'owner', may: admins },
    { what: 'of one’s own', by: 'agentInside', may: ['agentInside'] },
  ] as const
  return ways.map(({ what, by, may }) => ({
    what,
    may,
    async build(play) {
      const reply = await play.prepared(by, by === 'owner')
      if (isRemoved) await play.ask(by, `PUT /v1/replies/${reply}/removal`)
      return { path: [reply], ...(body === undefined ? {} : { body }) }
    },
  }))
}

/** Ways to call the routes about labels, prepared replies, small talk and many conversations at once. */
export const repliesSamples: Readonly<Record<RepliesRoute, readonly Sample[]>> = {
  'smallTalk.list': [{ build: () => ({}) }],
  'smallTalk.put': [{ build: () => ({ path: ['it'], body: { words: ['grazie'] } }) }],
  'smallTalk.delete': [{ build: () => ({ path: ['it'] }) }],
  'labels.list': [
    {
      async build(play) {
        return { shows: { text: await play.label(), to: [...workspace, 'guest'] } }
      },
    },
  ],
  'labels.add': [{ build: (play) => ({ body: { name: play.word('label') } }) }],
  'labels.change': [ofLabel({ colour: 'teal' })],
  'labels.remove': [ofLabel()],
  'labels.restore': [
    {
      may: admins,
      async build(play) {
        const label = await play.label()
        await play.ask('owner', `PUT /v1/labels/${label}/removal`)
        return { path: [label] }
      },
    },
  ],
  'replies.list': [
    {
      what: 'with a shared one',
      async build(play) {
        return { shows: { text: await play.prepared('owner', true), to: workspace } }
      },
    },
    {
      what: 'with a guest’s own',
      async build(play) {
        return { shows: { text: await play.prepared('guest', false), to: ['guest'] } }
      },
    },
  ],
  'replies.usage': [{ build: () => ({}) }],
  'replies.add': [
    {
      what: 'of one’s own',
      build: (play) => ({ body: { title: 'T', body: play.word('own'), shared: false } }),
    },
    {
      what: 'shared',
      may: ['owner', 'admin', 'foreignOwner'],
      build: (play) => ({ body: { title: 'T', body: play.word('shared'), shared: true } }),
    },
  ],
  'replies.change': ofReply({ title: 'Another' }),
  'replies.remove': ofReply(),
  'replies.restore': ofReply(undefined, true),
  // Whoever does not see a conversation is told so in its outcome, as of one that there is not.
  'bulk.do': [
    {
      async build(play) {
        const conversations = [await play.conversation()]
        return { body: { client: newClientId(), conversations, act: { type: 'archive' } } }
      },
    },
  ],
  'bulk.undo': [
    {
      async build(play) {
        const conversations = [await play.conversation()]
        return { body: { client: newClientId(), conversations } }
      },
    },
  ],
}
