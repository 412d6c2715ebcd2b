import type { Socket } from 'node:net'
import type { Clock } from '@fermata/base/clock'
import type { FillRandom } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { Broker } from '../../broker/broker.ts'
import { answered } from './answers/all.ts'
import { highest, newBudget, type Budget } from './budget.ts'
import { newTally, type KafkaFigures, type Tally } from './figures.ts'
import { gathering } from './gather.ts'
import { anonymous, type Doorkeeper } from './identity.ts'
import { listenAt } from './listen.ts'
import { outcomeOf } from './outcome.ts'
import { openPace, type Pace } from './pace.ts'
import { openPassage, type Passage } from './passage.ts'
import { openQuotas, type Quota, type QuotaRates, type Quotas } from './quota.ts'
import type { Context } from './context.ts'
import { openSession } from './session.ts'

/** Whom connections are served for, and with what. */
export interface HallOptions {
  readonly broker: Broker
  readonly clock: Clock
  readonly random: FillRandom
  /** Whose topics are served here. */
  readonly workspace: string
  /** Where clients are told to come; the address to which they have come where nothing is said. */
  readonly advertised?: { readonly host: string; readonly port: number }
  /** Absent: nobody can say who they are, and nobody must. */
  readonly doorkeeper?: Doorkeeper
  /** Whether somebody who does not say who they are is let in, with all rights; everybody is where nobody can. */
  readonly isAnonymousAllowed?: boolean
  /** How much each app may bring and take. */
  readonly rates?: QuotaRates
  readonly connectionsMax?: number
  /** Hears why a connection was closed by us. */
  readonly onEnd?: (peer: string, reason: string) => void
  /** Hears of faults that are not the client's. */
  readonly onFault: (error: unknown, what: string) => void
}

/** How a listener for Kafka's clients is opened. */
export interface KafkaOptions extends HallOptions {
  readonly host: string
  /** 0 takes one that is free. */
  readonly port: number
}

/** Serves Kafka's clients, wherever they have come in. */
export interface Hall {
  serve(socket: Socket): void
  connections(): number
  figures(): KafkaFigures
  /** Takes in no more requests, waits for those that have begun, and closes all connections. */
  close(): Promise<void>
}

/** An open listener. */
export interface KafkaListener {
  readonly port: number
  connections(): number
  /** Closes the listener and all connections. */
  close(): Promise<void>
}

const usualRates: QuotaRates = {
  inPerSecond: limits.kafkaAppBytesInPerSecond,
  outPerSecond: limits.kafkaAppBytesOutPerSecond,
}

/** One connection, and when its client was last seen to do anything. */
interface Connection {
  readonly socket: Socket
  readonly passage: Passage
  readonly sinceMs: number
  readonly peer: string
  readonly isIdle: () => boolean
  seenMs: number
}

/** All connections, and what is held for them. */
interface Connections {
  readonly open: Set<Connection>
  readonly tally: Tally
  /** What was sent since the client had last taken all. */
  readonly unsent: Budget<Connection>
  /** What has come of requests that were not answered, whole or not. What the log has no room for is refused, and so answered. */
  readonly received: Budget<Connection>
  readonly quotas: Quotas
  /** How often strangers of one address may try to prove who they are: each time their word is asked about elsewhere. */
  readonly pace: Pace
  /** No requests are taken in any more. */
  isClosing: boolean
}

function noConnections({ clock, rates = usualRates }: HallOptions): Connections {
  const drop = ({ socket }: Connection): void => void socket.destroy()
  return {
    open: new Set(),
    tally: newTally(),
    quotas: openQuotas(rates, clock),
    pace: openPace(clock, {
      atOnce: limits.kafkaSignInsAtOnceMax,
      perSecond: limits.kafkaSignInsPerSecondMax,
    }),
    isClosing: false,
    // Many who take nothing must not fill the memory: those go who were not seen to take anything for the longest.
    unsent: newBudget({
      bytesMax: limits.kafkaUnsentBytesTotalMax,
      choose: (held) => highest(held, ({ seenMs }) => -seenMs),
      drop,
    }),
    // Nor many who never come to the end of what they say: those go who have said the most.
    received: newBudget({
      bytesMax: limits.kafkaReceivedBytesTotalMax,
      choose: (held) => highest(held, (_, bytes) => bytes),
      drop,
    }),
  }
}

/** Listens for Kafka's clients. Rejects where the address cannot be had. */
export async function listenKafka(options: KafkaOptions): Promise<KafkaListener> {
  const hall = openHall(options)
  const { host, port } = options
  const entrance = await listenAt({ hosts: [host], port, onSocket: (socket) => hall.serve(socket) })
  return {
    port: entrance.port,
    connections: () => hall.connections(),
    async close() {
      const closed = entrance.close()
      await hall.close()
      await closed
    },
  }
}

/** Serves Kafka's clients. */
export function openHall(options: HallOptions): Hall {
  const { clock, connectionsMax = limits.kafkaConnectionsMax } = options
  const connections = noConnections(options)
  let stopLooking = (): void => {}
  const look = (): void => {
    for (const { socket, passage, isIdle, seenMs, sinceMs } of connections.open) {
      const now = clock.monotonic()
      const leftMs = now - seenMs
      const isStuck = socket.writableLength > 0 && leftMs >= limits.kafkaStuckMsMax
      const isStrange = passage.identity === undefined && now - sinceMs >= limits.kafkaStrangerMsMax
      if (isStuck || isStrange || (isIdle() && leftMs >= limits.kafkaIdleMsMax)) socket.destroy()
    }
    connections.pace.forget()
    stopLooking = clock.after(limits.kafkaLookMs, look)
  }
  look()
  const stopAsking = options.doorkeeper && watchIdentities(options, options.doorkeeper, connections)
  return {
    serve(socket) {
      const isFull = connections.open.size >= connectionsMax
      if (isFull && !makeRoom(connections)) socket.destroy()
      else serve(options, socket, connections)
    },
    connections: () => connections.open.size,
    figures() {
      const { open, tally } = connections
      const { bytesIn, bytesOut } = tally
      return { connections: open.size, bytesIn, bytesOut, requests: tally.requests() }
    },
    async close() {
      stopLooking()
      stopAsking?.()
      connections.isClosing = true
      for (const { socket } of connections.open) socket.pause()
      await finished(clock, connections)
      for (const { socket } of connections.open) socket.destroy()
    },
  }
}

/**
 * Makes room for one more: by somebody who has not said who they are, lest strangers keep out those who would; else by
 * whoever has the most connections, of which the one goes that was silent for the longest. False: all are at work.
 */
function makeRoom({ open }: Connections): boolean {
  const all = [...open]
  const counts = new Map<string, number>()
  for (const { passage } of all) {
    const name = passage.identity?.name
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const [most] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0])
  const stranger = all.find(({ passage }) => passage.identity === undefined)
  const goes =
    stranger ??
    all
      .filter(({ passage, isIdle }) => passage.identity?.name === most && isIdle())
      .reduce<Connection | undefined>((a, b) => (a && a.seenMs <= b.seenMs ? a : b), undefined)
  if (goes === undefined) return false
  open.delete(goes)
  goes.socket.destroy()
  return true
}

/** Waits for the requests that have begun, for a while. */
async function finished(clock: Clock, { open }: Connections): Promise<void> {
  const untilMs = clock.monotonic() + limits.kafkaFinishMsMax
  const isBusy = ({ socket, isIdle }: Connection): boolean => !isIdle() || socket.writableLength > 0
  while (clock.monotonic() < untilMs && [...open].some(isBusy)) {
    await new Promise<void>((go) => clock.after(5, go))
  }
}

/**
 * Asks again and again who those are that have shown a password, on whichever server it was revoked: whose is
 * void is gone within a second, and whose rights are others has them from then on.
 */
function watchIdentities(
  { clock, onEnd, onFault }: HallOptions,
  doorkeeper: Doorkeeper,
  connections: Connections,
): () => void {
  let stop = (): void => {}
  const ask = async (): Promise<void> => {
    const known = new Map<string, Connection[]>()
    for (const connection of connections.open) {
      const credential = connection.passage.identity?.credential
      if (credential == null) continue
      const others = known.get(credential)
      if (others === undefined) known.set(credential, [connection])
      else others.push(connection)
    }
    if (known.size === 0) return
    const found = await doorkeeper.still([...known.keys()])
    for (const [at, those] of [...known.values()].entries()) {
      const identity = found[at]
      for (const { passage, socket, peer } of those) {
        if (identity !== undefined) passage.renew(identity)
        else {
          onEnd?.(peer, 'its password is void')
          socket.destroy()
        }
      }
    }
  }
  const wait = (): void => {
    stop = clock.after(limits.kafkaIdentitiesMs, () => {
      ask()
        .catch((error: unknown) => onFault(error, 'asking who is still there'))
        .finally(wait)
    })
  }
  wait()
  return () => stop()
}

/** An IPv4 address that a socket shows as one of IPv6 is said as IPv4: old clients know no other. */
function plainAddress(address = ''): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address
}

function isOwnAddress(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}

/** 144 random bits, as letters that need no care. */
function nonceOf(random: FillRandom): string {
  const bytes = new Uint8Array(18)
  random(bytes)
  return Buffer.from(bytes).toString('base64url')
}

/** Where the client has found us. Old clients cannot tell the port behind an address of IPv6 from the address. */
function hereOf(socket: Socket): string {
  const address = plainAddress(socket.localAddress)
  return address === '::1' ? 'localhost' : address
}

function serve(options: HallOptions, socket: Socket, connections: Connections): void {
  const { broker, clock, workspace, advertised, doorkeeper, onEnd, onFault } = options
  const { tally, unsent, received } = connections
  const peer = plainAddress(socket.remoteAddress)
  const here = { host: hereOf(socket), port: socket.localPort ?? 0 }
  const isOpen = options.isAnonymousAllowed ?? doorkeeper === undefined
  const passage = openPassage({
    broker,
    newNonce: () => nonceOf(options.random),
    isPrivate: 'encrypted' in socket || isOwnAddress(peer),
    beforeAsking: () =>
      passage.identity === undefined ? connections.pace.turn(peer) : Promise.resolve(),
    ...(doorkeeper && { doorkeeper }),
    ...(isOpen && { initial: anonymous }),
  })
  const context: Context = {
    ...{ passage, workspace, peer, offer: answered, ...(advertised ?? here) },
    now: () => clock.now(),
    get broker() {
      return passage.broker
    },
  }
  let isFull = false
  let mutedUntilMs = 0
  const flow = (): void => {
    const isMuted = mutedUntilMs > clock.monotonic()
    if (isFull || isMuted || connections.isClosing) socket.pause()
    else socket.resume()
  }
  /** Who has shown a password has a quota; whoever is anonymous is at home. */
  const quotaOf = (): Quota | undefined => {
    const { identity } = passage
    return identity?.credential == null ? undefined : connections.quotas.of(identity.name)
  }
  const unmute = (): void => {
    const leftMs = mutedUntilMs - clock.monotonic()
    // A timer may be a little early.
    if (leftMs > 0) clock.after(leftMs, unmute)
    flow()
  }
  /** Nothing more is read of somebody for a while. */
  const mute = (ms: number): void => {
    if (ms === 0) return
    mutedUntilMs = Math.max(mutedUntilMs, clock.monotonic() + ms)
    unmute()
  }
  const gather = gathering(socket, () => unsent.note(connection, socket.writableLength))
  const session = openSession(context, {
    send(pieces) {
      gather()
      let bytes = 0
      for (const piece of pieces) {
        bytes += piece.length
        socket.write(piece)
      }
      tally.bytesOut += bytes
      mute(quotaOf()?.went(bytes) ?? 0)
      if (socket.writableLength > limits.kafkaUnsentBytesMax) session.block()
    },
    onHeld: (bytes) => received.note(connection, bytes),
    end(reason) {
      onEnd?.(peer, reason)
      // What was answered before still goes out.
      socket.destroySoon()
    },
    resume() {
      isFull = false
      flow()
    },
    throttleMs: () => Math.ceil(Math.max(0, mutedUntilMs - clock.monotonic())),
    onAnswered: (api, body) => tally.answered(api, outcomeOf(body)),
    onFault,
  })
  const connection: Connection = {
    ...{ socket, passage, peer, sinceMs: clock.monotonic() },
    isIdle: () => session.isIdle(),
    seenMs: clock.monotonic(),
  }
  connections.open.add(connection)
  socket.on('data', (chunk: Buffer) => {
    connection.seenMs = clock.monotonic()
    tally.bytesIn += chunk.length
    mute(quotaOf()?.came(chunk.length) ?? 0)
    if (!session.take(chunk)) isFull = true
    flow()
  })
  socket.on('drain', () => {
    connection.seenMs = clock.monotonic()
    unsent.note(connection, 0)
    session.unblock()
  })
  // A client may go at any time; what it was told is told.
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    session.close()
    unsent.note(connection, 0)
    received.note(connection, 0)
    connections.open.delete(connection)
  })
  flow()
}
