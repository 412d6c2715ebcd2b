import type { Route } from './route.ts'

const contact = '/v1/contacts/:contact'

/** Routes of where contacts are reached, and of contacts who are one person. */
export const addressesRoutes = {
  'contacts.card': {
    method: 'GET',
    path: `${contact}/card`,
    who: ['member', 'app'],
    permission: 'contacts:read',
    text: 'All that is known about one person: addresses, and who they were merged with.',
  },
  'contacts.merge': {
    method: 'PUT',
    path: `${contact}/merge`,
    who: ['member'],
    permission: 'contacts:merge',
    text: 'Says that this contact is the same person as another. A visitor of either sees no more than before.',
  },
  'unions.undo': {
    method: 'DELETE',
    path: '/v1/unions/:union',
    who: ['member'],
    permission: 'contacts:merge',
    text: 'Takes that back, also later.',
  },
  'addresses.add': {
    method: 'POST',
    path: `${contact}/addresses`,
    who: ['member', 'app'],
    permission: 'contacts:write',
    text: 'Adds an address; one that is theirs already is answered as it is.',
  },
  'addresses.remove': {
    method: 'DELETE',
    path: `${contact}/addresses/:address`,
    who: ['member', 'app'],
    permission: 'contacts:write',
    text: 'Removes an address.',
  },
  'addresses.prefer': {
    method: 'PUT',
    path: `${contact}/addresses/:address/preference`,
    who: ['member', 'app'],
    permission: 'contacts:write',
    text: 'Puts an address first among those of its kind.',
  },
} as const satisfies Record<string, Route>
