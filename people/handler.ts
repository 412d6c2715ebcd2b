import type { AppActor, Caller, ContactActor, MemberActor } from '@fermata/contract/actors'
import type { Refusal } from '@fermata/contract/errors'
import type { JsonRoute, RouteName, routes, Who } from '@fermata/contract/routes'
import type { Answer, Call } from '@fermata/contract/routes.schema'
import type { Result } from '@fermata/base/result'

/** What a handler may know of the connection that a request came by. */
export interface Connection {
  /** The caller's network address, after trusted proxies. */
  readonly address: string
  /** What the client calls itself; empty when it does not. */
  readonly agent: string
  /** The value of the session cookie, or null. */
  readonly sessionCookie: string | null
  /** Tells that whoever asked hears the answer no more; null where that cannot be known. */
  readonly gone: AbortSignal | null
  /** Sets the session cookie of the answer; null clears it. */
  setSessionCookie(value: string | null): void
}

interface ActorOf {
  anyone: Caller | null
  anyMember: MemberActor
  member: MemberActor
  contact: ContactActor
  app: AppActor
}

/** Who may stand behind a route, as the route table says. */
export type CallerOf<N extends RouteName> = ActorOf[(typeof routes)[N]['who'][number] & Who]

/** A request that has been authenticated, checked against its schema and against the route table. */
export type Asked<N extends RouteName> = Call<N> & {
  readonly caller: CallerOf<N>
  readonly connection: Connection
}

/** Answers one route: parse is done, so it calls an action or a look-up and puts the answer together. */
export type Handler<N extends RouteName> = (asked: Asked<N>) => Promise<Result<Answer<N>, Refusal>>

/** The handlers of some routes, by name. The server needs one for every route that speaks JSON. */
export type Handlers<N extends JsonRoute = JsonRoute> = { readonly [K in N]: Handler<K> }
