import type { ConversationId } from '@fermata/base/ids'
import { inside, staff, type Play } from './play.ts'
import type { Sample } from './samples.ts'
import { newClientId } from './talkers.ts'

/** The routes that bring conversations together, and that which finds a message wherever it is now. */
export type MoveRoute =
  'conversations.merge' | 'conversations.split' | 'moves.undo' | 'messages.get'

async function merged(play: Play): Promise<{ move: string; source: ConversationId }> {
  const source = await play.conversation()
  const into = await play.conversation()
  const path = `PUT /v1/conversations/${source}/merge`
  const { move } = await play.ask<'conversations.merge'>('owner', path, { into })
  return { move: move.id, source }
}

/** Ways to call them. */
export const moveSamples: Readonly<Record<MoveRoute, readonly Sample[]>> = {
  'conversations.merge': [
    {
      may: staff,
      async build(play) {
        const source = await play.conversation()
        return { path: [source], body: { into: await play.conversation() } }
      },
    },
    {
      what: 'what was merged already',
      may: staff,
      async build(play) {
        const { source } = await merged(play)
        const path = `GET /v1/conversations/${source}`
        const { conversation } = await play.ask<'conversations.get'>('owner', path)
        return { path: [source], body: { into: conversation.id } }
      },
    },
  ],
  'conversations.split': [
    {
      may: staff,
      async build(play) {
        const conversation = await play.conversation()
        const from = await play.say('visitor', conversation)
        const subject = play.keep(play.word('subject'), inside)
        return { path: [conversation], body: { client: newClientId(), subject, from } }
      },
    },
    {
      what: 'messages of another conversation',
      may: [],
      mistakeOf: staff,
      async build(play) {
        const conversation = await play.conversation()
        const messages = [await play.message('visitor')]
        return { path: [conversation], body: { client: newClientId(), subject: '', messages } }
      },
    },
  ],
  'moves.undo': [
    { may: staff, build: async (play) => ({ path: [(await merged(play)).move] }) },
    {
      what: 'of a split',
      may: staff,
      async build(play) {
        const conversation = await play.conversation()
        const from = await play.say('agentInside', conversation)
        const path = `POST /v1/conversations/${conversation}/split`
        const body = { client: newClientId(), subject: play.word('subject'), from }
        const { move } = await play.ask<'conversations.split'>('owner', path, body)
        return { path: [move.id] }
      },
    },
  ],
  'messages.get': [
    {
      may: inside,
      async build(play) {
        const conversation = await play.conversation()
        const message = await play.say('agentInside', conversation)
        return { path: [message], shows: { text: message, to: inside } }
      },
    },
    {
      what: 'a note',
      may: staff,
      async build(play) {
        const message = await play.message('agentInside', 'note')
        return { path: [message], shows: { text: message, to: staff } }
      },
    },
    {
      what: 'that went to another conversation',
      may: inside,
      async build(play) {
        const source = await play.conversation()
        const message = await play.say('visitor', source)
        const into = await play.conversation()
        await play.ask('owner', `PUT /v1/conversations/${source}/merge`, { into })
        return { path: [message], shows: { text: into, to: inside } }
      },
    },
  ],
}
