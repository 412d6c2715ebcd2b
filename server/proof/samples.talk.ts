import { systemClock } from '@fermata/base/clock'
import type { RouteName } from '@fermata/contract/routes'
import { inside, staff, type Play } from './play.ts'
import type { Name } from './cast.ts'
import type { MoveRoute } from './samples.moves.ts'
import type { Sample } from './samples.ts'
import { amongMembers, readAmongMembers } from './samples.channels.ts'
import { newClientId } from './talkers.ts'

type TalkRoute = Extract<
  Exclude<RouteName, MoveRoute>,
  `${'conversations' | 'leases' | 'messages' | 'cursor' | 'archive' | 'snooze' | 'participants' | 'presence' | 'feed'}.${string}`
>

/** A time that is not over before the plays are. */
const later = systemClock().now() + 100 * 24 * 3_600_000

const contacts: readonly Name[] = ['visitor', 'otherVisitor', 'foreignVisitor']

/** Those of the inside who may write there: whoever only works there reads along. */
const writers = inside.filter((name) => name !== 'staffInside')

/** A route about one conversation of the inside. */
function ofConversation(body?: (play: Play) => object, before?: string): Sample {
  return {
    may: inside,
    async build(play, as) {
      const conversation = await play.conversation()
      if (before !== undefined) {
        const worker = staff.includes(as) && as !== 'app' ? as : 'owner'
        await play.ask(worker, before.replace(':conversation', conversation), beforeBody(before))
      }
      return { path: [conversation], ...(body === undefined ? {} : { body: body(play) }) }
    },
  }
}

/** What the step before needs in its body. */
function beforeBody(before: string): object | undefined {
  if (before.endsWith('/snooze')) return { until: later }
  return before.endsWith('/pause') ? {} : undefined
}

/** A route about a message that `author` wrote. */
function ofMessage(
  author: Name,
  may: readonly Name[],
  parts: Partial<Sample> & { note?: true; body?: object },
): Sample {
  const { note, body, ...rest } = parts
  return {
    what: `of ${author}${note === undefined ? '' : ', a note'}`,
    may,
    ...rest,
    async build(play) {
      const message = await play.message(author, note === undefined ? 'reply' : 'note')
      return { path: [message], ...(body === undefined ? {} : { body }) }
    },
  }
}

/** A list: everybody may ask, and gets what is theirs. */
function listing(
  query: (play: Play) => Record<string, string>,
  to: readonly Name[],
  limits: Pick<Sample, 'may' | 'mistakeOf'> = {},
): Sample {
  return {
    ...limits,
    what: Object.keys(query({ cast: {} } as Play)).join(' and '),
    async build(play) {
      const text = await play.conversation()
      return { query: query(play), shows: { text, to } }
    },
  }
}

const edited = { body: { text: 'said otherwise' } }

/** Ways to call the routes about what is said. */
export const talkSamples: Readonly<Record<TalkRoute, readonly Sample[]>> = {
  'conversations.list': [
    listing(() => ({ list: 'all' }), inside),
    listing((play) => ({ list: 'all', inbox: play.cast.inbox }), staff, {
      may: staff,
      mistakeOf: contacts,
    }),
    listing((play) => ({ list: 'all', contact: play.cast.contact }), staff, {
      mistakeOf: contacts,
    }),
  ],
  'conversations.counts': [{ build: () => ({}) }],
  'conversations.open': [
    {
      what: 'with a contact',
      may: staff,
      mistakeOf: ['visitor', 'otherVisitor'],
      build: (play) => ({
        body: {
          inbox: play.cast.inbox,
          contact: play.cast.contact,
          message: { client: newClientId(), text: play.keep(play.word('opened'), inside) },
        },
      }),
    },
    {
      what: 'as a contact',
      may: ['visitor', 'otherVisitor'],
      mistakeOf: ['owner', 'admin', 'agentInside', 'app'],
      build: (play) => ({
        body: {
          inbox: play.cast.inbox,
          message: { client: newClientId(), text: play.word('opened') },
        },
      }),
    },
  ],
  'conversations.get': [ofConversation(), ...amongMembers()],
  'conversations.change': [ofConversation((play) => ({ subject: play.word('subject') }))],
  'conversations.pause': [ofConversation(() => ({ reason: 'later' }))],
  'conversations.resume': [
    {
      may: inside,
      async build(play, as) {
        const conversation = await play.conversation()
        const side = as === 'visitor' ? 'visitor' : 'owner'
        await play.ask(side, `PUT /v1/conversations/${conversation}/pause`, {})
        return { path: [conversation] }
      },
    },
  ],
  'conversations.turn': [ofConversation(() => ({ turn: 'theirs' }))],
  'conversations.resolve': [ofConversation()],
  'conversations.reopen': [
    ofConversation(undefined, 'PUT /v1/conversations/:conversation/resolution'),
  ],
  'conversations.history': [ofConversation(), amongMembers()[0]!],
  'leases.take': [ofConversation(() => ({}))],
  'leases.release': [ofConversation()],
  'leases.hand': [
    ofConversation((play) => ({ holder: play.cast.agentInside, note: play.word('note') })),
    {
      what: 'with a note for staff alone',
      may: staff,
      async build(play) {
        const conversation = await play.conversation()
        const note = play.keep(play.word('note'), staff)
        const body = { holder: play.cast.agentInside, note }
        return { path: [conversation], body, shows: { text: note, to: staff } }
      },
    },
    {
      what: 'to one who does not see it',
      may: [],
      mistakeOf: staff,
      async build(play) {
        return {
          path: [await play.conversation()],
          body: { holder: play.cast.agentOutside },
        }
      },
    },
  ],
  'leases.pass': [
    {
      may: staff,
      async build(play, as) {
        const conversation = await play.conversation()
        const worker = staff.includes(as) ? as : 'owner'
        await play.ask(worker, `PUT /v1/conversations/${conversation}/lease`, {})
        return { path: [conversation], body: { reason: play.word('reason') } }
      },
    },
  ],
  'leases.list': [
    {
      may: staff,
      async build(play) {
        const conversation = await play.conversation()
        await play.ask('owner', `PUT /v1/conversations/${conversation}/lease`, {})
        const reason = play.keep(play.word('reason'), staff)
        await play.ask('owner', `PUT /v1/conversations/${conversation}/lease/pass`, { reason })
        return { path: [conversation], shows: { text: reason, to: staff } }
      },
    },
  ],
  'leases.next': [
    {
      may: staff,
      async build(play) {
        await play.conversation()
        return { path: [play.cast.inbox], body: { waitMs: 0 } }
      },
    },
  ],
  'cursor.put': [
    { ...ofConversation(() => ({ number: 1 })), may: writers },
    ...amongMembers(() => ({ body: { number: 0 } })),
  ],
  'archive.put': [ofConversation()],
  'archive.delete': [ofConversation(undefined, 'PUT /v1/conversations/:conversation/archive')],
  'snooze.put': [ofConversation(() => ({ until: later }))],
  'snooze.delete': [ofConversation(undefined, 'PUT /v1/conversations/:conversation/snooze')],
  'participants.add': [
    {
      may: inside,
      build: async (play) => ({ path: [await play.conversation(), play.cast.agentInside] }),
    },
  ],
  'participants.remove': [
    {
      may: inside,
      async build(play) {
        const path = [await play.conversation(), play.cast.agentInside]
        await play.ask('owner', `PUT /v1/conversations/${path.join('/participants/')}`)
        return { path }
      },
    },
  ],
  'messages.list': [
    readAmongMembers(),
    {
      may: inside,
      async build(play) {
        const conversation = await play.conversation()
        const text = await play.say('agentInside', conversation)
        return { path: [conversation], shows: { text, to: inside } }
      },
    },
    {
      what: 'with a note',
      may: inside,
      async build(play) {
        const conversation = await play.conversation()
        const text = await play.say('agentInside', conversation, 'note')
        return { path: [conversation], shows: { text, to: staff } }
      },
    },
  ],
  'messages.post': [
    {
      ...ofConversation((play) => ({ client: newClientId(), text: play.word('posted') })),
      may: writers,
    },
    ...amongMembers((play) => ({ body: { client: newClientId(), text: play.word('posted') } })),
    {
      what: 'a note',
      may: staff.filter((name) => name !== 'staffInside'),
      mistakeOf: contacts,
      async build(play) {
        const body = { client: newClientId(), kind: 'note', text: play.word('posted') }
        return { path: [await play.conversation()], body }
      },
    },
  ],
  'messages.edit': [
    ofMessage('owner', ['owner'], edited),
    ofMessage('agentInside', ['agentInside'], edited),
    ofMessage('app', ['app'], edited),
    ofMessage('visitor', ['visitor'], edited),
    ofMessage('agentInside', ['agentInside'], { ...edited, note: true }),
  ],
  'messages.delete': [
    ofMessage('agentInside', ['owner', 'admin', 'agentInside'], {}),
    ofMessage('app', ['owner', 'admin', 'app'], {}),
    ofMessage('visitor', ['owner', 'admin', 'visitor'], {}),
    ofMessage('agentInside', ['owner', 'admin', 'agentInside'], { note: true }),
  ],
  'messages.edits': [
    ofMessage('visitor', inside, {}),
    ofMessage('agentInside', staff, { note: true }),
  ],
  'presence.put': [ofConversation(() => ({ doing: 'looking' }))],
  'feed.read': [
    {
      async build(play) {
        const since = await play.position()
        const text = await play.conversation()
        return { query: { since: String(since) }, shows: { text, to: inside } }
      },
    },
  ],
}
