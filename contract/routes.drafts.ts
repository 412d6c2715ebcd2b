import type { Route } from './route.ts'

const talk = '/v1/conversations/:conversation'
const scheduled = '/v1/scheduled/:scheduled'

/** Routes of what is written and not yet said. */
export const draftsRoutes = {
  'drafts.list': {
    method: 'GET',
    path: '/v1/drafts',
    who: ['member', 'app'],
    permission: 'conversations:read',
    text: 'My drafts, and my messages that wait for their time or were stopped, with the conversations they are for.',
  },
  'drafts.get': {
    method: 'GET',
    path: `${talk}/drafts`,
    who: ['member', 'app'],
    permission: 'conversations:read',
    text: 'My draft in a conversation, and the one that all who answer there share.',
  },
  'drafts.put': {
    method: 'PUT',
    path: `${talk}/draft`,
    who: ['member'],
    permission: 'conversations:write',
    text: 'Keeps my draft. Refused, with the newer one, when it was changed since the `version` that this was written upon.',
  },
  'drafts.remove': {
    method: 'DELETE',
    path: `${talk}/draft`,
    who: ['member'],
    permission: 'conversations:write',
    text: 'Forgets my draft; with `version` only if it is still that one.',
  },
  'drafts.putShared': {
    method: 'PUT',
    path: `${talk}/drafts/shared`,
    who: ['member', 'app'],
    permission: 'conversations:write',
    text: 'Keeps the draft that all see. While somebody else is writing it, `take` takes it over.',
  },
  'drafts.removeShared': {
    method: 'DELETE',
    path: `${talk}/drafts/shared`,
    who: ['member', 'app'],
    permission: 'conversations:write',
    text: 'Forgets the draft that all see; with `version` only if it is still that one.',
  },
  'drafts.sendShared': {
    method: 'POST',
    path: `${talk}/drafts/shared/message`,
    who: ['member', 'app'],
    permission: 'conversations:write',
    rate: 'send',
    text: 'Sends the draft that all see, as a message of mine. A repeat with the same client id answers with the first.',
  },
  'scheduled.add': {
    method: 'POST',
    path: `${talk}/scheduled`,
    who: ['member', 'app'],
    permission: 'conversations:write',
    rate: 'send',
    text: 'Says something later, unless the other side answers first if that is wished. A repeat with the same client id answers with the first.',
  },
  'scheduled.change': {
    method: 'PATCH',
    path: scheduled,
    who: ['member', 'app'],
    permission: 'conversations:write',
    text: 'Changes what is said, or when; with a new time one that was stopped waits again. 409 names the message when it was sent.',
  },
  'scheduled.cancel': {
    method: 'PUT',
    path: `${scheduled}/cancellation`,
    who: ['member', 'app'],
    permission: 'conversations:write',
    text: 'Stops it; its text stays. 409 names the message when it was sent.',
  },
  'scheduled.send': {
    method: 'PUT',
    path: `${scheduled}/message`,
    who: ['member', 'app'],
    permission: 'conversations:write',
    rate: 'send',
    text: 'Sends it now, whatever stopped it. When it was sent, it answers with the message.',
  },
  'scheduled.remove': {
    method: 'DELETE',
    path: scheduled,
    who: ['member', 'app'],
    permission: 'conversations:write',
    text: 'Gives it up, with its text. 409 names the message when it was sent.',
  },
} as const satisfies Record<string, Route>
