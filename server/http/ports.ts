import type { Clock } from '@fermata/base/clock'
import type { Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import type { Refusal } from '@fermata/contract/errors'
import type { RouteName } from '@fermata/contract/routes'
import type { LiveFeed } from '@fermata/people/feed/index'
import type { Handlers } from '@fermata/people/handler'
import type { DurabilityGate } from '@fermata/storage/port'
import type { Logger } from 'pino'
import type { Networks } from './address.ts'
import type { Rates } from './rates.ts'

/** What a request brought to say who it is from. */
export interface Credentials {
  readonly cookie: string | null
  readonly bearer: string | null
}

/** Whose list of web origins is asked. */
export type OriginScope = { readonly key: string } | { readonly inbox: string } | 'any'

/** What the HTTP side needs of the rooms. */
export interface Doors {
  readonly handlers: Handlers
  readonly feed: LiveFeed
  /** Who these credentials belong to, or null. Costs next to nothing when asked again. */
  authenticate(credentials: Credentials): Promise<Caller | null>
  /** Whether the route table lets this caller call the route at all. */
  accessRoute(caller: Caller | null, name: RouteName): Result<unknown, Refusal>
  /** Whether an inbox (the one named, or any) lists this web origin. */
  listsOrigin(scope: OriginScope, origin: string): Promise<boolean>
}

/** What the HTTP side needs of the house. */
export interface House {
  readonly clock: Clock
  readonly log: Logger
  readonly gate: DurabilityGate
  readonly rates: Rates
  /** The server's own web origin, when it was told one. */
  readonly publicUrl: string | null
  readonly trustedProxies: Networks
  /** Makes the id of a request, by which an answer is found again in the log. */
  readonly newRequestId: () => string
  /** Whether the server is on its way out. */
  readonly stopping: () => boolean
}
