import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { errors, type ErrorCode } from '@fermata/contract/errors'
import { routes, type Route, type RouteName, type Who } from '@fermata/contract/routes'
import { schemas, type RouteSchema } from '@fermata/contract/routes.schema'
import { knob } from '@fermata/testkit/knobs'
import { seededRandom, type SeededRandom } from '@fermata/testkit/random'
import { auditFolder } from './audit.ts'
import { makeFuzzWorld, type FuzzWorld, type Sender } from './fuzz.world.ts'
import { openHouse } from './house.ts'
import { closeSender, send, sendGarbage, type WireAnswer, type WireRequest } from './sender.ts'
import { hostileBody, hostileHeaders, hostileQueries, randomBytes, spoiltValue } from './spoilt.ts'
import { validValue } from './values.ts'

/** Requests to each route. */
const runs = knob('FERMATA_FUZZ_RUNS', 60)

/** Routes that no guessing gets through, so that none of their answers can be a success. */
const neverDone: readonly RouteName[] = [
  'setup.do',
  'drafts.sendShared',
  'identity.prove',
  'invitations.look',
  'invitations.accept',
  'resets.use',
  'members.endTwoFactor',
  'twoFactor.confirm',
  'twoFactor.end',
  'twoFactor.renewCodes',
]

/** Routes that take away what the others are about; they come last. */
const takesAway = /\.(?:remove|deactivate|end|merge)$/

const inOrder = (Object.keys(routes) as RouteName[]).toSorted(
  (a, b) => Number(takesAway.test(a)) - Number(takesAway.test(b)),
)

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? '')

/** The values of the path and of the query as they go over the wire. */
const addressOf = (route: Route, params: unknown, query: unknown): string => {
  const values = record(params)
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(textOf(values[name] ?? 'none').toWellFormed()),
  )
  const search = Object.entries(record(query))
    .map((pair) => pair.map((one) => encodeURIComponent(textOf(one).toWellFormed())).join('='))
    .join('&')
  return search === '' ? path : `${path}?${search}`
}

/** Bytes on their way in, with headers that fit them more or less. */
const incoming = (random: SeededRandom): Pick<WireRequest, 'headers' | 'bytes'> => ({
  bytes: randomBytes(random, random.below(2_000)),
  headers: {
    'content-type': random.chance(0.9) ? 'application/offset+octet-stream' : 'text/plain',
    'upload-offset': random.pick(['0', '0', '0', '-1', '7', '1e3', '9'.repeat(15)]),
    ...(random.chance(0.2) ? { 'tus-resumable': random.pick(['1.0.0', '0.2.2', '\u00e9']) } : {}),
    ...(random.chance(0.2)
      ? { 'upload-checksum': random.pick(['sha1 AAAA', 'md5 x', `sha256 ${'A'.repeat(43)}=`]) }
      : {}),
  },
})

/** A request to a route: valid, spoilt in one place, or hostile as a whole. */
const requestTo = (name: RouteName, random: SeededRandom, world: FuzzWorld) => {
  const route: Route = routes[name]
  const schema = schemas[name] as RouteSchema
  const make = (part: 'params' | 'query' | 'body'): unknown =>
    schema[part] === undefined ? undefined : validValue(schema[part], random, world.pool(name))
  const parts = { params: make('params'), query: make('query'), body: make('body') }
  const how = random.pick(['valid', 'valid', 'spoilt', 'spoilt', 'hostile'] as const)
  const sent: { -readonly [K in keyof typeof parts]: unknown } = { ...parts }
  if (how === 'spoilt') {
    const part = random.pick(
      (['params', 'query', 'body'] as const).filter(
        (one) => parts[one] !== undefined || one === 'query',
      ),
    )
    sent[part] = spoiltValue(parts[part] ?? {}, random)
  }
  const body = sent.body === undefined ? undefined : JSON.stringify(sent.body)
  let request: WireRequest = {
    method: route.method,
    path: addressOf(route, sent.params, sent.query),
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { bytes: body }),
    ...(route.bytes === 'in' ? incoming(random) : {}),
  }
  if (how === 'hostile') {
    if (random.chance(0.5)) request = { ...request, ...hostileBody(parts.body, random) }
    if (random.chance(0.4)) {
      request = { ...request, path: request.path.split('?')[0] + random.pick(hostileQueries) }
    }
    if (random.chance(0.4)) {
      request = { ...request, headers: { ...request.headers, ...random.pick(hostileHeaders) } }
    }
  }
  return { how, request }
}

/** Holds an answer against what every answer must be. */
const judge = (name: RouteName, { status, headers, text }: WireAnswer): void => {
  if (status >= 200 && status < 300) {
    const isStream = String(headers['content-type']).startsWith('text/event-stream')
    if ((routes[name] as Route).bytes === 'out') return
    if ((schemas[name] as RouteSchema).answer === undefined)
      assert.equal(text, '', 'a 204 is empty')
    else if (!isStream) assert.doesNotThrow(() => JSON.parse(text) as unknown)
    return
  }
  const { error, ...rest } = record(JSON.parse(text))
  // Who holds it, and what it became, is told only with the refusals that are about that.
  const { code, message, field, limit, holder, choices, draft, sent, ...more } = record(error)
  const isHeld = ['lease_held', 'lease_lost', 'draft_held'].includes(textOf(code))
  assert.ok(holder === undefined || (isHeld && typeof record(holder)['name'] === 'string'))
  assert.ok(choices === undefined || (code === 'choose_workspace' && Array.isArray(choices)))
  assert.equal(draft === undefined, code !== 'draft_changed')
  assert.equal(sent === undefined, code !== 'already_sent')
  assert.deepEqual({ ...rest, ...more }, {}, 'the form of errors')
  assert.ok(typeof code === 'string' && Object.hasOwn(errors, code), `the code ${String(code)}`)
  assert.equal(errors[code as ErrorCode].status, status)
  assert.ok(typeof message === 'string' && message.length > 0 && message.length < 500)
  assert.ok(limit === undefined || typeof limit === 'number')
  if (status === 400)
    assert.ok(typeof field === 'string' && field.length > 0, 'a 400 names a field')
  if (status === 429) assert.match(String(headers['retry-after']), /^\d+$/)
  assert.ok(status < 500, `${status} ${message}`)
}

/** Who is sent where the table names somebody. */
const sendersAs: Readonly<Record<Who, readonly Sender[]>> = {
  anyone: ['nobody'],
  anyMember: ['owner', 'agent'],
  member: ['owner', 'agent'],
  contact: ['contact'],
  app: ['app'],
}

const sendersOf = (route: Route): Sender[] => {
  const who: Sender[] = route.who.flatMap((one) => sendersAs[one])
  return [...who, ...who, ...who, 'nobody', 'contact']
}

test('every route, fuzzed from its schema, answers clearly and harms nothing', async (t) => {
  const random = seededRandom(t.name)
  const house = await openHouse(t)
  t.after(closeSender)
  const world = await makeFuzzWorld(house, random)
  const untouched = await world.untouched()
  const counts = { valid: 0, spoilt: 0, hostile: 0 }

  for (const name of inOrder) {
    await t.test(name, async () => {
      await world.prepare(name)
      let done = 0
      // Chance may refuse a route all the way; it then gets more tries before that is a fault.
      const mayMiss = neverDone.includes(name)
      for (let run = 0; run < runs || (done === 0 && !mayMiss && run < 10 * runs); run++) {
        if (run % 5 === 0) house.skip(limits.signInWindowMs)
        const { how, request } = requestTo(name, random, world)
        const sender = random.pick(sendersOf(routes[name]))
        const as = world.as(sender, name)
        const isMember = 'cookie' in as
        const origin = isMember ? { origin: house.url } : {}
        const headers = { ...as, ...origin, ...request.headers }
        const answer = await send(house.url, { ...request, headers })
        const told = `${how} by ${sender}: ${JSON.stringify(request).slice(0, 600)}\n${answer.text.slice(0, 600)}`
        assert.doesNotThrow(() => judge(name, answer), told)
        assert.deepEqual(house.logged, [], told)
        if (answer.status < 300) done += 1
        if (answer.status < 300) counts[how] += 1
        if (isMember && answer.text.includes('not_signed_in') && !('authorization' in headers)) {
          await world.comeBack()
        }
      }
      assert.ok(done > 0 || mayMiss, `${name} was never answered with a success`)
    })
  }
  t.diagnostic(`successes: ${JSON.stringify(counts)}`)
  await world.comeBack()
  assert.deepEqual(await world.untouched(), untouched, 'what nobody touched is as it was')
  await house.stop()
  auditFolder(house.folder)
})

test('bytes that are no request are hung up on, and the next one is served', async (t) => {
  const random = seededRandom(t.name)
  const house = await openHouse(t)
  t.after(closeSender)
  for (let run = 0; run < 200; run++) {
    const bytes = random.pick([
      () => randomBytes(random, 1 + random.below(300)),
      () => 'GET /v1/setup HTTP/9.9\r\n\r\n',
      () => 'GET /v1/\0setup HTTP/1.1\r\nhost: x\r\n\r\n',
      () => 'POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-length: -5\r\n\r\n{}',
      () =>
        'POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      () => `GET /v1/setup HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`,
      () =>
        'GET /v1/feed/socket HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
      () =>
        'GET /v1/feed/socket?since=x HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAA\r\n\r\n',
    ])()
    const text = await sendGarbage(house.url, bytes)
    assert.doesNotMatch(text, /^HTTP\/1\.1 (?:2|5)/)
  }
  const { status } = await send(house.url, { method: 'GET', path: '/v1/setup', headers: {} })
  assert.equal(status, 200)
  assert.deepEqual(house.logged, [])
})
