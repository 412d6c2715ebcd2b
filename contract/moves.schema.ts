import { Type, type Static } from 'typebox'
import { limits } from '@fermata/base/limits'
import { conversationRow, messageView } from './conversations.schema.ts'
import { actorId, clientId, closed, id, line, nullable, oneOf, time } from './shapes.schema.ts'
import { moveKinds } from './words.ts'

const kind = oneOf(moveKinds)
/** How many messages went. */
const messages = Type.Integer({ minimum: 1 })

/** A merge or a split, as it can be undone. The source is where the messages came from. */
export const moveView = closed({
  id: id('mov'),
  kind,
  source: id('cnv'),
  target: id('cnv'),
  messages,
  by: actorId,
  at: time,
  undone: nullable(closed({ by: actorId, at: time })),
})
export type MoveView = Static<typeof moveView>

/** What a conversation is merged into. */
export const mergeBody = closed({ into: id('cnv') })

/** What is split off: all from a message on, or those that are chosen. */
export const splitBody = closed({
  client: clientId,
  subject: Type.String({ maxLength: limits.subjectCharsMax, pattern: line }),
  from: Type.Optional(id('msg')),
  messages: Type.Optional(
    Type.Array(id('msg'), {
      minItems: 1,
      maxItems: limits.messagesChosenMax,
      uniqueItems: true,
    }),
  ),
})
export type SplitBody = Static<typeof splitBody>

const told = { move: id('mov'), other: id('cnv'), role: oneOf(['source', 'target'] as const) }

/**
 * What is told of merges and splits: each of the two conversations has an event of its own, and `role` says
 * which it is. Contacts are not told how many messages went, because notes are among them. After it, whatever was known of its messages is to be fetched afresh.
 */
export const moveEvents = {
  'conversation.merged': closed({ ...told, messages: Type.Optional(messages) }),
  'conversation.split': closed({ ...told, messages: Type.Optional(messages) }),
  'conversation.unmerged': closed(told),
  'conversation.unsplit': closed(told),
} as const

const conversation = closed({ conversation: id('cnv') })

/** What the routes of moves take and give. */
export const moveSchemas = {
  'conversations.merge': {
    params: conversation,
    body: mergeBody,
    answer: closed({ conversation: conversationRow, move: moveView }),
  },
  'conversations.split': {
    params: conversation,
    body: splitBody,
    /** The new one, and what is left of the one that was split. */
    answer: closed({ conversation: conversationRow, rest: conversationRow, move: moveView }),
  },
  'moves.undo': {
    params: closed({ move: id('mov') }),
    /** What there is now of the two. */
    answer: closed({ move: moveView, conversations: Type.Array(conversationRow) }),
  },
  'messages.get': {
    params: closed({ message: id('msg') }),
    answer: closed({ message: messageView, position: Type.Integer({ minimum: 0 }) }),
  },
} as const
