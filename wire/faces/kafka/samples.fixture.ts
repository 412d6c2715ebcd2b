import type { SeededRandom } from '@fermata/testkit/random'
import { apiNames, apis, type ApiName } from './apis.ts'
import { defaultsOf, type Field, type Fields, type Message } from './declare.ts'
import { includes } from './versions.ts'

// Messages with values drawn from a seed, at the edges of what each field can hold.

/** One version of a request or of a response. */
export interface Form {
  readonly api: ApiName
  readonly half: 'request' | 'response'
  readonly version: number
  readonly message: Message
}

/** Every version of every message, in the order of the keys. */
export const forms: readonly Form[] = apiNames.flatMap((api) =>
  (['request', 'response'] as const).flatMap((half) => {
    const message: Message = apis[api][half]
    const { min, max } = message.versions
    const versions = Array.from({ length: max - min + 1 }, (_, index) => min + index)
    return versions.map((version) => ({ api, half, version, message }))
  }),
)

/** How a form is called in titles. */
export function titleOf({ message, version }: Form): string {
  return `${message.name} ${version}`
}

/** So many random bytes. */
export function drawBytes(random: SeededRandom, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.below(256)))
}

type Draw = (random: SeededRandom) => unknown

const words = [
  '',
  'a',
  'orders',
  'ключ',
  '鍵',
  '𝄐 fermata',
  'x'.repeat(126),
  'y'.repeat(200),
] as const

const draws: Readonly<Record<Exclude<Field['kind'], 'array' | 'struct'>, Draw>> = {
  boolean: (random) => random.chance(0.5),
  int8: (random) => random.pick([-128, -1, 0, 1, 127]),
  int16: (random) => random.pick([-32_768, -1, 0, 1, 300, 32_767]),
  uint16: (random) => random.pick([0, 1, 9_092, 65_535]),
  int32: (random) => random.pick([-(2 ** 31), -1, 0, 1, 65_536, 2 ** 31 - 1]),
  int64: (random) =>
    random.pick([-(2 ** 53) + 1, -(2 ** 32), -2, -1, 0, 1, 2 ** 31, 2 ** 32 + 5, 2 ** 53 - 1]),
  float64: (random) => random.pick([-1.5, 0, 0.1, 1e300]),
  uuid: (random) => {
    const hex = drawBytes(random, 16).toString('hex')
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  },
  string: (random) => random.pick(words),
  bytes: (random) => drawBytes(random, random.pick([0, 1, 127, 128, 300])),
  records: (random) => drawBytes(random, random.pick([0, 1, 61, 200])),
}

function drawValue(random: SeededRandom, field: Field, version: number): unknown {
  if (includes(field.nullable, version) && random.chance(0.3)) return null
  switch (field.kind) {
    case 'array':
      return Array.from({ length: random.pick([0, 1, 1, 2, 3]) }, () =>
        drawValue(random, field.element!, version),
      )
    case 'struct':
      return drawFields(random, field.fields!, version)
    default:
      return draws[field.kind](random)
  }
}

function drawFields(random: SeededRandom, fields: Fields, version: number): unknown {
  const values: Record<string, unknown> = { ...defaultsOf(fields) }
  for (const [name, field] of Object.entries(fields)) {
    if (!includes(field.versions, version)) continue
    if (field.tag !== undefined && random.chance(0.5)) continue
    values[name] = drawValue(random, field, version)
  }
  return values
}

/** A body of one version. Fields that the version lacks have the values that a reader gives them. */
export function drawBody(random: SeededRandom, { message, version }: Form): unknown {
  return drawFields(random, message.fields, version)
}
