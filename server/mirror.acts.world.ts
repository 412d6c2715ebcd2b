import { createHmac } from 'node:crypto'
import type { LabelId, ReplyId } from '@fermata/base/ids'
import type { MemberActor } from '@fermata/contract/actors'
import type { SeededRandom } from '@fermata/testkit/random'
import { channelActs } from './mirror.channels.world.ts'
import { memberActs } from './mirror.members.world.ts'
import type { Stage } from './mirror.stage.world.ts'
import { draftActs } from './mirror.drafts.world.ts'
import { uploaded, visitor } from './rooms.world.ts'

/** Something that is done on the stage. */
export type Act = (stage: Stage, random: SeededRandom) => Promise<unknown>

const hour = 3_600_000

function on(stage: Stage) {
  return { params: { conversation: stage.conversation } }
}

function said(stage: Stage, text: string, kind: 'reply' | 'note' = 'reply') {
  return { ...on(stage), body: { client: stage.world.newClient(), kind, text } }
}

async function labelled({ world, ana }: Stage, ...names: string[]): Promise<LabelId[]> {
  const added = names.map((name) => world.call('labels.add', ana, { body: { name } }))
  return (await Promise.all(added)).map(({ id }) => id)
}

/** A reply of somebody's that is there for a moment. */
async function prepared(
  { world }: Stage,
  by: MemberActor,
  shared: boolean,
): Promise<{ params: { reply: ReplyId } }> {
  const body = { title: 'Thanks', body: 'Thank you, {{contact.first_name|you}}.', shared }
  const { id } = await world.call('replies.add', by, { body })
  return { params: { reply: id } }
}

/** The actions, by the route that does them; what happens by itself has a name of its own. */
export const acts: Readonly<Record<string, Act>> = {
  'conversations.open': ({ world, vera, site }) =>
    world.call('conversations.open', vera, {
      body: { inbox: site, subject: 'New', message: { client: world.newClient(), text: 'Hello?' } },
    }),
  'conversations.open by an app': ({ world, app, orders, vera }) =>
    world.call('conversations.open', app, {
      body: {
        inbox: orders,
        contact: vera.id,
        message: { client: world.newClient(), text: 'Sent' },
      },
    }),
  'messages.post': (s) => s.world.call('messages.post', s.ana, said(s, 'Which bike is it?')),
  'messages.post by a contact': (s) => s.world.call('messages.post', s.vera, said(s, 'Blue one.')),
  'messages.post by an app': (s) => s.world.call('messages.post', s.app, said(s, 'Noted.')),
  'messages.post a note': (s) => s.world.call('messages.post', s.ben, said(s, 'Hm.', 'note')),
  'messages.post with a file': async (s) => {
    const { params, body } = said(s, '')
    const files = [await uploaded(s.world, s.vera, 'a note of hers')]
    return s.world.call('messages.post', s.vera, { params, body: { ...body, files } })
  },
  'messages.delete with a file': async (s) => {
    const { params, body } = said(s, 'Look:')
    const files = [await uploaded(s.world, s.ana, 'a drawing')]
    const posted = await s.world.call('messages.post', s.ana, { params, body: { ...body, files } })
    await s.world.call('messages.delete', s.ana, { params: { message: posted.message.id } })
  },
  'messages.edit': ({ world, vera, message }, random) =>
    world.call('messages.edit', vera, {
      params: { message },
      body: { text: `The chain came off, ${random.below(1_000_000)} times.` },
    }),
  'messages.edit a note': ({ world, ana, note }, random) =>
    world.call('messages.edit', ana, {
      params: { message: note },
      body: { text: `She wrote in ${random.below(3_000)}.` },
    }),
  'conversations.pause': (s) => {
    const body = { until: s.world.clock.now() + hour, reason: 'waiting for the part' }
    return s.world.call('conversations.pause', s.ana, { ...on(s), body })
  },
  'conversations.pause by a contact': (s) =>
    s.world.call('conversations.pause', s.vera, { ...on(s), body: {} }),
  'conversations.resume': (s) => s.world.call('conversations.resume', s.ana, on(s)),
  'conversations.resume by a contact': (s) => s.world.call('conversations.resume', s.vera, on(s)),
  'conversations.resolve': (s) => s.world.call('conversations.resolve', s.ana, on(s)),
  'messages.post small talk': async (s) => {
    await s.world.call('messages.post', s.owner, said(s, 'It is on its way.'))
    await s.world.call('messages.post', s.vera, said(s, 'Thanks!'))
  },
  'conversations.turn': (s, random) => {
    const body = { turn: random.pick(['ours', 'theirs'] as const) }
    return s.world.call('conversations.turn', s.ana, { ...on(s), body })
  },
  'conversations.reopen': (s) => s.world.call('conversations.reopen', s.ana, on(s)),
  'conversations.change': async (s, random) => {
    const labels = await labelled(s, 'bike', 'chain', 'again')
    await s.world.call('conversations.change', s.ana, {
      ...on(s),
      body: {
        subject: `Chain ${random.below(100)}`,
        urgency: random.pick(['low', 'normal', 'high', 'urgent'] as const),
        labels: random.shuffled(labels).slice(random.below(3)),
      },
    })
  },
  'a pause ends by its time': async ({ world }) => {
    world.clock.advance(2 * hour)
    await world.rooms.schedule.runDue()
  },
  'leases.take': (s) => s.world.call('leases.take', s.ana, { ...on(s), body: {} }),
  'leases.take again': async (s) => {
    s.world.clock.advance(hour)
    await s.world.call('leases.take', s.ana, { ...on(s), body: {} })
  },
  'messages.post a note by the holder': async (s) => {
    s.world.clock.advance(hour)
    await s.world.call('messages.post', s.ana, said(s, 'I look into it.', 'note'))
  },
  'leases.hand': (s) =>
    s.world.call('leases.hand', s.owner, { ...on(s), body: { holder: s.ben.id, note: 'Yours' } }),
  'messages.post by the holder': (s) => s.world.call('messages.post', s.ben, said(s, 'Now then.')),
  'leases.hand to an app': (s) =>
    s.world.call('leases.hand', s.owner, { ...on(s), body: { holder: s.app.id } }),
  'leases.release': (s) => s.world.call('leases.release', s.owner, on(s)),
  'leases.next': async ({ world, vera, app, site }) => {
    const message = { client: world.newClient(), text: 'Who is next?' }
    await world.call('conversations.open', vera, { body: { inbox: site, message } })
    await world.call('leases.next', app, { params: { inbox: site }, body: { ms: hour } })
  },
  'leases.next of an inbox of a team': async ({ world, vera, owner, app, orders }) => {
    for (const text of ['It is not here yet.', 'Nor is this.']) {
      const message = { client: world.newClient(), text: 'Your order is on its way.' }
      const opening = { inbox: orders, contact: vera.id, message }
      const { conversation } = await world.call('conversations.open', app, { body: opening })
      const params = { conversation: conversation.id }
      await world.call('messages.post', vera, { params, body: { client: world.newClient(), text } })
    }
    // The other one stays free, for whoever gains or loses the work of this team.
    await world.call('leases.next', owner, { params: { inbox: orders }, body: {} })
  },
  'leases.pass': async (s) => {
    await s.world.call('leases.release', s.owner, on(s))
    await s.world.call('leases.take', s.ana, { ...on(s), body: {} })
    await s.world.call('leases.pass', s.ana, { ...on(s), body: { reason: 'not my field' } })
  },
  'a lease ends by its time': async (s) => {
    await s.world.call('leases.release', s.owner, on(s))
    await s.world.call('leases.take', s.ana, { ...on(s), body: { ms: hour } })
    s.world.clock.advance(2 * hour)
    await s.world.rooms.schedule.runDue()
  },
  'conversations.merge': async ({ world, vera, ana, site, conversation }) => {
    const message = { client: world.newClient(), text: 'The same once more.' }
    const { conversation: again } = await world.call('conversations.open', vera, {
      body: { inbox: site, message },
    })
    await world.call('cursor.put', ana, { params: { conversation: again.id }, body: { number: 1 } })
    const params = { conversation: again.id }
    await world.call('conversations.merge', ana, { params, body: { into: conversation } })
  },
  'conversations.merge into another inbox': async ({ world, app, vera, site, orders }) => {
    const opened = (inbox: typeof site) =>
      world.call('conversations.open', app, {
        body: { inbox, contact: vera.id, message: { client: world.newClient(), text: 'Hello' } },
      })
    const [from, to] = [await opened(orders), await opened(site)]
    const params = { conversation: from.conversation.id }
    await world.call('conversations.merge', app, { params, body: { into: to.conversation.id } })
  },
  'moves.undo: a merge, with words since': async ({ world, owner, vera, site, conversation }) => {
    const message = { client: world.newClient(), text: 'Something else.' }
    const body = { inbox: site, message }
    const { conversation: other } = await world.call('conversations.open', vera, { body })
    const params = { conversation: other.id }
    const { move } = await world.call('conversations.merge', owner, {
      params,
      body: { into: conversation },
    })
    const said = { client: world.newClient(), text: 'To whom do I write?' }
    await world.call('messages.post', vera, { params, body: said })
    await world.call('moves.undo', owner, { params: { move: move.id } })
  },
  'conversations.split': async (s) => {
    const { message } = await s.world.call(
      'messages.post',
      s.vera,
      said(s, 'And the bell is loose.'),
    )
    await s.world.call('messages.post', s.ana, said(s, 'Hm.', 'note'))
    const body = { client: s.world.newClient(), subject: 'The bell', from: message.id }
    await s.world.call('conversations.split', s.owner, { ...on(s), body })
  },
  'moves.undo: a split': async (s) => {
    const { message } = await s.world.call('messages.post', s.vera, said(s, 'And the lamp.'))
    await s.world.call('messages.post', s.vera, said(s, 'That is all.'))
    const body = { client: s.world.newClient(), subject: 'The lamp', messages: [message.id] }
    const { move } = await s.world.call('conversations.split', s.owner, { ...on(s), body })
    await s.world.call('moves.undo', s.owner, { params: { move: move.id } })
  },
  ...draftActs,
  'contacts.merge': async ({ world, owner, vera, siteKey, site }) => {
    const stranger = await visitor(world, siteKey)
    const message = { client: world.newClient(), text: 'It is Vera, from my telephone.' }
    await world.call('conversations.open', stranger, { body: { inbox: site, message } })
    const params = { contact: stranger.id }
    await world.call('contacts.merge', owner, { params, body: { into: vera.id } })
  },
  'unions.undo': async ({ world, ana, owner, vera, siteKey }) => {
    const stranger = await visitor(world, siteKey)
    const params = { contact: stranger.id }
    const into = { into: vera.id }
    const { union } = await world.call('contacts.merge', owner, { params, body: into })
    await world.call('unions.undo', ana, { params: { union: union.id } })
  },
  'addresses.add': ({ world, app, vera }, random) => {
    const value = `Vera${random.below(1_000_000_000)}@example.com`
    const body = { kind: 'email' as const, value }
    return world.call('addresses.add', app, { params: { contact: vera.id }, body })
  },
  'addresses.prefer': async ({ world, ana, vera }, random) => {
    const params = { contact: vera.id }
    const value = `Vera${random.below(1_000_000_000)}@example.com`
    const body = { kind: 'email' as const, value }
    const { id: address } = await world.call('addresses.add', ana, { params, body })
    await world.call('addresses.prefer', ana, { params: { ...params, address } })
  },
  'addresses.remove': async ({ world, ana, vera }) => {
    const params = { contact: vera.id }
    const { addresses } = await world.call('contacts.card', ana, { params })
    for (const { id: address, primary } of addresses) {
      if (primary) await world.call('addresses.remove', ana, { params: { ...params, address } })
    }
  },
  'cursor.put': (s) => s.world.call('cursor.put', s.ana, { ...on(s), body: { number: 1 } }),
  'cursor.put by a contact': (s, random) =>
    s.world.call('cursor.put', s.vera, { ...on(s), body: { number: random.below(2) } }),
  'archive.put': (s) => s.world.call('archive.put', s.ana, on(s)),
  'archive.delete': (s) => s.world.call('archive.delete', s.ana, on(s)),
  'snooze.put': (s) => {
    const body = { until: s.world.clock.now() + hour }
    return s.world.call('snooze.put', s.ana, { ...on(s), body })
  },
  'snooze.delete': (s) => s.world.call('snooze.delete', s.ana, on(s)),
  'participants.add': ({ world, owner, ben, conversation }) =>
    world.call('participants.add', owner, { params: { conversation, member: ben.id } }),
  'participants.remove': ({ world, owner, ben, conversation }) =>
    world.call('participants.remove', owner, { params: { conversation, member: ben.id } }),
  'contacts.add': ({ world, app }, random) =>
    world.call('contacts.add', app, { body: { name: `Guest ${random.below(1_000_000)}` } }),
  'contacts.change': ({ world, ana, vera }, random) =>
    world.call('contacts.change', ana, {
      params: { contact: vera.id },
      body: { name: `Vera ${random.below(100)}` },
    }),
  'identity.prove': async ({ world, owner, site, siteKey }, random) => {
    const params = { inbox: site }
    const { secret } = await world.call('inboxes.secret', owner, { params })
    const externalId = `customer ${random.below(2)}`
    const hmac = createHmac('sha256', secret).update(externalId).digest('hex')
    const someone = await visitor(world, siteKey)
    const message = { client: world.newClient(), text: 'I was a stranger.' }
    await world.call('conversations.open', someone, { body: { inbox: site, message } })
    await world.call('identity.prove', someone, { body: { externalId, hmac } })
  },
  'inboxes.add': ({ world, owner }, random) =>
    world.call('inboxes.add', owner, {
      body: { name: `Shop ${random.below(1_000_000)}`, medium: 'widget' },
    }),
  'inboxes.change': ({ world, owner, site }, random) =>
    world.call('inboxes.change', owner, {
      params: { inbox: site },
      body: { greeting: `Hello ${random.below(100)}` },
    }),
  'inboxes.change: for everybody': ({ world, owner, orders }) =>
    world.call('inboxes.change', owner, { params: { inbox: orders }, body: { team: null } }),
  'inboxes.change: for a team': ({ world, owner, orders, team }) =>
    world.call('inboxes.change', owner, { params: { inbox: orders }, body: { team } }),
  'labels.add': ({ world, app }, random) =>
    world.call('labels.add', app, { body: { name: `Word ${random.below(1_000_000)}` } }),
  'labels.change': async (s, random) => {
    const [label] = await labelled(s, `Word ${random.below(1_000_000)}`)
    const body = { name: `Other ${random.below(1_000_000)}`, colour: 'plum' as const }
    await s.world.call('labels.change', s.owner, { params: { label: label! }, body })
  },
  'labels.remove': async (s) => {
    const [label] = await labelled(s, 'bike')
    await s.world.call('labels.remove', s.owner, { params: { label: label! } })
  },
  'labels.restore': async (s, random) => {
    const [label] = await labelled(s, `Gone ${random.below(1_000_000)}`)
    const params = { label: label! }
    await s.world.call('labels.remove', s.owner, { params })
    await s.world.call('labels.restore', s.owner, { params })
  },
  'replies.add': (s) => prepared(s, s.owner, true),
  'replies.add: of one’s own': (s) => prepared(s, s.ana, false),
  'replies.add: of a guest’s own': (s) => prepared(s, s.gus, false),
  'replies.change': async (s) => {
    const body = { title: 'Many thanks' }
    await s.world.call('replies.change', s.owner, { ...(await prepared(s, s.owner, true)), body })
    await s.world.call('replies.change', s.ana, { ...(await prepared(s, s.ana, false)), body })
  },
  'replies.remove': async (s) => {
    await s.world.call('replies.remove', s.owner, await prepared(s, s.owner, true))
    await s.world.call('replies.remove', s.ana, await prepared(s, s.ana, false))
  },
  'replies.restore': async (s) => {
    const shared = await prepared(s, s.owner, true)
    await s.world.call('replies.remove', s.owner, shared)
    await s.world.call('replies.restore', s.owner, shared)
  },
  'messages.post with a prepared reply': async (s) => {
    const { params } = await prepared(s, s.owner, true)
    const { body, ...to } = said(s, 'Thank you, Vera.')
    await s.world.call('messages.post', s.owner, {
      ...to,
      body: { ...body, prepared: [params.reply] },
    })
  },
  ...channelActs,
  'bulk.do': async (s, random) => {
    const act = random.pick([
      { type: 'resolve' },
      { type: 'archive' },
      { type: 'pause', reason: 'together' },
      { type: 'urgency', urgency: 'high' },
      { type: 'take' },
      { type: 'release' },
    ] as const)
    const body = { client: s.world.newClient(), conversations: [s.conversation], act }
    await s.world.call('bulk.do', s.ana, { body })
  },
  'bulk.undo': async (s, random) => {
    const act = random.pick([{ type: 'resolve' }, { type: 'pause' }, { type: 'archive' }] as const)
    const to = { client: s.world.newClient(), conversations: [s.conversation] }
    await s.world.call('bulk.do', s.ana, { body: { ...to, act } })
    await s.world.call('bulk.undo', s.ana, { body: to })
  },
  ...memberActs,
  'messages.delete': async (s) => {
    const { message } = await s.world.call('messages.post', s.ana, said(s, 'A slip of the pen'))
    await s.world.call('messages.delete', s.ana, { params: { message: message.id } })
  },
}
