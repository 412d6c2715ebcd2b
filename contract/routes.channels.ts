import type { Route } from './route.ts'

const channel = '/v1/channels/:channel'

/** Routes of what members say among themselves: channels, and direct conversations. */
export const channelsRoutes = {
  'channels.list': {
    method: 'GET',
    path: '/v1/channels',
    who: ['anyMember', 'app'],
    permission: 'conversations:read',
    text: 'The channels that I may see, and those of which I am a member. An app sees none.',
  },
  'channels.unread': {
    method: 'GET',
    path: '/v1/channels/unread',
    who: ['member'],
    permission: 'conversations:read',
    text: 'How many conversations of each channel of mine hold something that I have not read.',
  },
  'channels.add': {
    method: 'POST',
    path: '/v1/channels',
    who: ['member'],
    permission: 'channels:add',
    text: 'Makes a channel, with me as its first member.',
  },
  'channels.change': {
    method: 'PATCH',
    path: channel,
    who: ['member'],
    permission: 'channels:talk',
    text: 'Changes a channel: for whoever made it and is in it, or may manage channels.',
  },
  'channels.archive': {
    method: 'PUT',
    path: `${channel}/archive`,
    who: ['member'],
    permission: 'channels:talk',
    text: 'Puts a channel out of use: it stays readable, and nothing more is said in it.',
  },
  'channels.restore': {
    method: 'DELETE',
    path: `${channel}/archive`,
    who: ['member'],
    permission: 'channels:talk',
    text: 'Puts a channel to use again.',
  },
  'channels.members': {
    method: 'GET',
    path: `${channel}/members`,
    who: ['member'],
    permission: 'conversations:read',
    text: 'Who is in a channel, longest first.',
  },
  'channels.join': {
    method: 'PUT',
    path: `${channel}/members/:member`,
    who: ['member'],
    permission: 'channels:talk',
    text: 'Joins a public channel, or lets somebody else into a channel of mine.',
  },
  'channels.leave': {
    method: 'DELETE',
    path: `${channel}/members/:member`,
    who: ['member'],
    permission: 'channels:talk',
    text: 'Leaves a channel, or takes somebody else out of one that I manage.',
  },
  'channels.conversations': {
    method: 'GET',
    path: `${channel}/conversations`,
    who: ['member'],
    permission: 'conversations:read',
    text: 'The conversations of a channel, those with the newest word first.',
  },
  'channels.open': {
    method: 'POST',
    path: `${channel}/conversations`,
    who: ['member'],
    permission: 'channels:talk',
    rate: 'send',
    text: 'Begins a titled conversation in a channel of mine. A repeat with the same client id answers with the first.',
  },
  'directs.list': {
    method: 'GET',
    path: '/v1/directs',
    who: ['member'],
    permission: 'conversations:read',
    text: 'My direct conversations in which something was said, those with the newest word first.',
  },
  'directs.open': {
    method: 'POST',
    path: '/v1/directs',
    who: ['member'],
    permission: 'channels:talk',
    rate: 'send',
    text: 'The direct conversation with some members: the one there is, or a new one without a word in it.',
  },
} as const satisfies Record<string, Route>
