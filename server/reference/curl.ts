import type { Operation } from './document.ts'
import type { PlainSchema } from './names.ts'

/** The parts of a schema from which an example is made. */
interface Sampled {
  readonly $ref?: string
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly string[]
  readonly pattern?: string
  readonly items?: PlainSchema
  readonly anyOf?: readonly PlainSchema[]
  readonly properties?: Readonly<Record<string, PlainSchema>>
  readonly required?: readonly string[]
  readonly minimum?: number
  readonly minLength?: number
  readonly minProperties?: number
}

/** The named schemas, for references. */
export type Known = Readonly<Record<string, PlainSchema>>

const sampleId = '01j9z3k5m7n9p1r3s5t7v9x1z3'

function sampleText({ enum: words, pattern = '', minLength = 0 }: Sampled, name: string): string {
  if (words !== undefined) return words[0] ?? ''
  const prefix = /^\^\(([a-z]+)/.exec(pattern)?.[1]
  if (prefix !== undefined) return `${prefix}_${sampleId}`
  if (pattern.includes('-7[0-9a-f]')) return '0192f3b1-7c5e-7d4a-9b3f-2a6c8e0d1f47'
  if (name === 'email' || pattern.includes('@')) return 'ada@example.com'
  if (name === 'password' || name === 'current') return 'correct horse battery'
  if (name === 'hmac') return 'a'.repeat(64)
  if (pattern.startsWith('^https?')) return 'https://shop.example'
  return name === 'text' ? 'Good morning!' : 'Example'.padEnd(minLength, '.')
}

/** A value that fits a schema: required fields only, or the first where none is required. */
export function sample(schema: PlainSchema, known: Known, name = ''): unknown {
  const shown: Sampled = schema
  if (shown.$ref !== undefined) {
    return sample(known[shown.$ref.slice(shown.$ref.lastIndexOf('/') + 1)] ?? {}, known, name)
  }
  if (shown.const !== undefined) return shown.const
  if (shown.anyOf !== undefined) return sample(shown.anyOf[0] ?? {}, known, name)
  if (shown.items !== undefined) return [sample(shown.items, known, name)]
  if (shown.properties !== undefined) {
    const { properties, required = [], minProperties = 0 } = shown
    const names = Object.keys(properties)
    const taken = required.length > 0 ? names.filter((one) => required.includes(one)) : names
    const few = required.length > 0 ? taken : taken.slice(0, minProperties)
    return Object.fromEntries(few.map((one) => [one, sample(properties[one] ?? {}, known, one)]))
  }
  if (shown.type === 'string') return sampleText(shown, name)
  if (shown.type === 'integer') return Math.max(shown.minimum ?? 0, 1)
  return shown.type === 'boolean'
}

/** JSON in one line as long as it is short. */
function inLines(value: unknown): string {
  const line = JSON.stringify(value)
  return line.length <= 60 ? line : JSON.stringify(value, null, 2).replaceAll('\n', '\n  ')
}

/** A command that calls an operation, for a shell. */
export function curlFor(
  operation: Operation,
  at: { method: string; path: string; base: string },
  known: Known,
): string {
  const path = at.path.replaceAll(/\{([a-z]+)\}/g, (_, name: string) => {
    const parameter = operation.parameters.find((one) => one.name === name)
    return String(sample(parameter?.schema ?? {}, known, name))
  })
  const bearer = operation.security.some((one) => 'bearer' in one)
  const cookie = operation.security.some((one) => 'cookie' in one)
  const method = at.method.toUpperCase()
  const origin = method === 'GET' ? [] : [`-H 'Origin: ${at.base}'`]
  const who = bearer
    ? ['-H "Authorization: Bearer $TOKEN"']
    : cookie
      ? ['-b "fermata_session=$SESSION"', ...origin]
      : []
  const schema = operation.requestBody?.content['application/json']?.schema
  const body =
    schema === undefined
      ? []
      : [`-H 'Content-Type: application/json'`, `-d '${inLines(sample(schema, known))}'`]
  const verb = method === 'GET' ? '' : ` -X ${method}`
  return [`curl${verb} ${at.base}${path}`, ...who, ...body].join(' \\\n  ')
}
