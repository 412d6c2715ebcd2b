import type { Route } from './route.ts'
import { accessRoutes } from './routes.access.ts'
import { accountsRoutes } from './routes.accounts.ts'
import { bulkRoutes } from './routes.bulk.ts'
import { addressesRoutes } from './routes.addresses.ts'
import { channelsRoutes } from './routes.channels.ts'
import { conversationsRoutes } from './routes.conversations.ts'
import { draftsRoutes } from './routes.drafts.ts'
import { filesRoutes } from './routes.files.ts'
import { movesRoutes } from './routes.moves.ts'
import { placesRoutes } from './routes.places.ts'
import { repliesRoutes } from './routes.replies.ts'
import { smallTalkRoutes } from './routes.small-talk.ts'
import { topicsRoutes } from './routes.topics.ts'

export type { Rate, Route, Who } from './route.ts'

/** Every route of the HTTP API. Schemas, handlers, the reference and the access tests are keyed by it. */
export const routes = {
  ...accountsRoutes,
  ...accessRoutes,
  ...placesRoutes,
  ...smallTalkRoutes,
  ...repliesRoutes,
  ...bulkRoutes,
  ...conversationsRoutes,
  ...channelsRoutes,
  ...draftsRoutes,
  ...movesRoutes,
  ...addressesRoutes,
  ...filesRoutes,
  ...topicsRoutes,
} as const satisfies Record<string, Route>

/** The name of a route. */
export type RouteName = keyof typeof routes

/** The name of a route whose body or answer are bytes. */
export type BytesRoute = {
  [N in RouteName]: (typeof routes)[N] extends { readonly bytes: string } ? N : never
}[RouteName]

/** The name of a route that takes and gives JSON. */
export type JsonRoute = Exclude<RouteName, BytesRoute>

/** Names of the parameters in a path: `/v1/a/:b/:c` has `b` and `c`. */
export type PathParams<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | PathParams<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never
