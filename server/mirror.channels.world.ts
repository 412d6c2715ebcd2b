import type { ConversationId } from '@fermata/base/ids'
import type { MemberActor } from '@fermata/contract/actors'
import type { Act } from './mirror.acts.world.ts'
import type { Stage } from './mirror.stage.world.ts'

function word(stage: Stage, text: string) {
  return { client: stage.world.newClient(), text }
}

function into(stage: Stage, channel: 'hall' | 'den', member: MemberActor) {
  return { params: { channel: stage[channel], member: member.id } }
}

function says(stage: Stage, who: MemberActor, conversation: ConversationId, text: string) {
  const params = { conversation }
  return stage.world.call('messages.post', who, { params, body: word(stage, text) })
}

/** What members do among themselves, by the route that does it. */
export const channelActs: Readonly<Record<string, Act>> = {
  'channels.add': ({ world, ben }, random) =>
    world.call('channels.add', ben, {
      body: {
        name: `Corner ${random.below(1_000_000)}`,
        visibility: random.pick(['public', 'private'] as const),
      },
    }),
  'channels.change': ({ world, ana, hall }, random) =>
    world.call('channels.change', ana, {
      params: { channel: hall },
      body: { name: `Hall ${random.below(100)}`, purpose: 'Whatever comes' },
    }),
  'channels.open': (s) =>
    s.world.call('channels.open', s.ana, {
      params: { channel: s.hall },
      body: { subject: 'Lunch', message: word(s, 'Who comes along?') },
    }),
  'channels.open in the private one': (s) =>
    s.world.call('channels.open', s.ana, {
      params: { channel: s.den },
      body: { subject: 'A secret', message: word(s, 'Nobody else knows.') },
    }),
  'messages.post in a channel': (s) => says(s, s.ana, s.topic, 'And another thing.'),
  'messages.post by somebody let in': async (s) => {
    await s.world.call('channels.join', s.ana, into(s, 'den', s.ben))
    await says(s, s.ben, s.topic, 'Here I am.')
  },
  'channels.leave by somebody let in': (s) =>
    s.world.call('channels.leave', s.ben, into(s, 'den', s.ben)),
  'channels.join by oneself': (s) => s.world.call('channels.join', s.ben, into(s, 'hall', s.ben)),
  'channels.leave by oneself': (s) => s.world.call('channels.leave', s.ben, into(s, 'hall', s.ben)),
  'channels.join: let in': (s) => s.world.call('channels.join', s.ana, into(s, 'den', s.ben)),
  'channels.leave: taken out': (s) => s.world.call('channels.leave', s.ana, into(s, 'den', s.ben)),
  'channels.join: a guest': (s) => s.world.call('channels.join', s.ana, into(s, 'den', s.gus)),
  'channels.leave: a guest': (s) => s.world.call('channels.leave', s.ana, into(s, 'den', s.gus)),
  'channels.join: a guest, where all are': (s) =>
    s.world.call('channels.join', s.ana, into(s, 'hall', s.gus)),
  'channels.leave: a guest, from where all are': (s) =>
    s.world.call('channels.leave', s.gus, into(s, 'hall', s.gus)),
  'channels.change: private': ({ world, ana, hall }) =>
    world.call('channels.change', ana, {
      params: { channel: hall },
      body: { visibility: 'private' },
    }),
  'channels.change: public': ({ world, ana, hall }) =>
    world.call('channels.change', ana, {
      params: { channel: hall },
      body: { visibility: 'public' },
    }),
  'channels.archive': ({ world, ana, hall }) =>
    world.call('channels.archive', ana, { params: { channel: hall } }),
  'channels.restore': ({ world, ana, hall }) =>
    world.call('channels.restore', ana, { params: { channel: hall } }),
  'directs.open': async (s, random) => {
    const others = random.shuffled([s.ana, s.gus, s.owner]).slice(random.below(2))
    const body = { members: others.map(({ id }) => id) }
    const { conversation } = await s.world.call('directs.open', s.ben, { body })
    await says(s, s.ben, conversation.id, 'Only us.')
  },
  'messages.post directly': (s) => says(s, s.ben, s.direct, 'As I said.'),
  'messages.edit in a channel': async (s) => {
    const { message } = await says(s, s.ana, s.topic, 'Wornds')
    const params = { message: message.id }
    await s.world.call('messages.edit', s.ana, { params, body: { text: 'Words' } })
  },
  'messages.delete directly': async (s) => {
    const { message } = await says(s, s.ana, s.direct, 'Never mind')
    await s.world.call('messages.delete', s.ana, { params: { message: message.id } })
  },
  'cursor.put in a channel': (s) =>
    s.world.call('cursor.put', s.owner, {
      params: { conversation: s.topic },
      body: { number: 1 },
    }),
}
