import type { Route } from './route.ts'

/** Routes of labels and of prepared replies. */
export const repliesRoutes = {
  'labels.list': {
    method: 'GET',
    path: '/v1/labels',
    who: ['anyMember', 'app'],
    permission: 'conversations:read',
    text: 'The labels of the workspace. A conversation may still hold the id of one that was removed.',
  },
  'labels.add': {
    method: 'POST',
    path: '/v1/labels',
    who: ['member', 'app'],
    permission: 'conversations:write',
    text: 'Adds a label; one of this name that is there already is the answer.',
  },
  'labels.change': {
    method: 'PATCH',
    path: '/v1/labels/:label',
    who: ['member'],
    permission: 'labels:manage',
    text: 'Changes the name or the colour of a label, wherever it is shown.',
  },
  'labels.remove': {
    method: 'PUT',
    path: '/v1/labels/:label/removal',
    who: ['member'],
    permission: 'labels:manage',
    text: 'Removes a label from everywhere.',
  },
  'labels.restore': {
    method: 'DELETE',
    path: '/v1/labels/:label/removal',
    who: ['member'],
    permission: 'labels:manage',
    text: 'Takes the removal back: the conversations that had the label have it again.',
  },
  'replies.list': {
    method: 'GET',
    path: '/v1/replies',
    who: ['anyMember', 'app'],
    permission: 'conversations:read',
    text: 'The prepared replies: shared ones, and my own.',
  },
  'replies.usage': {
    method: 'GET',
    path: '/v1/replies/usage',
    who: ['member'],
    permission: 'conversations:write',
    text: 'How often each of them was sent, when last and by whom.',
  },
  'replies.add': {
    method: 'POST',
    path: '/v1/replies',
    who: ['member'],
    permission: 'conversations:write',
    text: 'Adds a reply: one of my own, or with replies:manage a shared one.',
  },
  'replies.change': {
    method: 'PATCH',
    path: '/v1/replies/:reply',
    who: ['member'],
    permission: 'conversations:write',
    text: 'Changes a reply of mine, or with replies:manage a shared one.',
  },
  'replies.remove': {
    method: 'PUT',
    path: '/v1/replies/:reply/removal',
    who: ['member'],
    permission: 'conversations:write',
    text: 'Removes such a reply.',
  },
  'replies.restore': {
    method: 'DELETE',
    path: '/v1/replies/:reply/removal',
    who: ['member'],
    permission: 'conversations:write',
    text: 'Takes the removal back, for a day.',
  },
} as const satisfies Record<string, Route>
