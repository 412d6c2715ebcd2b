import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { assert } from '@fermata/base/assert'
import type { Result } from '@fermata/base/result'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { Caller } from '@fermata/contract/actors'
import {
  routes,
  type BytesRoute,
  type JsonRoute,
  type Route,
  type RouteName,
} from '@fermata/contract/routes'
import { schemas, type RouteSchema } from '@fermata/contract/routes.schema'
import type { TSchema } from 'typebox'
import type { AnswerCheck } from './answers.ts'
import { checkTexts } from './body.ts'
import { entrance, visitOf } from './enter.ts'
import type { Doors, House } from './ports.ts'
import { refuse } from './refuse.ts'

/** Every route's name, in the order of the table. */
export const routeNames = Object.keys(routes) as RouteName[]

/** A request for a route of bytes, entered and validated. */
export interface BytesAsked {
  readonly caller: Caller
  readonly params: Readonly<Record<string, string>>
  readonly request: FastifyRequest
}

/** Answers a route whose body or answer are bytes. */
export type Carrier = (asked: BytesAsked, reply: FastifyReply) => Promise<FastifyReply>

/** One for each such route. */
export type Carriers = Readonly<Record<BytesRoute, Carrier>>

/** How a route is dressed for the clients of another protocol, which says the same in other words. */
export interface Dress {
  /** The first that is done to every answer, refusals included. */
  readonly greet?: (reply: FastifyReply) => void
  /** Reads what came in other words, before it is validated; answers what is wrong with it. */
  readonly enter?: (request: FastifyRequest) => Refusal | undefined
  /** Says what is answered in other words, too. */
  readonly leave?: (reply: FastifyReply, answer: unknown) => void
  /** Whether HEAD is answered, with what `leave` says. */
  readonly head?: true
}

/** The media type by which bytes come in. */
export const bytesType = 'application/offset+octet-stream'

/** A handler with its types taken off: the validator has seen to it that they fit. */
type AnyHandler = (asked: object) => Promise<Result<unknown, Refusal>>

/** Takes nothing; unknown parameters of a query are refused by name, as unknown fields are. */
const nothing = { type: 'object', additionalProperties: false }

function integerFields(schema: TSchema | undefined): string[] {
  const { properties = {} }: { properties?: Record<string, { type?: string }> } = schema ?? {}
  return Object.entries(properties)
    .filter(([, field]) => field.type === 'integer')
    .map(([field]) => field)
}

/** Turns those texts of a query into numbers that are to be numbers, and looks at all of them. */
function queryReader(
  integers: readonly string[],
): (request: FastifyRequest, reply: FastifyReply, done: () => void) => void {
  return (request, reply, done) => {
    const query = request.query as Record<string, unknown>
    const wrong =
      checkTexts('query', query) ?? checkTexts('params', request.params as Record<string, unknown>)
    if (wrong !== undefined) {
      refuse(reply, wrong)
      return
    }
    for (const field of integers) {
      const text = query[field]
      if (typeof text === 'string' && /^-?[0-9]{1,15}$/.test(text)) query[field] = Number(text)
    }
    done()
  }
}

function isEmpty(body: unknown): boolean {
  if (body === undefined || body === null) return true
  return typeof body === 'object' && !Array.isArray(body) && Object.keys(body).length === 0
}

/** What routes are mounted with. */
export interface Mounting {
  readonly doors: Doors
  readonly house: House
  readonly check: AnswerCheck | null
  readonly carriers: Carriers
  readonly dress: Readonly<Partial<Record<RouteName, Dress>>>
}

type Answerer = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

function isOfBytes(name: RouteName): name is BytesRoute {
  return (routes[name] as Route).bytes !== undefined
}

function carried(carrier: Carrier): Answerer {
  return (request, reply) => {
    const { caller } = visitOf(request)
    assert(caller !== null, 'bytes are for somebody')
    return carrier({ caller, params: request.params as Record<string, string>, request }, reply)
  }
}

function answerer(name: JsonRoute, schema: RouteSchema, parts: Mounting): Answerer {
  const { doors, check } = parts
  const leave = parts.dress[name]?.leave
  const handle = doors.handlers[name] as AnyHandler
  const takesBody = schema.body !== undefined
  return async (request, reply) => {
    if (!takesBody && !isEmpty(request.body)) {
      return refuse(reply, refusal('bad_request', { message: 'Send no body here.', field: 'body' }))
    }
    const visit = visitOf(request)
    const result = await handle({
      caller: visit.caller,
      connection: visit,
      params: request.params,
      query: request.query,
      body: request.body,
    })
    check?.(name, result)
    if (!result.ok) return refuse(reply, result.refusal)
    if (schema.answer === undefined) return reply.code(204).send()
    leave?.(reply, result.value)
    return result.value
  }
}

/** What stands in for a route's own handler when a request asks for something beside its answer. */
export type Detour = (request: FastifyRequest, reply: FastifyReply) => boolean

/** What a route is mounted as, without its method and its handler. */
function frameOf(name: RouteName, parts: Mounting): Omit<RouteOptions, 'method' | 'handler'> {
  const route: Route = routes[name]
  const schema: RouteSchema = schemas[name]
  const { greet, enter } = parts.dress[name] ?? {}
  const entered = entrance(name, route, parts.doors, parts.house)
  const readQuery = queryReader(integerFields(schema.query))
  return {
    url: route.path,
    schema: {
      querystring: schema.query ?? nothing,
      ...(schema.params === undefined ? {} : { params: schema.params }),
      ...(schema.body === undefined ? {} : { body: schema.body }),
    },
    async onRequest(request, reply) {
      greet?.(reply)
      return entered(request, reply)
    },
    preValidation(request, reply, done) {
      const wrong = enter?.(request)
      if (wrong === undefined) readQuery(request, reply, done)
      else refuse(reply, wrong)
    },
  }
}

/** Mounts the routes of bytes where such a body is let in unread, and nowhere else. */
function mountBytes(app: FastifyInstance, parts: Mounting): void {
  void app.register(async (scope) => {
    scope.addContentTypeParser(bytesType, (_request, payload, done) => done(null, payload))
    for (const name of routeNames.filter(isOfBytes)) {
      const { method } = routes[name]
      scope.route({ ...frameOf(name, parts), method, handler: carried(parts.carriers[name]) })
    }
  })
}

/** Mounts every route of the table: entered, validated by its schema, and answered by its handler. */
export function mountRoutes(
  app: FastifyInstance,
  parts: Mounting,
  detours: Readonly<Partial<Record<RouteName, Detour>>>,
): void {
  mountBytes(app, parts)
  for (const name of routeNames) {
    if (isOfBytes(name)) continue
    const { method }: Route = routes[name]
    const answer = answerer(name, schemas[name], parts)
    const detour = detours[name]
    const frame = frameOf(name, parts)
    const handler: Answerer =
      detour === undefined
        ? answer
        : async (request, reply) => (detour(request, reply) ? reply : answer(request, reply))
    app.route({ ...frame, method, handler })
    if (parts.dress[name]?.head === true) app.route({ ...frame, method: 'HEAD', handler: answer })
  }
}
