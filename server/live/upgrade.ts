import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import { WebSocketServer } from 'ws'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Caller } from '@fermata/contract/actors'
import { errors, refusal, type Refusal } from '@fermata/contract/errors'
import { addressOf, credentialsOf, pageOf } from '../http/enter.ts'
import { refusalFor } from '../http/failure.ts'
import { checkOrigin } from '../http/origins.ts'
import type { Credentials, Doors, House } from '../http/ports.ts'
import { errorBody, retryAfter } from '../http/refuse.ts'
import { readPosition, readersChannel, type Live } from './live.ts'
import { SocketReader, closeCodes, socketOptions } from './socket.ts'

const path = '/v1/feed/socket'

/** The subprotocol that a client asks for; a browser's page adds `bearer.<token>` beside it. */
const subprotocol = 'fermata.v1'

/** What an upgrade needs of the server. */
export interface Upgrades {
  readonly doors: Doors
  readonly house: House
  readonly live: Live
}

/** A client that may follow the feed, from where it asked to. */
interface Admitted {
  readonly caller: Caller
  readonly since: number | null
  readonly credentials: Credentials | null
}

/** Who asks: a browser cannot set headers on a WebSocket, so the token may stand in the protocols. */
function credentialsIn(request: IncomingMessage): Credentials | null {
  for (const protocol of (request.headers['sec-websocket-protocol'] ?? '').split(',')) {
    const word = protocol.trim()
    if (word.startsWith('bearer.')) return { cookie: null, bearer: word.slice(7) }
  }
  return credentialsOf(request.headers)
}

/** Refuses in plain HTTP, as long as the connection still speaks it. */
function refuseUpgrade(socket: Socket, refusal: Refusal): void {
  const { status } = errors[refusal.code]
  const body = JSON.stringify(errorBody(refusal))
  const wait = retryAfter(refusal)
  const later = wait === undefined ? '' : `Retry-After: ${wait}\r\n`
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n${later}` +
      'Content-Type: application/json; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n' +
      `Cache-Control: no-store\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

async function admit(
  request: IncomingMessage,
  parts: Upgrades,
): Promise<Result<Admitted, Refusal>> {
  const { doors, house } = parts
  if (house.stopping()) return refused(refusal('unavailable'))
  const url = new URL(request.url ?? '/', 'http://localhost')
  if (url.pathname !== path) return refused(refusal('not_found'))
  const since = readPosition(url.searchParams.get('since'))
  if (since === undefined) return refused(refusal('invalid_field', { field: 'query.since' }))

  const credentials = credentialsIn(request)
  const caller = credentials === null ? null : await doors.authenticate(credentials)
  const from = pageOf(request, credentials, true, house.publicUrl)
  const page = await checkOrigin({ ...from, key: undefined }, caller, doors, house.publicUrl)
  if (typeof page === 'object') return refused(page)
  const often = house.rates.request(caller, addressOf(request, house))
  if (often !== undefined) return refused(often)
  const allowed = doors.accessRoute(caller, 'feed.read')
  if (!allowed.ok) return allowed
  if (caller === null) return refused(refusal('not_signed_in'))
  return ok({ caller, since, credentials })
}

/** Makes a socket follow the feed until one of the two closes. */
function follow(
  { live }: Upgrades,
  admitted: Admitted,
  webSocket: WebSocket,
  socket: Socket,
): void {
  const { caller, since, credentials } = admitted
  const entitled = () => live.holds(caller, credentials)
  const reader = new SocketReader(webSocket, socket, entitled)
  live.liveness.add(reader)
  // The feed only talks: whoever talks to it is something else than a client of ours.
  webSocket.on('message', () => webSocket.close(closeCodes.talked, 'this socket only sends'))
  webSocket.on('pong', () => void (reader.heard = true))
  webSocket.on('error', () => undefined)
  const end = live.feed.follow(caller, since, reader)
  readersChannel.publish({ readers: live.seats.taken() })
  webSocket.on('close', () => {
    end()
    live.liveness.remove(reader)
    live.seats.leave(caller)
    readersChannel.publish({ readers: live.seats.taken() })
  })
}

/**
 * Takes WebSockets at /v1/feed/socket. The same checks as on the route `feed.read` come first, and no
 * client learns whether it is let in before the gate has opened, for that too was read in the database.
 */
export function takeSockets(server: Server, parts: Upgrades): void {
  const { house, live } = parts
  const sockets = new WebSocketServer({
    ...socketOptions,
    handleProtocols: (protocols) => (protocols.has(subprotocol) ? subprotocol : false),
  })
  const ignore = (): void => undefined

  const open = (
    request: IncomingMessage,
    socket: Socket,
    head: Buffer,
    admitted: Admitted,
  ): void => {
    const { caller } = admitted
    const seat = live.seats.take(caller)
    if (!seat.ok) {
      refuseUpgrade(socket, seat.refusal)
      return
    }
    let taken = false
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      taken = true
      follow(parts, admitted, webSocket, socket)
    })
    // The library answers by itself when the handshake is none; it does so at once or never.
    if (!taken) live.seats.leave(caller)
  }

  const enter = async (request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> => {
    const admitted = await admit(request, parts)
    await house.gate.durable()
    if (socket.destroyed) return
    if (admitted.ok) open(request, socket, head, admitted.value)
    else refuseUpgrade(socket, admitted.refusal)
  }

  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', ignore)
    enter(request, socket, head).catch((error: unknown) => {
      const known = refusalFor(error)
      if (known === undefined) house.log.error({ err: error }, 'a socket could not be opened')
      refuseUpgrade(socket, known ?? refusal('internal'))
    })
  })
}
