import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import type { AnyEvent, Frame } from '@fermata/contract/events.schema'
import { until } from '@fermata/testkit/until'
import { WebSocket, type ClientOptions } from 'ws'
import { newVisitor, serveWorld, type World } from '../serve.world.ts'

/** What the end is promised to take at most; ten times that is a fault and no slow machine. */
const promisedMs = 1_000

/** A socket that keeps what it heard. */
interface Listener {
  readonly socket: WebSocket
  readonly frames: Frame[]
  readonly events: () => AnyEvent[]
  readonly closed: Promise<[number, Buffer]>
}

function listen(
  world: World,
  options: { since?: number; headers?: Record<string, string>; protocols?: string[] } = {},
): Listener {
  const query = options.since === undefined ? '' : `?since=${options.since}`
  const client: ClientOptions = { headers: options.headers ?? {} }
  const address = `${world.url.replace('http', 'ws')}/v1/feed/socket${query}`
  const socket = new WebSocket(address, options.protocols ?? [], client)
  const frames: Frame[] = []
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    assert.equal(isBinary, false)
    frames.push(JSON.parse(data.toString()))
  })
  return {
    socket,
    frames,
    events: () => frames.flatMap((frame) => (frame.type === 'events' ? frame.events : [])),
    closed: once(socket, 'close') as Promise<[number, Buffer]>,
  }
}

/** The status and the refusal that a socket is answered with instead of an upgrade. */
async function refused(listener: Listener): Promise<{ status: number; code: string }> {
  listener.socket.on('error', () => undefined)
  const [, answer] = (await once(listener.socket, 'unexpected-response')) as [
    unknown,
    NodeJS.ReadableStream & { statusCode: number },
  ]
  let text = ''
  for await (const chunk of answer) text += String(chunk)
  return { status: answer.statusCode, code: JSON.parse(text).error.code }
}

const own = (world: World) => ({ cookie: world.cookie, origin: world.url })

test('a socket is told what was missed, then what comes, and resumes where it was cut', async (t) => {
  const world = await serveWorld(t)
  const visitor = await newVisitor(world)
  const first = listen(world, { since: 0, headers: own(world) })
  await until('the missed events are there', () => first.events().length > 0)
  await visitor.say('Or the blue one?')
  const posted = (events: AnyEvent[]) => events.filter((event) => event.type === 'message.posted')
  await until('the second message is told', () => posted(first.events()).length === 2)
  const position = first.events().at(-1)!.position
  first.socket.terminate()
  await first.closed

  await visitor.say('Hello?')
  const second = listen(world, { since: position, headers: own(world) })
  await until('the third message is told', () => posted(second.events()).length > 0)
  assert.equal(posted(second.events()).length, 1)
  assert.equal(posted(second.events())[0]!.now.message?.text, 'Hello?')
  const positions = [...first.events(), ...second.events()].map((event) => event.position)
  assert.deepEqual(
    positions,
    [...new Set(positions)].toSorted((a, b) => a - b),
  )
})

test('a cookie opens a socket only from a page of the server itself', async (t) => {
  const world = await serveWorld(t)
  const { cookie } = world
  const evil = { cookie, origin: 'https://evil.example' }
  assert.deepEqual(await refused(listen(world, { headers: evil })), {
    status: 403,
    code: 'origin_refused',
  })
  assert.equal((await refused(listen(world, { headers: { cookie } }))).code, 'origin_refused')
  assert.equal((await refused(listen(world))).code, 'not_signed_in')
  const open = listen(world, { headers: own(world) })
  await once(open.socket, 'open')
})

test('a page that cannot set headers brings its token as a subprotocol', async (t) => {
  const world = await serveWorld(t)
  const visitor = await newVisitor(world)
  const protocols = ['fermata.v1', `bearer.${visitor.token}`]
  const open = listen(world, { protocols, since: 0 })
  await until('the visitor hears of their own words', () => open.events().length > 0)
  assert.equal(open.socket.protocol, 'fermata.v1')

  const wrong = listen(world, { protocols: ['fermata.v1', 'bearer.fmv_wrong'] })
  assert.equal((await refused(wrong)).status, 401)
  const foreign = { origin: 'https://evil.example' }
  assert.equal((await refused(listen(world, { protocols, headers: foreign }))).status, 403)
})

test('an app without the scope is refused as on the route', async (t) => {
  const world = await serveWorld(t)
  const { token } = await world.ask<{ token: string }>('POST', '/v1/apps', {
    name: 'Robot',
    scopes: ['conversations:read'],
  })
  const headers = { authorization: `Bearer ${token}` }
  assert.equal((await refused(listen(world, { headers }))).code, 'scope_missing')
})

test('a wrong position, a wrong path and a full house are refused', async (t) => {
  const world = await serveWorld(t)
  assert.equal((await refused(listen(world, { since: -1 }))).code, 'invalid_field')
  const elsewhere = new WebSocket(`${world.url.replace('http', 'ws')}/v1/elsewhere`)
  elsewhere.on('error', () => undefined)
  const [, answer] = (await once(elsewhere, 'unexpected-response')) as [
    unknown,
    { statusCode: number },
  ]
  assert.equal(answer.statusCode, 404)

  const sockets = []
  for (let i = 0; i < limits.socketsPerActorMax; i++) {
    const { socket } = listen(world, { headers: own(world) })
    await once(socket, 'open')
    sockets.push(socket)
  }
  assert.equal((await refused(listen(world, { headers: own(world) }))).code, 'too_many')
  sockets[0]!.terminate()
  await until('a place is free', () => world.server.rooms.feed.readers() < sockets.length)
  await once(listen(world, { headers: own(world) }).socket, 'open')
})

test('a client that talks, or talks too much, is closed, and the others hear on', async (t) => {
  const world = await serveWorld(t)
  const visitor = await newVisitor(world)
  const quiet = listen(world, { headers: own(world) })
  const talker = listen(world, { headers: own(world) })
  const shouter = listen(world, { headers: own(world) })
  await Promise.all([quiet, talker, shouter].map(({ socket }) => once(socket, 'open')))
  talker.socket.send('hello')
  assert.equal((await talker.closed)[0], 1008)
  shouter.socket.send(Buffer.alloc(limits.socketFrameBytesMax + 1))
  assert.equal((await shouter.closed)[0], 1009)
  await visitor.say('Anybody there?')
  await until('the quiet one hears', () => quiet.events().length > 0)
})

test('a member who signs out is cut off within a second', async (t) => {
  const world = await serveWorld(t)
  const listener = listen(world, { headers: own(world) })
  await once(listener.socket, 'open')
  const since = performance.now()
  await world.ask('DELETE', '/v1/sessions/current')
  const [code, reason] = await listener.closed
  assert.deepEqual([code, reason.toString()], [4401, 'ended'])
  assert.ok(performance.now() - since < 10 * promisedMs)
  assert.deepEqual(listener.frames.at(-1), { type: 'ended' })
})

/** Reads a stream of server-sent events until enough have come. */
async function readEvents(answer: Response, enough: (text: string) => boolean): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of answer.body!) {
    text += decoder.decode(chunk, { stream: true })
    if (enough(text)) break
  }
  return text
}

test('a stream tells the same, with an id to resume from that a browser sends by itself', async (t) => {
  const world = await serveWorld(t)
  const visitor = await newVisitor(world)
  const accept = 'text/event-stream'
  const stream = (headers: Record<string, string>, query = '') =>
    fetch(`${world.url}/v1/feed${query}`, { headers: { cookie: world.cookie, accept, ...headers } })

  const first = await stream({}, '?since=0')
  assert.equal(first.headers.get('content-type'), 'text/event-stream')
  assert.equal(first.headers.get('cache-control'), 'no-store')
  const text = await readEvents(first, (so) => so.includes('message.posted'))
  const ids = [...text.matchAll(/^id: (\d+)\ndata: (.*)$/gm)]
  assert.ok(ids.length > 0)
  for (const [, id, data] of ids) assert.equal(JSON.parse(data!).position, Number(id))

  await visitor.say('One more thing')
  const second = await stream({ 'last-event-id': ids.at(-1)![1]! }, '?since=0')
  const later = await readEvents(second, (so) => so.includes('One more thing'))
  assert.doesNotMatch(later, /Is the red one in stock/)

  const wrong = await stream({ 'last-event-id': 'yesterday' })
  assert.equal(wrong.status, 400)
  assert.equal(
    ((await wrong.json()) as { error: { field: string } }).error.field,
    'headers.last-event-id',
  )
  const page = await fetch(`${world.url}/v1/feed?since=0`, { headers: { cookie: world.cookie } })
  assert.equal(((await page.json()) as { reset: boolean }).reset, false)
})

test('a stream that its reader leaves gives its place back', async (t) => {
  const world = await serveWorld(t)
  const cut = new AbortController()
  const answer = await fetch(`${world.url}/v1/feed`, {
    headers: { cookie: world.cookie, accept: 'text/event-stream' },
    signal: cut.signal,
  })
  const { feed } = world.server.rooms
  await until('it follows', () => feed.readers() === 1)
  const ended = assert.rejects(answer.text())
  cut.abort()
  await ended
  await until('it is gone', () => feed.readers() === 0)
})
