// The load of the workload `fan-out`, in a process of its own: many who follow one conversation, and one
// who writes in it at a steady pace.

import type { ConversationId } from '@fermata/base/ids'
import { randomFrom } from '@fermata/testkit/random'
import { FrameReader } from './frames.ts'
import { timesOf, type Times } from './figures.ts'
import { keepPace } from './pace.ts'
import { chatTexts } from './texts.ts'
import { cpuBetween, cpuTime } from './usage.ts'
import { mustAsk, Wire } from './wire.ts'
import { asApp, buildWorld, newClientId } from './world.ts'

/** What to do. */
export interface FanOutOrder {
  readonly port: number
  readonly pid: number
  readonly sockets: number
  readonly apps: number
  readonly postsPerSecond: number
  readonly warmPosts: number
  readonly posts: number
  readonly seed: number
}

/** How it went. */
export interface FanOutAnswer {
  /** From the moment a post was sent until the last socket had it. */
  readonly last: Times
  /** The same until each single socket had it. */
  readonly each: Times
  readonly serverCpuUs: number
  readonly generatorCpuUs: number
  readonly seconds: number
  readonly frames: number
}

/** A post on its way to everybody. */
interface Flight {
  readonly sentMs: number
  readonly isMeasured: boolean
  missing: number
}

const clientIds = /"client":"([0-9a-f-]{36})"/g

class Watch {
  readonly flights = new Map<string, Flight>()
  readonly last: number[] = []
  readonly each: number[] = []
  frames = 0
  /** How far each socket has been told the feed. */
  readonly #told: Float64Array
  #bytes: Buffer = Buffer.alloc(0)
  #ids: readonly string[] = []
  #position = 0

  constructor(sockets: number) {
    this.#told = new Float64Array(sockets)
  }

  /** Takes a frame at one socket. Nearly all get the same bytes one after the other, read once. */
  hear(socket: number, frame: Buffer): void {
    this.frames += 1
    if (!frame.equals(this.#bytes)) {
      this.#bytes = Buffer.from(frame)
      const found = [...frame.toString('latin1').matchAll(clientIds)].map(([, id = '']) => id)
      this.#ids = [...new Set(found)]
      this.#position = (JSON.parse(frame.toString()) as { position: number }).position
    }
    if (this.#ids.length > 0) {
      // Whoever is told a position once, and only forward, is told every event once.
      if (this.#told[socket]! >= this.#position) throw new Error('a socket was told an event twice')
      this.#told[socket] = this.#position
    }
    const nowMs = performance.now()
    for (const id of this.#ids) {
      const flight = this.flights.get(id)
      if (flight === undefined) continue
      flight.missing -= 1
      if (flight.isMeasured) this.each.push(nowMs - flight.sentMs)
      if (flight.missing > 0) continue
      if (flight.isMeasured) this.last.push(nowMs - flight.sentMs)
    }
  }
}

async function run(order: FanOutOrder): Promise<FanOutAnswer> {
  const { port, pid, sockets, apps, postsPerSecond, warmPosts, posts, seed } = order
  const texts = chatTexts(randomFrom(seed), 2_000)
  const world = await buildWorld(port, { apps, conversations: 1 })
  const [conversation] = world.conversations as [ConversationId]
  const watch = new Watch(sockets)
  const readers: FrameReader[] = []
  for (let i = 0; i < sockets; i++) {
    const token = world.tokens[i % apps]!
    readers.push(await FrameReader.open(port, token, (frame) => watch.hear(i, frame)))
  }
  const free: Wire[] = []
  /** Posts on a connection that has nothing else to do; the pace does not wait for answers. */
  const post = async (token: string, body: object): Promise<void> => {
    const wire = free.pop() ?? (await Wire.open(port))
    const path = `/v1/conversations/${conversation}/messages`
    await mustAsk(wire, { method: 'POST', path, headers: asApp(token), body })
    free.push(wire)
  }

  let [serverBefore, ownBefore, sinceMs] = [cpuTime(pid), process.cpuUsage(), 0]
  await keepPace({
    perSecond: postsPerSecond,
    seconds: (warmPosts + posts) / postsPerSecond,
    async act(turn) {
      if (turn === warmPosts) {
        ;[serverBefore, ownBefore, sinceMs] = [cpuTime(pid), process.cpuUsage(), performance.now()]
      }
      const client = newClientId()
      watch.flights.set(client, {
        sentMs: performance.now(),
        isMeasured: turn >= warmPosts,
        missing: sockets,
      })
      await post(world.tokens[turn % apps]!, { client, text: texts[turn % texts.length]! })
    },
  })
  const patienceMs = performance.now() + 10_000
  while (watch.last.length < posts && performance.now() < patienceMs) {
    await new Promise((go) => setTimeout(go, 20))
  }
  const seconds = (performance.now() - sinceMs) / 1_000
  const serverCpuUs = cpuBetween(serverBefore, cpuTime(pid)).totalUs
  const own = process.cpuUsage(ownBefore)
  for (const reader of readers) reader.close()
  for (const wire of free) wire.close()
  if (watch.last.length !== posts) {
    throw new Error(`only ${watch.last.length} of ${posts} posts came to all sockets`)
  }
  return {
    last: timesOf(watch.last),
    each: timesOf(watch.each),
    serverCpuUs,
    generatorCpuUs: own.user + own.system,
    seconds,
    frames: watch.frames,
  }
}

process.on('message', (order: FanOutOrder) => {
  run(order).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
process.on('disconnect', () => process.exit(0))
