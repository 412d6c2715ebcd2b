import type { SeededRandom } from '@fermata/testkit/random'

/** Values that belong nowhere, or hardly anywhere. */
const odd: readonly (() => unknown)[] = [
  () => null,
  () => true,
  () => -1,
  () => 0.5,
  () => 1e308,
  () => 2 ** 53,
  () => '',
  () => ' ',
  () => 'x'.repeat(30_000),
  () => 'nul \0 inside',
  () => 'lone \ud800 surrogate',
  () => '\udfff',
  () => [],
  () => [[]],
  () => ['a', 'a'],
  () => Array.from({ length: 2_000 }, () => 'a'),
  () => ({}),
  () => ({ toString: 'no function', length: 3 }),
  () => withPrototypeKey({}),
  () => nested(30),
  () => '../../etc/passwd',
  () => '%00%ff',
  () => "' or 1=1 --",
  () => 'cnv_00000000000000000000000000',
  () => '{"$ne":null}',
  () => 'constructor',
]

/** Something nested so deep that no honest client sends it. */
export function nested(depth: number): unknown {
  let value: unknown = 'deep'
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value }
  return value
}

/** An object with a key of its own that other objects inherit. */
export function withPrototypeKey(value: object): object {
  const copy = { ...value }
  Object.defineProperty(copy, '__proto__', { value: { isAdmin: true }, enumerable: true })
  return copy
}

/** A value with one thing wrong somewhere in it. */
export function spoiltValue(value: unknown, random: SeededRandom): unknown {
  const isList = Array.isArray(value)
  const isObject = typeof value === 'object' && value !== null && !isList
  if (isList && value.length > 0 && random.chance(0.6)) {
    const at = random.below(value.length)
    return value.map((one, index) => (index === at ? spoiltValue(one, random) : one) as unknown)
  }
  if (!isObject || random.chance(0.1)) return random.pick(odd)()
  const names = Object.keys(value)
  const object = { ...value } as Record<string, unknown>
  switch (random.below(6)) {
    case 0:
      return { ...object, unknown: random.pick(odd)() }
    case 1:
      return { ...withPrototypeKey(object), constructor: { prototype: {} } }
    case 2:
      if (names.length > 0) delete object[random.pick(names)]
      return object
    default: {
      if (names.length === 0) return random.pick(odd)()
      const name = random.pick(names)
      object[name] = spoiltValue(object[name], random)
      return object
    }
  }
}

/** A body as bytes, with the headers it comes with. */
export interface RawBody {
  readonly bytes: string | Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

/** Bytes of which nobody knows what they are. */
export function randomBytes(random: SeededRandom, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256))
}

const json = { 'content-type': 'application/json' }
const typed = (type: string) => ({ 'content-type': type })

/** Bodies that are wrong as a whole; most begin as one that is right. */
const hostileBodies: readonly ((text: string, random: SeededRandom) => RawBody)[] = [
  (_, random) => ({ bytes: randomBytes(random, random.below(200)), headers: json }),
  (text, random) => ({ bytes: text.slice(0, random.below(text.length + 1)), headers: json }),
  (text) => ({ bytes: text, headers: {} }),
  (text) => ({ bytes: text, headers: typed('text/plain') }),
  (text) => ({ bytes: text, headers: typed('application/json; charset=utf-16') }),
  (text) => ({ bytes: text, headers: typed('multipart/form-data; boundary=x') }),
  (text) => ({ bytes: text, headers: typed('application/x-www-form-urlencoded') }),
  (text) => ({ bytes: text, headers: typed('/;;;') }),
  (text) => ({ bytes: text, headers: { ...json, 'content-encoding': 'gzip' } }),
  (text) => ({ bytes: `\ufeff${text}`, headers: json }),
  (text) => ({ bytes: text + text, headers: json }),
  () => ({ bytes: '['.repeat(50_000), headers: json }),
  () => ({ bytes: JSON.stringify(nested(200)), headers: json }),
  () => ({ bytes: `{"a":"${'x'.repeat(300 * 1024)}"}`, headers: json }),
  () => ({ bytes: '"text"', headers: json }),
  () => ({ bytes: 'null', headers: json }),
  () => ({ bytes: '[]', headers: json }),
  () => ({ bytes: '{"a":1,"a":2,"__proto__":{"b":1}}', headers: json }),
  () => ({ bytes: Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d), headers: json }),
  () => ({ bytes: '', headers: json }),
]

/** A body that is wrong as a whole. */
export function hostileBody(value: unknown, random: SeededRandom): RawBody {
  return random.pick(hostileBodies)(JSON.stringify(value) ?? '', random)
}

/** Queries that are wrong as a whole. */
export const hostileQueries: readonly string[] = [
  '?limit=1&limit=2',
  '?limit=',
  '?limit=99999999999999999999',
  '?limit=-1',
  '?limit=1e3',
  '?since=0x10',
  '?__proto__=1',
  '?constructor[prototype]=1',
  '?a=%00',
  '?a=%ff',
  '?a=%',
  '?a=%ed%a0%80',
  '?page=%22%27%3b',
  '?page=AAAA',
  `?page=${'A'.repeat(5_000)}`,
  '?&&&===',
  '?list=ours&list=all',
  '?inbox[]=1',
]

/** Headers that are odd. */
export const hostileHeaders: readonly Readonly<Record<string, string>>[] = [
  { authorization: 'Bearer' },
  { authorization: 'Bearer ' },
  { authorization: 'Basic AAAA' },
  { authorization: `Bearer ${'x'.repeat(5_000)}` },
  { authorization: 'Bearer null' },
  { cookie: 'fermata_session=; ; =;;' },
  { cookie: `fermata_session=${'%'.repeat(100)}` },
  { origin: 'null' },
  { origin: 'https://evil.example' },
  { origin: 'file://' },
  { 'x-forwarded-for': '1.2.3.4, not an address' },
  { accept: 'text/event-stream' },
  { 'last-event-id': 'x' },
  { 'if-none-match': '*' },
  { range: 'bytes=0-1' },
  { 'x-http-method-override': 'DELETE' },
]
