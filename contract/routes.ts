import type { Scope } from './actors.ts'

/** Who may call a route at all; which objects they get is decided by the rooms' access functions. */
export type Who = 'anyone' | 'owner' | 'agent' | 'contact' | 'app'

/** Which limit counts the calls of a route. */
export type Rate = 'request' | 'send' | 'signIn' | 'visitor'

/** A route: plain data, so that browsers can carry it without any schema. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly who: readonly Who[]
  /** What an app's token needs; required where `who` has `app`. */
  readonly scope?: Scope
  readonly rate?: Rate
  /** One sentence for the reference. */
  readonly text: string
}

const staff = ['owner', 'agent'] as const
const everybody = ['owner', 'agent', 'contact', 'app'] as const
const workers = ['owner', 'agent', 'app'] as const
const talk = '/v1/conversations/:conversation'

/** Every route of the HTTP API. Schemas, handlers, the reference and the access tests are keyed by it. */
export const routes = {
  'setup.get': {
    method: 'GET',
    path: '/v1/setup',
    who: ['anyone'],
    text: 'Whether this server still waits to be set up.',
  },
  'setup.do': {
    method: 'POST',
    path: '/v1/setup',
    who: ['anyone'],
    rate: 'signIn',
    text: 'Makes the workspace and its owner, with the token of the set-up link, and signs in.',
  },
  'sessions.start': {
    method: 'POST',
    path: '/v1/sessions',
    who: ['anyone'],
    rate: 'signIn',
    text: 'Signs a member in; the answer sets the session cookie.',
  },
  'sessions.list': { method: 'GET', path: '/v1/sessions', who: staff, text: 'My sessions.' },
  'sessions.end': {
    method: 'DELETE',
    path: '/v1/sessions/:session',
    who: staff,
    text: 'Ends one of my sessions; its sockets close within a second. The id `current` means this one.',
  },
  'me.get': {
    method: 'GET',
    path: '/v1/me',
    who: everybody,
    scope: 'conversations:read',
    text: 'Who I am, and the position of the feed.',
  },
  'me.change': { method: 'PATCH', path: '/v1/me', who: staff, text: 'Changes my name.' },
  'me.password': {
    method: 'PUT',
    path: '/v1/me/password',
    who: staff,
    rate: 'signIn',
    text: 'Changes my password and ends my other sessions.',
  },
  'members.list': {
    method: 'GET',
    path: '/v1/members',
    who: workers,
    scope: 'inboxes:read',
    text: 'The members of the workspace.',
  },
  'members.add': {
    method: 'POST',
    path: '/v1/members',
    who: ['owner'],
    text: 'Adds a member with a first password.',
  },
  'members.change': {
    method: 'PATCH',
    path: '/v1/members/:member',
    who: ['owner'],
    text: "Changes a member's name or role.",
  },
  'members.deactivate': {
    method: 'PUT',
    path: '/v1/members/:member/deactivation',
    who: ['owner'],
    text: 'Deactivates a member: sessions and sockets end within a second.',
  },
  'members.reactivate': {
    method: 'DELETE',
    path: '/v1/members/:member/deactivation',
    who: ['owner'],
    text: 'Lets a deactivated member sign in again.',
  },
  'apps.list': {
    method: 'GET',
    path: '/v1/apps',
    who: ['owner'],
    text: 'The apps of the workspace.',
  },
  'apps.add': {
    method: 'POST',
    path: '/v1/apps',
    who: ['owner'],
    text: 'Adds an app; its token is shown this once.',
  },
  'apps.remove': {
    method: 'DELETE',
    path: '/v1/apps/:app',
    who: ['owner'],
    text: 'Removes an app; its token and sockets end within a second.',
  },
  'teams.list': {
    method: 'GET',
    path: '/v1/teams',
    who: workers,
    scope: 'inboxes:read',
    text: 'The teams and their members.',
  },
  'teams.add': { method: 'POST', path: '/v1/teams', who: ['owner'], text: 'Adds a team.' },
  'teams.change': {
    method: 'PATCH',
    path: '/v1/teams/:team',
    who: ['owner'],
    text: 'Renames a team.',
  },
  'teams.remove': {
    method: 'DELETE',
    path: '/v1/teams/:team',
    who: ['owner'],
    text: 'Removes a team that sees no inbox.',
  },
  'teams.join': {
    method: 'PUT',
    path: '/v1/teams/:team/members/:member',
    who: ['owner'],
    text: 'Puts a member into a team.',
  },
  'teams.leave': {
    method: 'DELETE',
    path: '/v1/teams/:team/members/:member',
    who: ['owner'],
    text: 'Takes a member out of a team.',
  },
  'inboxes.list': {
    method: 'GET',
    path: '/v1/inboxes',
    who: workers,
    scope: 'inboxes:read',
    text: 'The inboxes that I may see.',
  },
  'inboxes.add': { method: 'POST', path: '/v1/inboxes', who: ['owner'], text: 'Adds an inbox.' },
  'inboxes.change': {
    method: 'PATCH',
    path: '/v1/inboxes/:inbox',
    who: ['owner'],
    text: 'Changes an inbox.',
  },
  'inboxes.secret': {
    method: 'GET',
    path: '/v1/inboxes/:inbox/secret',
    who: ['owner'],
    text: 'The secret with which the host site signs who a visitor is.',
  },
  'inboxes.renewSecret': {
    method: 'POST',
    path: '/v1/inboxes/:inbox/secret',
    who: ['owner'],
    text: 'Replaces that secret; the former is void at once.',
  },
  'widget.get': {
    method: 'GET',
    path: '/v1/widget/:key',
    who: ['anyone'],
    text: 'What the widget shows before a word is said.',
  },
  'visitors.add': {
    method: 'POST',
    path: '/v1/widget/:key/visitors',
    who: ['anyone'],
    rate: 'visitor',
    text: 'Makes a visitor; the same `token` sent again is the same visitor.',
  },
  'identity.prove': {
    method: 'PUT',
    path: '/v1/me/identity',
    who: ['contact'],
    rate: 'visitor',
    text: 'Proves by a signed token of the host site who this visitor is.',
  },
  'contacts.list': {
    method: 'GET',
    path: '/v1/contacts',
    who: workers,
    scope: 'contacts:read',
    text: 'Contacts, newest first; with `externalId` or `email` those that have it.',
  },
  'contacts.get': {
    method: 'GET',
    path: '/v1/contacts/:contact',
    who: workers,
    scope: 'contacts:read',
    text: 'One contact.',
  },
  'contacts.add': {
    method: 'POST',
    path: '/v1/contacts',
    who: workers,
    scope: 'contacts:write',
    text: 'Adds a contact.',
  },
  'contacts.change': {
    method: 'PATCH',
    path: '/v1/contacts/:contact',
    who: workers,
    scope: 'contacts:write',
    text: "Changes a contact's name or e-mail address.",
  },
  'conversations.list': {
    method: 'GET',
    path: '/v1/conversations',
    who: everybody,
    scope: 'conversations:read',
    text: 'One of the lists, in order, with the position of the feed that it is true at.',
  },
  'conversations.counts': {
    method: 'GET',
    path: '/v1/conversations/counts',
    who: staff,
    text: 'How many conversations each list holds, exact up to 1,000.',
  },
  'conversations.open': {
    method: 'POST',
    path: '/v1/conversations',
    who: everybody,
    scope: 'conversations:write',
    rate: 'send',
    text: 'Opens a conversation with its first message. A repeat with the same client id answers with the first.',
  },
  'conversations.get': {
    method: 'GET',
    path: talk,
    who: everybody,
    scope: 'conversations:read',
    text: 'One conversation, who takes part, and my own state of it.',
  },
  'conversations.change': {
    method: 'PATCH',
    path: talk,
    who: workers,
    scope: 'conversations:write',
    text: 'Changes subject, urgency or labels.',
  },
  'conversations.pause': {
    method: 'PUT',
    path: `${talk}/pause`,
    who: everybody,
    scope: 'conversations:write',
    text: 'Says "later", until a time or until somebody resumes.',
  },
  'conversations.resume': {
    method: 'DELETE',
    path: `${talk}/pause`,
    who: everybody,
    scope: 'conversations:write',
    text: 'Ends a pause.',
  },
  'conversations.resolve': {
    method: 'PUT',
    path: `${talk}/resolution`,
    who: workers,
    scope: 'conversations:write',
    text: 'Resolves it.',
  },
  'conversations.reopen': {
    method: 'DELETE',
    path: `${talk}/resolution`,
    who: workers,
    scope: 'conversations:write',
    text: 'Opens it again.',
  },
  'conversations.history': {
    method: 'GET',
    path: `${talk}/history`,
    who: workers,
    scope: 'conversations:read',
    text: 'What happened to it besides messages: pauses, resolutions, changes; the newest.',
  },
  'cursor.put': {
    method: 'PUT',
    path: `${talk}/cursor`,
    who: everybody,
    scope: 'conversations:write',
    text: 'I have read up to this number; a lower one marks unread from there.',
  },
  'archive.put': {
    method: 'PUT',
    path: `${talk}/archive`,
    who: staff,
    text: 'Puts it away for me alone until something new is said.',
  },
  'archive.delete': {
    method: 'DELETE',
    path: `${talk}/archive`,
    who: staff,
    text: 'Takes it back into my lists.',
  },
  'snooze.put': {
    method: 'PUT',
    path: `${talk}/snooze`,
    who: staff,
    text: 'Puts it away for me alone until a time.',
  },
  'snooze.delete': {
    method: 'DELETE',
    path: `${talk}/snooze`,
    who: staff,
    text: 'Takes it back into my lists.',
  },
  'participants.add': {
    method: 'PUT',
    path: `${talk}/participants/:member`,
    who: workers,
    scope: 'conversations:write',
    text: 'Adds a member as a participant.',
  },
  'participants.remove': {
    method: 'DELETE',
    path: `${talk}/participants/:member`,
    who: workers,
    scope: 'conversations:write',
    text: 'Removes a member from the participants.',
  },
  'messages.list': {
    method: 'GET',
    path: `${talk}/messages`,
    who: everybody,
    scope: 'conversations:read',
    text: 'Messages in order: the last ones, or those `before` or `after` a number.',
  },
  'messages.post': {
    method: 'POST',
    path: `${talk}/messages`,
    who: everybody,
    scope: 'conversations:write',
    rate: 'send',
    text: 'Says something. A repeat with the same client id answers with the first message.',
  },
  'messages.edit': {
    method: 'PATCH',
    path: '/v1/messages/:message',
    who: everybody,
    scope: 'conversations:write',
    rate: 'send',
    text: 'Changes the text of a message of mine; the former text is kept.',
  },
  'messages.delete': {
    method: 'DELETE',
    path: '/v1/messages/:message',
    who: everybody,
    scope: 'conversations:write',
    text: 'Deletes a message of mine (an owner: any); a tombstone stays.',
  },
  'messages.edits': {
    method: 'GET',
    path: '/v1/messages/:message/edits',
    who: workers,
    scope: 'conversations:read',
    text: 'The former texts of a message.',
  },
  'presence.put': {
    method: 'PUT',
    path: `${talk}/presence`,
    who: ['owner', 'agent', 'contact'],
    text: 'I look at it, or write in it, at this moment; said again every few seconds, never stored.',
  },
  'feed.read': {
    method: 'GET',
    path: '/v1/feed',
    who: everybody,
    scope: 'feed:read',
    text: 'Events after a position: a page of them as JSON, or with `Accept: text/event-stream` a live stream. Over WebSocket: /v1/feed/socket.',
  },
} as const satisfies Record<string, Route>

/** The name of a route. */
export type RouteName = keyof typeof routes

/** Names of the parameters in a path: `/v1/a/:b/:c` has `b` and `c`. */
export type PathParams<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | PathParams<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never
