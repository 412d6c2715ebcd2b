import type { Route } from './route.ts'

/** Routes that bring conversations together, or take them apart. */
export const movesRoutes = {
  'conversations.merge': {
    method: 'PUT',
    path: '/v1/conversations/:conversation/merge',
    who: ['member', 'app'],
    permission: 'conversations:write',
    text: 'Moves all its messages to the end of another conversation with the same contact. Its id leads there from then on.',
  },
  'conversations.split': {
    method: 'POST',
    path: '/v1/conversations/:conversation/split',
    who: ['member', 'app'],
    permission: 'conversations:write',
    rate: 'send',
    text: 'Moves messages to a new conversation: those from one on, or those that are named. A repeat with the same client id answers with the first.',
  },
  'moves.undo': {
    method: 'DELETE',
    path: '/v1/moves/:move',
    who: ['member', 'app'],
    permission: 'conversations:write',
    text: 'Takes back a merge or a split, also later; the last one of a conversation first.',
  },
  'messages.get': {
    method: 'GET',
    path: '/v1/messages/:message',
    who: ['member', 'contact', 'app'],
    permission: 'conversations:read',
    text: 'One message, with the conversation that it is in now and its number there.',
  },
} as const satisfies Record<string, Route>
