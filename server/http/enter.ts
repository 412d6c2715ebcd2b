import type { FastifyReply, FastifyRequest } from 'fastify'
import { present } from '@fermata/base/assert'
import type { Caller } from '@fermata/contract/actors'
import type { Route, RouteName } from '@fermata/contract/routes'
import { clientAddress, plainAddress } from './address.ts'
import { readCookie, sessionCookieName } from './cookies.ts'
import { checkOrigin, isOwnOrigin, shareWith, type FromPage } from './origins.ts'
import type { Credentials, Doors, House } from './ports.ts'
import { refuse } from './refuse.ts'
import { Visit } from './visit.ts'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** The token of an Authorization header, or null. */
export function bearerOf(header: string | undefined): string | null {
  if (header === undefined || header.length < 8) return null
  return header.slice(0, 7).toLowerCase() === 'bearer ' ? header.slice(7).trim() : null
}

/** What a request brought. A token speaks louder than the cookie that the browser adds unasked. */
export function credentialsOf(headers: IncomingHttpHeaders): Credentials | null {
  const bearer = bearerOf(headers.authorization)
  if (bearer !== null) return { cookie: null, bearer }
  const cookie = readCookie(headers.cookie, sessionCookieName)
  return cookie === null ? null : { cookie, bearer: null }
}

/** The address of whoever sent a request, as far as the proxies before it are trusted. */
export function addressOf(message: IncomingMessage, house: Pick<House, 'trustedProxies'>): string {
  const peer = plainAddress(message.socket.remoteAddress)
  const forwarded = message.headers['x-forwarded-for']
  return forwarded === undefined
    ? peer
    : clientAddress(peer, String(forwarded), house.trustedProxies)
}

/** Which page a request comes from, by its own headers. */
export function pageOf(
  message: IncomingMessage,
  credentials: Credentials | null,
  unsafe: boolean,
  publicUrl: string | null,
): Omit<FromPage, 'key'> {
  const { origin, host } = message.headers
  const credential =
    credentials === null ? 'none' : credentials.bearer === null ? 'cookie' : 'bearer'
  return {
    origin,
    own: origin !== undefined && isOwnOrigin(origin, publicUrl, host),
    unsafe,
    credential,
  }
}

/** The visit that every request of the API has once it has been entered. */
export function visitOf(request: FastifyRequest): Visit {
  return present(request.visit, 'the visit of an entered request')
}

/** Starts the visit of a request, before anybody has looked at it. */
function startVisit(
  exchange: { request: FastifyRequest; reply: FastifyReply },
  route: string,
  house: House,
): Visit {
  const { request } = exchange
  const visit = new Visit(exchange, {
    address: addressOf(request.raw, house),
    startedMs: house.clock.monotonic(),
    route,
    secure: house.publicUrl?.startsWith('https:') ?? false,
  })
  request.visit = visit
  return visit
}

/**
 * Makes the first step of a route: who calls, from which page, how often, and whether the route table
 * lets them. It comes before the body is read, so that strangers cannot make the server work.
 */
export function entrance(
  name: RouteName,
  route: Route,
  doors: Doors,
  house: House,
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined> {
  const unsafe = route.method !== 'GET'
  return async (request, reply) => {
    const visit = startVisit({ request, reply }, name, house)
    const { headers } = request.raw
    const credentials = credentialsOf(headers)
    const caller: Caller | null =
      credentials === null ? null : await doors.authenticate(credentials)
    visit.caller = caller

    if (headers.origin !== undefined || (unsafe && credentials?.cookie)) {
      const from = pageOf(request.raw, credentials, unsafe, house.publicUrl)
      const { key } = request.params as { key?: string }
      const page = await checkOrigin({ ...from, key }, caller, doors, house.publicUrl)
      if (typeof page === 'object') return refuse(reply, page)
      if (page === 'listed' && headers.origin !== undefined) shareWith(reply, headers.origin)
    }

    const often =
      house.rates.request(caller, visit.address) ??
      house.rates.route(route.rate, caller, visit.address)
    if (often !== undefined) return refuse(reply, often)

    const allowed = doors.accessRoute(caller, name)
    if (!allowed.ok) return refuse(reply, allowed.refusal)
    return undefined
  }
}
