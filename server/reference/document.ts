import { errors } from '@fermata/contract/errors'
import { routes, type Route, type RouteName } from '@fermata/contract/routes'
import { schemas, type RouteSchema } from '@fermata/contract/routes.schema'
import { bytesType } from '../http/mount.ts'
import { inPlain, namedSchemas, refer, type PlainSchema } from './names.ts'

/** One operation of the document, as far as our own pages read it. */
export interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly description: string
  readonly security: readonly object[]
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, Answer>>
}

/** A parameter of a path or of a query. */
export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required: boolean
  readonly schema: PlainSchema
}

/** Bodies by their media types. */
export type Content = Readonly<Record<string, { readonly schema: PlainSchema }>>

/** One answer of an operation. */
export interface Answer {
  readonly description: string
  readonly content?: Content
}

/** The whole description of the HTTP API, in the form of OpenAPI 3.1. */
export interface ApiDocument {
  readonly openapi: '3.1.0'
  readonly info: object
  readonly servers: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, PlainSchema>>
    readonly securitySchemes: object
  }
}

const json = (schema: PlainSchema): Content => ({ 'application/json': { schema } })

const errorSchema: PlainSchema = {
  type: 'object',
  required: ['error'],
  additionalProperties: false,
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      additionalProperties: false,
      properties: {
        code: { type: 'string', enum: Object.keys(errors) },
        message: { type: 'string', description: 'What is wrong and what to do, in a sentence.' },
        field: { type: 'string', description: 'The part that is meant: `body.text`.' },
        limit: { type: 'number', description: 'The value of the limit that was met.' },
        holder: {
          type: 'object',
          description: 'Who holds the conversation, or held it last.',
          properties: { id: { type: 'string' }, name: { type: 'string' } },
        },
        draft: { type: ['object', 'null'], description: 'Of a draft_changed: what it is now.' },
        sent: { type: 'string', description: 'Of an already_sent: the message that it became.' },
      },
    },
  },
}

function fields(part: object | undefined, place: Parameter['in']): Parameter[] {
  const { properties = {}, required = [] }: { properties?: object; required?: string[] } =
    part ?? {}
  return Object.entries(properties).map(([name, schema]: [string, object]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: refer(schema),
  }))
}

const whoNames = {
  anyone: 'anybody',
  anyMember: 'every member',
  member: 'members',
  contact: 'contacts',
  app: 'apps',
}

/** Who may call a route, in a sentence. */
function forWhom({ who, permission }: Route): string {
  const names = who.map((one) => whoNames[one]).join(', ')
  const needing = [
    ...(who.includes('member') ? ["a member's role"] : []),
    ...(who.includes('app') ? ["an app's token"] : []),
  ].join(' or ')
  const need = permission === undefined ? '' : ` It takes \`${permission}\` in ${needing}.`
  return `For ${names}.${need}`
}

function securityOf({ who }: Route): object[] {
  if (who.includes('anyone')) return []
  const members = who.includes('member') || who.includes('anyMember')
  const tokens = who.includes('contact') || who.includes('app')
  return [...(members ? [{ cookie: [] }] : []), ...(tokens ? [{ bearer: [] }] : [])]
}

function answersOf(name: RouteName, schema: RouteSchema): Record<string, Answer> {
  const failed: Answer = { description: 'A refusal; `code` says which.', content: json(errorRef) }
  if ((routes[name] as Route).bytes === 'out') {
    const whole: Answer = { description: 'The bytes.', content: { '*/*': { schema: bytesSchema } } }
    return { '200': whole, '206': { ...whole, description: 'A part of them.' }, default: failed }
  }
  if (schema.answer === undefined) return { '204': { description: 'Done.' }, default: failed }
  const stream = name === 'feed.read' ? { 'text/event-stream': { schema: { type: 'string' } } } : {}
  const content = { ...json(refer(schema.answer)), ...stream }
  return { '200': { description: 'Done, and on disk.', content }, default: failed }
}

/** OpenAPI 3.1 describes bytes by a schema that says nothing of them. */
const bytesSchema: PlainSchema = {}

/** What a route takes in its body. */
function bodyOf(route: Route, schema: RouteSchema): Pick<Operation, 'requestBody'> {
  if (route.bytes === 'in') {
    return { requestBody: { required: true, content: { [bytesType]: { schema: bytesSchema } } } }
  }
  if (schema.body === undefined) return {}
  return { requestBody: { required: true, content: json(refer(schema.body)) } }
}

const errorRef: PlainSchema = { $ref: '#/components/schemas/Error' }

function operationOf(name: RouteName): Operation {
  const route: Route = routes[name]
  const schema: RouteSchema = schemas[name]
  return {
    operationId: name,
    tags: [tagOf(name)],
    summary: route.text,
    description: forWhom(route),
    security: securityOf(route),
    parameters: [...fields(schema.params, 'path'), ...fields(schema.query, 'query')],
    ...bodyOf(route, schema),
    responses: answersOf(name, schema),
  }
}

function tagOf(name: RouteName): string {
  return name.split('.', 1)[0] ?? ''
}

/** Makes the description of the HTTP API from the route table and the schemas. */
export function apiDocument(about: { version: string; publicUrl: string | null }): ApiDocument {
  const names = Object.keys(routes) as RouteName[]
  const paths: Record<string, Record<string, Operation>> = {}
  for (const name of names) {
    const { path, method }: Route = routes[name]
    const template = path.replaceAll(/:([a-z]+)/g, '{$1}')
    paths[template] = { ...paths[template], [method.toLowerCase()]: operationOf(name) }
  }
  const components: Record<string, PlainSchema> = { Error: errorSchema }
  for (const [name, schema] of Object.entries(namedSchemas)) components[name] = inPlain(schema)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Fermata',
      version: about.version,
      description: 'Asynchronous messaging. Every answer that says "done" is on disk.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: about.publicUrl ?? '/' }],
    tags: [...new Set(names.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        cookie: { type: 'apiKey', in: 'cookie', name: 'fermata_session' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
    },
  }
}
