import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { timesOf, type Times } from './figures.ts'
import { cpuBetween, cpuTime } from './usage.ts'

/** Another system that does the same work. */
export interface Rival {
  readonly name: string
  /** Where its program is, or why it is not there. */
  find(): { readonly path: string; readonly skip: string | false }
  /** When it says that a record is there. */
  readonly flush: string
  /** Starts what `find` has found. */
  start(path: string): Promise<RivalServer>
}

/** A rival that runs. */
export interface RivalServer {
  readonly pid: number
  /** A connection that is ready to publish. */
  open(): Promise<RivalWire>
  /** A consumer of what is published from now on; `hear` is told how many records have come. It closes what it is given back. */
  follow(hear: (records: number) => void): Promise<{ close(): void }>
  stop(): Promise<void>
}

/** A connection to a rival. */
export interface RivalWire {
  readonly socket: Socket
  /** One record on its way. */
  readonly record: Buffer
  /** How many records a piece of what has come acknowledges. */
  acknowledged(chunk: Buffer): number
}

/** How a rival did. */
export interface RivalRound {
  readonly records: number
  readonly seconds: number
  readonly times: Times
  readonly serverUs: number
}

/** How many are on their way, and for how long. */
export interface RivalOrder {
  readonly inFlight: number
  readonly warmMs: number
  readonly measuredMs: number
}

/** A port that nobody has just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Connects as soon as somebody listens. */
export async function connected(port: number): Promise<Socket> {
  for (let tries = 0; ; tries++) {
    const socket = connect(port, '127.0.0.1').setNoDelay(true)
    try {
      await once(socket, 'connect')
      return socket
    } catch (error) {
      if (tries === 600) throw error
      await new Promise((go) => setTimeout(go, 100))
    }
  }
}

/** The next piece that comes in which something is found; what came before is passed over. */
export async function heard(socket: Socket, what: string): Promise<Buffer> {
  let all: Buffer = Buffer.alloc(0)
  while (!all.includes(what)) {
    const [chunk] = (await once(socket, 'data')) as [Buffer]
    all = Buffer.concat([all, chunk])
  }
  return all
}

/** One connection that has so many records on their way, until it is over. */
async function publish(
  wire: RivalWire,
  depth: number,
  state: { isMeasured: boolean; isOver: boolean; readonly ms: number[] },
): Promise<void> {
  const sent: number[] = []
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const send = (count: number): void => {
    const nowMs = performance.now()
    for (let left = count; left > 0; left--) {
      sent.push(nowMs)
      wire.socket.write(wire.record)
    }
  }
  wire.socket.on('error', reject)
  wire.socket.on('close', () => reject(new Error('the rival closed the connection')))
  wire.socket.on('data', (chunk: Buffer) => {
    const count = wire.acknowledged(chunk)
    const nowMs = performance.now()
    for (const sinceMs of sent.splice(0, count)) {
      if (state.isMeasured && !state.isOver) state.ms.push(nowMs - sinceMs)
    }
    if (!state.isOver) send(count)
    else if (sent.length === 0) resolve()
  })
  send(depth)
  await promise
}

const pause = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms))

/** Publishes single records to a rival for a while; as many at a time, over as many connections, as to us. */
export async function rivalRound(server: RivalServer, order: RivalOrder): Promise<RivalRound> {
  const count = Math.min(order.inFlight, 16)
  const wires = await Promise.all(Array.from({ length: count }, () => server.open()))
  const state = { isMeasured: false, isOver: false, ms: [] as number[] }
  const running = Promise.all(wires.map((wire) => publish(wire, order.inFlight / count, state)))
  await Promise.race([pause(order.warmMs), running])
  const [before, sinceMs] = [cpuTime(server.pid), performance.now()]
  state.isMeasured = true
  await Promise.race([pause(order.measuredMs), running])
  state.isOver = true
  const seconds = (performance.now() - sinceMs) / 1_000
  const { totalUs: serverUs } = cpuBetween(before, cpuTime(server.pid))
  await running
  for (const { socket } of wires) {
    socket.removeAllListeners()
    socket.destroy()
  }
  return { records: state.ms.length, seconds, times: timesOf(state.ms), serverUs }
}

/** Publishes as {@link rivalRound} does while one consumer takes it all in; `records` are those that came to it. */
export async function rivalFlow(
  server: RivalServer,
  order: RivalOrder,
): Promise<Omit<RivalRound, 'times'>> {
  let came = 0
  const consumer = await server.follow((records) => (came += records))
  const publishing = rivalRound(server, order)
  await Promise.race([pause(order.warmMs), publishing])
  const [before, sinceMs, camePreviously] = [cpuTime(server.pid), performance.now(), came]
  await Promise.race([pause(order.measuredMs), publishing])
  const seconds = (performance.now() - sinceMs) / 1_000
  const records = came - camePreviously
  const { totalUs: serverUs } = cpuBetween(before, cpuTime(server.pid))
  await publishing
  consumer.close()
  return { records, seconds, serverUs }
}
