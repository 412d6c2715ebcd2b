import { fastify, type FastifyError, type FastifyInstance } from 'fastify'
import { STATUS_CODES, maxHeaderSize } from 'node:http'
import type { Socket } from 'node:net'
import { limits } from '@fermata/base/limits'
import { errors, refusal, type Refusal } from '@fermata/contract/errors'
import type { AnswerCheck } from './answers.ts'
import { parseBody } from './body.ts'
import { RefusalError, errorHandler, refusalFor } from './failure.ts'
import { mountHealth, type Health } from './health.ts'
import { commonHeaders, secure } from './headers.ts'
import { invalid } from './invalid.ts'
import { exit } from './leave.ts'
import { answerDiscovery } from '../files/tus.ts'
import { mountRoutes, type Carriers, type Detour, type Mounting } from './mount.ts'
import { answerPreflight } from './origins.ts'
import type { Doors, House } from './ports.ts'
import { errorBody, refuse } from './refuse.ts'
import { answerUnknown } from './unknown.ts'

/** The validator looks and never changes what it looks at. */
const validator = {
  coerceTypes: false,
  useDefaults: false,
  removeAdditional: false,
  allErrors: false,
  strict: true,
} as const

/** Why a connection that no request can be made of is answered at all, by the codes of Node. */
function refusalOfGarbage(code: string | undefined): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') {
    const message = 'The address and the headers are too long.'
    return refusal('too_large', { message, field: 'headers', limit: maxHeaderSize })
  }
  const late = code === 'ERR_HTTP_REQUEST_TIMEOUT'
  const message = late ? 'The request came too slowly.' : 'This is no request.'
  return refusal('bad_request', { message, field: 'request' })
}

/** Answers what is no HTTP, or came too slowly, on a connection that no request can be made of. */
function answerGarbage(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return
  const refused = refusalOfGarbage(error.code)
  const { status } = errors[refused.code]
  const body = JSON.stringify(errorBody(refused))
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n` +
      'Content-Type: application/json; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

function newFastify(house: House): FastifyInstance {
  const common = commonHeaders(house.publicUrl)
  const app = fastify({
    logger: false,
    genReqId: house.newRequestId,
    requestIdHeader: false,
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: limits.receiveMsMax,
    keepAliveTimeout: limits.keepAliveMs,
    http: { headersTimeout: limits.headersMsMax },
    exposeHeadRoutes: false,
    return503OnClosing: false,
    ajv: { customOptions: validator },
    schemaErrorFormatter: (errors, part) =>
      new RefusalError(invalid(part === 'querystring' ? 'query' : part, errors)),
    clientErrorHandler: answerGarbage,
    // An address that cannot be read never reaches a route, nor the last step of one.
    frameworkErrors(error, _request, reply) {
      secure(reply, common)
      refuse(reply, refusalFor(error) ?? refusal('bad_request', { field: 'url' }))
    },
  })
  app.server.maxConnections = limits.connectionsMax
  return app
}

function readJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    (_request, bytes, done) => {
      const parsed = parseBody(bytes)
      if (parsed.ok) done(null, parsed.value)
      else done(new RefusalError(parsed.refusal))
    },
  )
}

function mountPreflight(app: FastifyInstance, doors: Doors): void {
  app.options('/v1/*', async (request, reply) => {
    const { origin } = request.headers
    const ofUploads = /^\/v1\/uploads(?:[/?]|$)/.test(request.url)
    if (ofUploads) answerDiscovery(reply)
    if (origin === undefined) {
      return ofUploads ? reply.code(204).send() : answerUnknown(request, reply)
    }
    const key = /^\/v1\/widget\/([^/?]+)/.exec(request.url)?.[1]
    const listed = await doors.listsOrigin(key === undefined ? 'any' : { key }, origin)
    return listed ? answerPreflight(reply, origin) : refuse(reply, refusal('origin_refused'))
  })
}

/** The parts of the HTTP side that are not routes of the table. */
export interface Extras {
  readonly health: Health
  /** For tests: compares every answer with its schema, and fails the request that does not fit. */
  readonly answers: AnswerCheck | null
  /** The live form of routes that have one. */
  readonly detours: Parameters<typeof mountRoutes>[2]
  /** What carries bytes in and out. */
  readonly carriers: Carriers
  /** Routes that clients of another protocol call, too. */
  readonly dress: Mounting['dress']
  /** Mounts the pages, and answers for addresses that no route serves if they are pages. */
  readonly pages: { mount(app: FastifyInstance): void; fallback: Detour }
}

/** Makes the HTTP side: every route of the table, health, pages, and one form for all errors. */
export function createApp(doors: Doors, house: House, extras: Extras): FastifyInstance {
  const app = newFastify(house)
  app.decorateRequest('visit', null)
  readJsonOnly(app)
  app.setErrorHandler<FastifyError>(errorHandler(house.log))
  app.addHook('onSend', exit(house, extras.health.metrics))
  mountHealth(app, house, extras.health)
  mountPreflight(app, doors)
  const { answers: check, carriers, dress, detours } = extras
  mountRoutes(app, { doors, house, check, carriers, dress }, detours)
  extras.pages.mount(app)
  app.setNotFoundHandler((request, reply) => {
    if (!extras.pages.fallback(request, reply)) answerUnknown(request, reply)
  })
  return app
}
