import { systemClock, type Clock } from '@fermata/base/clock'
import { uuidText, uuidv7Generator, type FillRandom } from '@fermata/base/ids'
import type { Result } from '@fermata/base/result'
import type { Refusal } from '@fermata/contract/errors'
import { routes, type JsonRoute, type Route, type RouteName } from '@fermata/contract/routes'
import type { Answer, Call } from '@fermata/contract/routes.schema'
import { callRoute, type CallOptions } from './call.ts'
import type { Connection, Credentials } from './connection.ts'
import { follow, type Following, type FollowOptions } from './feed.ts'
import type { Parts } from './request.ts'

export type { CallOptions } from './call.ts'
export { ConnectionFailed } from './connection.ts'

/** What a call brings. As in the contract, except that a query may be left out. */
export type Input<N extends RouteName> = Omit<Call<N>, 'query'> &
  (Call<N> extends { query: infer Query } ? { query?: Query } : unknown)

/** The arguments of a call: the input may be left out where the route takes nothing. */
type Arguments<N extends RouteName> =
  object extends Input<N>
    ? [input?: Input<N>, options?: CallOptions]
    : [input: Input<N>, options?: CallOptions]

type RoomOf<N extends JsonRoute> = N extends `${infer Room}.${string}` ? Room : never
type Room<R extends string> = {
  readonly [N in JsonRoute as N extends `${R}.${infer Action}` ? Action : never]: (
    ...given: Arguments<N>
  ) => Promise<Result<Answer<N>, Refusal>>
}

/** Every route that speaks JSON as a method of its room: `client.messages.post({ params, body })`. */
export type Rooms = { readonly [R in RoomOf<JsonRoute>]: Room<R> }

/** A client of one server, for one caller. */
export interface Client extends Rooms {
  /**
   * Calls a route. Answers what the server answered, refusals included; throws ConnectionFailed when
   * the server cannot be reached, and the signal's reason when it was aborted.
   */
  call<N extends RouteName>(name: N, ...given: Arguments<N>): Promise<Result<Answer<N>, Refusal>>
  /** A new UUIDv7 for a send: the same id sent again is the same message. */
  newId(): string
  /** Follows the feed live, and resumes it by itself. */
  follow(options: FollowOptions): Following
  /** What its requests share. */
  readonly connection: Connection
}

/** How to reach a server. */
export interface ClientOptions {
  /** The server's address, such as `https://desk.example.org`. */
  readonly url: string
  /** The token of an app or a visitor, or where to find it. Without one a browser's cookie speaks. */
  readonly token?: string | (() => string | null)
  /** Instead of the global fetch. */
  readonly fetch?: typeof fetch
  /** Instead of this machine's clock, which keeps a program alive while it waits. */
  readonly clock?: Clock
  /** Instead of crypto.getRandomValues. */
  readonly random?: FillRandom
  /** Whether fetch carries cookies to a server of another origin. */
  readonly credentials?: Credentials
}

/** Makes a client. It holds nothing open until it is asked. */
export function createClient(options: ClientOptions): Client {
  const connection = connectionOf(options)
  const newUuid = uuidv7Generator(connection.clock, connection.random)
  const rooms: Record<string, Record<string, unknown>> = {}
  for (const name of Object.keys(routes) as RouteName[]) {
    if ((routes[name] as Route).bytes !== undefined) continue
    const [room = '', action = ''] = name.split('.')
    const actions = (rooms[room] ??= {})
    actions[action] = (input?: Parts, given?: CallOptions) =>
      callRoute(connection, name, input, given)
  }
  const client = {
    ...rooms,
    connection,
    call: (name: RouteName, input?: Parts, given?: CallOptions) =>
      callRoute(connection, name, input, given),
    newId: () => uuidText(newUuid()),
    follow: (given: FollowOptions) => follow(connection, given),
  }
  // The loop above makes exactly the methods that Rooms names: both are read off the routes.
  return client as unknown as Client
}

function connectionOf(options: ClientOptions): Connection {
  const { token = null } = options
  return {
    url: options.url.replace(/\/+$/, ''),
    token: typeof token === 'function' ? token : () => token,
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    clock: options.clock ?? systemClock({ keepsAlive: true }),
    random: options.random ?? ((bytes) => crypto.getRandomValues(bytes)),
    credentials: options.credentials,
  }
}
