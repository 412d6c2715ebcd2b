import type { Route } from './route.ts'

/** Routes of what is done to many conversations at once. */
export const bulkRoutes = {
  'bulk.do': {
    method: 'POST',
    path: '/v1/conversations/bulk',
    who: ['member'],
    permission: 'conversations:write',
    text: 'Does one thing to up to 200 conversations, each decided by itself; the answer says for each what came of it. A repeat with the same client id does nothing twice.',
  },
  'bulk.undo': {
    method: 'POST',
    path: '/v1/conversations/bulk/undo',
    who: ['member'],
    permission: 'conversations:write',
    text: 'Puts those of a request of mine back to what they were, where nothing else has happened since; for a day.',
  },
} as const satisfies Record<string, Route>
