import type { SeededRandom } from '@fermata/testkit/random'

/** The part of JSON Schema that the contract is written in. */
export interface Schema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly minProperties?: number
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
}

/** Where the values come from that no schema can know: the ids of things that are there, passwords. */
export interface Pool {
  /** A text for a pattern that names ids, or anything else that must exist. */
  forPattern(pattern: string): string | undefined
  /** A value for a field of this name; undefined leaves it to the schema. */
  forField(name: string): unknown
}

/** Texts for the patterns of the contract; each pattern must fit at least one. */
const texts = [
  'Ada',
  'Zoë Ünal',
  '日本語の名前',
  'a@b.example',
  'ada+tag@mail.example.org',
  'Europe/Rome',
  '+39 02 1234567',
  '2027-02-28T09:30',
  'en',
  'it-IT',
  'https://shop.example',
  'http://localhost:8080',
  'late delivery',
  'a'.repeat(64),
  // A visitor's token, as a browser makes it.
  `fmv_${'A'.repeat(43)}`,
  '0123456789abcdef'.repeat(4),
  'with \u{1f980} and "quotes" and \\ slashes',
  '<script>alert(1)</script>',
  "'; drop table messages; --",
  '\u202eright to left',
]

/** Makes a value that a schema takes. */
export function validValue(schema: Schema, random: SeededRandom, pool: Pool, name = ''): unknown {
  const known = pool.forField(name)
  // Waiting is real time; whoever names it is always heard.
  if (known !== undefined && (name === 'waitMs' || random.chance(0.6))) return known
  if (schema.anyOf !== undefined) {
    return validValue(random.pick(schema.anyOf), random, pool, name)
  }
  if ('const' in schema) return schema.const
  if (schema.enum !== undefined) return random.pick(schema.enum)
  switch (schema.type) {
    case 'object':
      return validObject(schema, random, pool)
    case 'array':
      return validList(schema, random, pool)
    case 'string':
      return validText(schema, random, pool)
    case 'integer':
      return validInteger(schema, random)
    case 'boolean':
      return random.chance(0.5)
    case 'null':
      return null
    default:
      throw new Error(`no values can be made for ${JSON.stringify(schema)}`)
  }
}

function validObject(schema: Schema, random: SeededRandom, pool: Pool): Record<string, unknown> {
  const { properties = {}, required = [], minProperties = 0 } = schema
  const made: Record<string, unknown> = {}
  const left = random.shuffled(Object.keys(properties))
  for (const [index, name] of left.entries()) {
    const isNeeded =
      required.includes(name) || Object.keys(made).length + left.length - index <= minProperties
    if (!isNeeded && random.chance(0.5)) continue
    made[name] = validValue(properties[name]!, random, pool, name)
  }
  return made
}

function validList(
  { items = {}, minItems = 0, maxItems = 100 }: Schema,
  random: SeededRandom,
  pool: Pool,
): unknown[] {
  const length = Math.max(minItems, random.below(Math.min(maxItems, 4) + 1))
  const made = new Map<string, unknown>()
  for (let tries = 0; made.size < length && tries < 50; tries++) {
    const value = validValue(items, random, pool)
    made.set(JSON.stringify(value), value)
  }
  return [...made.values()]
}

function validText(schema: Schema, random: SeededRandom, pool: Pool): string {
  const { pattern, minLength = 0, maxLength = 1_000 } = schema
  if (pattern === undefined) {
    const length = random.pick([minLength, Math.max(minLength, 12), Math.min(maxLength, 500)])
    return random.pick(['x', 'è', ' y']).repeat(length).slice(0, length)
  }
  const known = pool.forPattern(pattern)
  if (known !== undefined) return known
  const wanted = new RegExp(pattern, 'u')
  const fitting = texts.filter(
    (text) => wanted.test(text) && text.length >= minLength && text.length <= maxLength,
  )
  if (fitting.length === 0) throw new Error(`no text is known that fits ${pattern}`)
  return random.pick(fitting)
}

function validInteger({ minimum = -1_000, maximum = 1e15 }: Schema, random: SeededRandom): number {
  const near = Math.min(maximum, minimum + random.below(60))
  return random.pick([minimum, maximum, near, near, near])
}
