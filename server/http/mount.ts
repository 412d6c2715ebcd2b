import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Result } from '@fermata/base/result'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { routes, type Route, type RouteName } from '@fermata/contract/routes'
import { schemas, type RouteSchema } from '@fermata/contract/routes.schema'
import type { TSchema } from 'typebox'
import type { AnswerCheck } from './answers.ts'
import { checkTexts } from './body.ts'
import { entrance, visitOf } from './enter.ts'
import type { Doors, House } from './ports.ts'
import { refuse } from './refuse.ts'

/** Every route's name, in the order of the table. */
export const routeNames = Object.keys(routes) as RouteName[]

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

function answerer(
  name: RouteName,
  schema: RouteSchema,
  parts: { doors: Doors; check: AnswerCheck | null },
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  const { doors, check } = parts
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
    return result.value
  }
}

/** What stands in for a route's own handler when a request asks for something beside its answer. */
export type Detour = (request: FastifyRequest, reply: FastifyReply) => boolean

/** Mounts every route of the table: entered, validated by its schema, and answered by its handler. */
export function mountRoutes(
  app: FastifyInstance,
  parts: { doors: Doors; house: House; check: AnswerCheck | null },
  detours: Readonly<Partial<Record<RouteName, Detour>>>,
): void {
  for (const name of routeNames) {
    const route: Route = routes[name]
    const schema: RouteSchema = schemas[name]
    const answer = answerer(name, schema, parts)
    const detour = detours[name]
    app.route({
      method: route.method,
      url: route.path,
      schema: {
        querystring: schema.query ?? nothing,
        ...(schema.params === undefined ? {} : { params: schema.params }),
        ...(schema.body === undefined ? {} : { body: schema.body }),
      },
      onRequest: entrance(name, route, parts.doors, parts.house),
      preValidation: queryReader(integerFields(schema.query)),
      handler:
        detour === undefined
          ? answer
          : async (request, reply) => (detour(request, reply) ? reply : answer(request, reply)),
    })
  }
}
