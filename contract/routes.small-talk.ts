import type { Route } from './route.ts'

/** Routes of the words that wake no conversation. */
export const smallTalkRoutes = {
  'smallTalk.list': {
    method: 'GET',
    path: '/v1/small-talk',
    who: ['member'],
    permission: 'inboxes:manage',
    text: 'The lists of words that wake no conversation, by language; `all` counts in every one.',
  },
  'smallTalk.put': {
    method: 'PUT',
    path: '/v1/small-talk/:language',
    who: ['member'],
    permission: 'inboxes:manage',
    text: 'Sets the words of a language; without words every message in it wakes the conversation.',
  },
  'smallTalk.delete': {
    method: 'DELETE',
    path: '/v1/small-talk/:language',
    who: ['member'],
    permission: 'inboxes:manage',
    text: 'Goes back to the words that Fermata comes with; a list of a language without such words is gone.',
  },
} as const satisfies Record<string, Route>
