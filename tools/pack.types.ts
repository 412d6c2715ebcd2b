// The types that TypeBox derives from the contract's schemas, written out. The published client so needs no
// TypeBox, neither at run time nor to compile against, and an editor shows shapes instead of derivations.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './step.js'

/** As much of JSON Schema as the contract uses. */
interface Schema {
  readonly type?: string
  readonly anyOf?: readonly Schema[]
  readonly const?: unknown
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

/** A file of schemas: its name without `.ts`, what it exports, and the types it names after them. */
interface Module {
  readonly name: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly named: ReadonlyMap<string, Schema>
}

/** Where a type that has a name is declared. */
interface Named {
  readonly type: string
  readonly module: string
}

const contract = join(root, 'contract')

/** `export type RowView = Static<typeof rowView>`: the names that the contract gives to its types. */
const naming = /^export type (\w+) = Static<typeof (\w+)>$/gm

async function readModules(): Promise<Module[]> {
  const files = readdirSync(contract).filter((file) => file.endsWith('.schema.ts'))
  return Promise.all(
    files.map(async (file) => {
      const path = join(contract, file)
      const exports = (await import(pathToFileURL(path).href)) as Record<string, unknown>
      const named = new Map<string, Schema>()
      for (const [, type = '', schema = ''] of readFileSync(path, 'utf8').matchAll(naming)) {
        named.set(type, exports[schema] as Schema)
      }
      return { name: file.slice(0, -'.ts'.length), exports, named }
    }),
  )
}

/** Writes types for one file, and remembers which names of other files they use. */
class Writer {
  readonly #names: ReadonlyMap<unknown, Named>
  readonly #module: string
  readonly #imports = new Map<string, Set<string>>()
  readonly lines: string[] = []

  constructor(names: ReadonlyMap<unknown, Named>, module: string) {
    this.#names = names
    this.#module = module
  }

  /** The type of a schema, by its name where it has one. */
  typeOf(schema: Schema): string {
    const known = this.#names.get(schema)
    if (known === undefined) return this.shapeOf(schema)
    this.#uses(known.module === this.#module ? null : `./${known.module}.js`, known.type)
    return known.type
  }

  /** The type of a schema, written out. */
  shapeOf(schema: Schema): string {
    if (schema.anyOf) return schema.anyOf.map((one) => this.typeOf(one)).join(' | ')
    if (schema.const !== undefined) return JSON.stringify(schema.const)
    switch (schema.type) {
      case 'string':
        return this.#stringOf(schema)
      case 'integer':
      case 'number':
        return 'number'
      case 'boolean':
      case 'null':
        return schema.type
      case 'array':
        return `(${this.typeOf(schema.items ?? {})})[]`
      case 'object':
        return this.fieldsOf(schema.properties ?? {}, new Set(schema.required))
      default:
        throw new Error(`no type is known for ${JSON.stringify(schema)}`)
    }
  }

  /** An object's type by its fields. */
  fieldsOf(fields: Readonly<Record<string, Schema>>, required: ReadonlySet<string>): string {
    const lines = Object.entries(fields).map(([name, schema]) => {
      const optional = required.has(name) ? '' : '?'
      return `${JSON.stringify(name)}${optional}: ${this.typeOf(schema)}`
    })
    return `{ ${lines.join('; ')} }`
  }

  /** The whole file. */
  text(): string {
    const imports = [...this.#imports].map(
      ([from, names]) => `import type { ${[...names].toSorted().join(', ')} } from '${from}'`,
    )
    return `${[...imports, ...this.lines].join('\n')}\n`
  }

  #stringOf({ enum: words, pattern }: Schema): string {
    if (words) return words.map((word) => JSON.stringify(word)).join(' | ')
    const prefixes = /^\^\(([a-z|]+)\)_\[0-7\]/.exec(pattern ?? '')?.[1]
    if (prefixes === undefined) return 'string'
    this.#uses('../base/ids.js', 'Id')
    return prefixes
      .split('|')
      .map((prefix) => `Id<'${prefix}'>`)
      .join(' | ')
  }

  #uses(from: string | null, name: string): void {
    if (from === null) return
    const names = this.#imports.get(from) ?? new Set()
    this.#imports.set(from, names.add(name))
  }
}

/** What the events' file declares beside the names of its schemas; see contract/events.schema.ts. */
function writeEvents(writer: Writer, { exports }: Module): void {
  const bodies = exports['eventBodies'] as Record<string, Schema>
  const names = new Set(Object.keys(bodies))
  writer.lines.push(
    `export interface EventBodies ${writer.fieldsOf(bodies, names)}`,
    'export type EventType = keyof EventBodies',
    'export type EventBody<T extends EventType> = EventBodies[T]',
    `export interface FeedEvent<T extends EventType = EventType> {
  readonly position: number
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Who acted; null for Fermata itself. */
  readonly actor: Id<'mbr'> | Id<'ctc'> | Id<'app'> | null
  readonly type: T
  /** The conversation it is about, if any. */
  readonly conversation: Id<'cnv'> | null
  readonly body: EventBody<T>
  readonly now: Now
}`,
    'export type AnyEvent = { [T in EventType]: FeedEvent<T> }[EventType]',
  )
}

/** What the routes' file declares; see contract/routes.schema.ts. */
function writeRoutes(writer: Writer, { exports }: Module): void {
  const routes = exports['schemas'] as Record<string, Record<string, Schema>>
  const parts = ['params', 'query', 'body'] as const
  const calls: string[] = []
  const answers: string[] = []
  for (const [name, route] of Object.entries(routes)) {
    const given = Object.fromEntries(
      parts.flatMap((part) => (route[part] ? [[part, route[part]]] : [])),
    )
    calls.push(`  '${name}': ${writer.fieldsOf(given, new Set(parts))}`)
    answers.push(`  '${name}': ${route['answer'] ? writer.typeOf(route['answer']) : 'undefined'}`)
  }
  writer.lines.push(
    "import type { RouteName } from './routes.js'",
    `export interface Calls {\n${calls.join('\n')}\n}`,
    `export interface Answers {\n${answers.join('\n')}\n}`,
    '/** What a call of a route brings: only the parts that the route takes. */',
    'export type Call<N extends RouteName> = Calls[N]',
    '/** What a route answers; `undefined` where it answers 204. */',
    'export type Answer<N extends RouteName> = Answers[N]',
  )
}

/** The declarations that stand for the contract's files of schemas, by file name (`x.schema.d.ts`). */
export async function schemaTypes(): Promise<ReadonlyMap<string, string>> {
  const modules = await readModules()
  const names = new Map<unknown, Named>()
  for (const { name, named, exports } of modules) {
    for (const [type, schema] of named) names.set(schema, { type, module: name })
    if (exports['feedEvent']) names.set(exports['feedEvent'], { type: 'AnyEvent', module: name })
  }
  const files = new Map<string, string>()
  for (const module of modules) {
    const writer = new Writer(names, module.name)
    for (const [type, schema] of module.named) {
      writer.lines.push(`export type ${type} = ${writer.shapeOf(schema)}`)
    }
    if (module.name === 'events.schema') writeEvents(writer, module)
    if (module.name === 'routes.schema') writeRoutes(writer, module)
    files.set(`${module.name}.d.ts`, writer.text())
  }
  return files
}
