import type { Route } from './route.ts'

/** Routes of who may do what, and of who was let in by whom. */
export const accessRoutes = {
  'roles.list': {
    method: 'GET',
    path: '/v1/roles',
    who: ['anyMember'],
    text: 'The roles that the workspace made itself, beside those that every workspace has.',
  },
  'roles.add': {
    method: 'POST',
    path: '/v1/roles',
    who: ['member'],
    permission: 'roles:manage',
    text: 'Makes a role; it may allow no more than mine does.',
  },
  'roles.change': {
    method: 'PATCH',
    path: '/v1/roles/:role',
    who: ['member'],
    permission: 'roles:manage',
    text: "Changes a role's name or what it allows, for everybody who has it.",
  },
  'roles.remove': {
    method: 'DELETE',
    path: '/v1/roles/:role',
    who: ['member'],
    permission: 'roles:manage',
    text: 'Removes a role that nobody has.',
  },
  'invitations.list': {
    method: 'GET',
    path: '/v1/invitations',
    who: ['member'],
    permission: 'members:manage',
    text: 'The invitations that may still be accepted.',
  },
  'invitations.add': {
    method: 'POST',
    path: '/v1/invitations',
    who: ['member'],
    permission: 'members:manage',
    text: 'Invites somebody to a role that allows no more than mine; the answer holds the token of the link.',
  },
  'invitations.remove': {
    method: 'DELETE',
    path: '/v1/invitations/:invitation',
    who: ['member'],
    permission: 'members:manage',
    text: 'Revokes an invitation: its link is void at once.',
  },
  'invitations.look': {
    method: 'POST',
    path: '/v1/invitation',
    who: ['anyone'],
    rate: 'signIn',
    text: 'What the token of an invitation invites to.',
  },
  'invitations.accept': {
    method: 'PUT',
    path: '/v1/invitation',
    who: ['anyone'],
    rate: 'signIn',
    text: 'Accepts an invitation, once, and signs in.',
  },
  'letters.list': {
    method: 'GET',
    path: '/v1/letters',
    who: ['member'],
    permission: 'members:manage',
    text: 'What waits to be sent by mail: invitations and resets of passwords.',
  },
  'letters.open': {
    method: 'POST',
    path: '/v1/letters/:letter/link',
    who: ['member'],
    permission: 'members:manage',
    text: 'The token of the link in a letter, for me to hand over; the audit log notes it.',
  },
  'audit.list': {
    method: 'GET',
    path: '/v1/audit',
    who: ['member', 'app'],
    permission: 'audit:read',
    text: 'Who did what to whom, newest first; by actor, action, target and time.',
  },
} as const satisfies Record<string, Route>
