import type { ConversationId, ScheduledId } from '@fermata/base/ids'
import type { RouteName } from '@fermata/contract/routes'
import type { Name } from './cast.ts'
import { inside, staff, type Play } from './play.ts'
import type { Sample } from './samples.ts'
import { newClientId } from './talkers.ts'

type DraftsRoute = Extract<RouteName, `${'drafts' | 'scheduled'}.${string}`>

/** Those who may write at the inside. */
const writers: readonly Name[] = staff.filter((name) => name !== 'staffInside')
/** Those of them who are people. */
const people: readonly Name[] = writers.filter((name) => name !== 'app')

/** Somebody keeps a draft of their own, that nobody else ever reads. */
async function draft(
  play: Play,
  as: Name,
): Promise<{ conversation: ConversationId; text: string }> {
  const conversation = await play.conversation()
  const text = play.keep(play.word('draft'), [as])
  const body = { kind: 'reply', text, version: 0 }
  await play.ask(as, `PUT /v1/conversations/${conversation}/draft`, body)
  return { conversation, text }
}

/** Somebody shares a draft. */
async function shared(play: Play) {
  const conversation = await play.conversation()
  const text = play.keep(play.word('shared'), staff)
  const path = `/v1/conversations/${conversation}/drafts/shared`
  const body = { kind: 'note', text, version: 0 }
  const kept = await play.ask<'drafts.putShared'>('agentInside', `PUT ${path}`, body)
  return { conversation, text, version: kept.draft.version }
}

/** A time that is still to come, and near enough. */
function soon(play: Play) {
  return { at: play.cast.now() + 200 * 24 * 3_600_000 }
}

/** Somebody says something later, that nobody else ever reads before. */
async function scheduled(
  play: Play,
  as: Name,
  seenBy: readonly Name[] = [as],
): Promise<{ id: ScheduledId; text: string }> {
  const conversation = await play.conversation()
  const text = play.keep(play.word('scheduled'), seenBy)
  const body = { client: newClientId(), text, when: soon(play) }
  const path = `POST /v1/conversations/${conversation}/scheduled`
  const added = await play.ask<'scheduled.add'>(as, path, body)
  return { id: added.scheduled.id, text }
}

/** A route about what the owner says later: nobody else's to touch, whatever they may see. */
function ofOwner(body?: (play: Play) => object): Sample {
  return {
    may: ['owner'],
    async build(play) {
      const { id } = await scheduled(play, 'owner')
      return { path: [id], ...(body === undefined ? {} : { body: body(play) }) }
    },
  }
}

/** A route about what each says later. */
function ofEach(body?: (play: Play) => object): Sample {
  return {
    what: 'of one’s own',
    may: writers,
    async build(play, as) {
      const { id } = await scheduled(play, writers.includes(as) ? as : 'owner')
      return { path: [id], ...(body === undefined ? {} : { body: body(play) }) }
    },
  }
}

/** What is sent is theirs to see who see the conversation. */
const sending: readonly Sample[] = [
  {
    may: ['owner'],
    build: async (play) => ({ path: [(await scheduled(play, 'owner', inside)).id] }),
  },
  {
    what: 'of one’s own',
    may: writers,
    async build(play, as) {
      const { id } = await scheduled(play, writers.includes(as) ? as : 'owner', inside)
      return { path: [id] }
    },
  },
]

/** Ways to call the routes about what is written and not yet said. */
export const draftSamples: Readonly<Record<DraftsRoute, readonly Sample[]>> = {
  'drafts.list': [
    {
      async build(play) {
        const { text } = await draft(play, 'agentInside')
        return { shows: { text, to: ['agentInside'] } }
      },
    },
    {
      what: 'with what is said later',
      async build(play) {
        const { text } = await scheduled(play, 'app')
        return { shows: { text, to: ['app'] } }
      },
    },
  ],
  'drafts.get': [
    {
      may: staff,
      async build(play) {
        const { conversation, text } = await draft(play, 'agentInside')
        return { path: [conversation], shows: { text, to: ['agentInside'] } }
      },
    },
    {
      what: 'a shared one',
      may: staff,
      async build(play) {
        const { conversation, text } = await shared(play)
        return { path: [conversation], shows: { text, to: staff } }
      },
    },
  ],
  'drafts.put': [
    {
      may: people,
      build: async (play) => ({
        path: [await play.conversation()],
        body: { kind: 'reply', text: play.word('draft'), version: 0 },
      }),
    },
  ],
  'drafts.remove': [
    { may: people, build: async (play) => ({ path: [(await draft(play, 'owner')).conversation] }) },
  ],
  'drafts.putShared': [
    {
      may: writers,
      async build(play) {
        const { conversation, version } = await shared(play)
        const text = play.word('shared')
        return { path: [conversation], body: { kind: 'note', text, version, take: true } }
      },
    },
  ],
  'drafts.removeShared': [
    { may: writers, build: async (play) => ({ path: [(await shared(play)).conversation] }) },
  ],
  'drafts.sendShared': [
    {
      may: writers,
      async build(play) {
        const { conversation, version } = await shared(play)
        return { path: [conversation], body: { client: newClientId(), version } }
      },
    },
  ],
  'scheduled.add': [
    {
      may: writers,
      async build(play) {
        const body = { client: newClientId(), text: play.word('scheduled'), when: soon(play) }
        return { path: [await play.conversation()], body }
      },
    },
  ],
  'scheduled.change': [
    ofOwner((play) => ({ text: play.word('changed') })),
    ofEach((play) => ({ text: play.word('changed') })),
  ],
  'scheduled.cancel': [ofOwner(), ofEach()],
  'scheduled.send': sending,
  'scheduled.remove': [ofOwner(), ofEach()],
}
