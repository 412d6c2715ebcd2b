import type { Socket } from 'node:net'
import type { Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import type { Broker } from '../../broker/broker.ts'
import { answered } from './answers/all.ts'
import { listenAt } from './listen.ts'
import { openSession } from './session.ts'

/** Whom connections are served for, and with what. */
export interface HallOptions {
  readonly broker: Broker
  readonly clock: Clock
  /** Whose topics are served here. */
  readonly workspace: string
  /** Where clients are told to come; the address to which they have come where nothing is said. */
  readonly advertised?: { readonly host: string; readonly port: number }
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

/** One connection, and when its client was last seen to do anything. */
interface Connection {
  readonly socket: Socket
  readonly isIdle: () => boolean
  seenMs: number
  /** What was sent since the client had last taken all. */
  unsentBytes: number
}

/** All connections, and what their clients have not taken. */
interface Connections {
  readonly open: Set<Connection>
  unsentBytes: number
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
  const { clock } = options
  const connections: Connections = { open: new Set(), unsentBytes: 0 }
  let stopLooking = (): void => {}
  const look = (): void => {
    for (const { socket, isIdle, seenMs } of connections.open) {
      const leftMs = clock.monotonic() - seenMs
      const isStuck = socket.writableLength > 0 && leftMs >= limits.kafkaStuckMsMax
      if (isStuck || (isIdle() && leftMs >= limits.kafkaIdleMsMax)) socket.destroy()
    }
    stopLooking = clock.after(limits.kafkaLookMs, look)
  }
  look()
  return {
    serve(socket) {
      if (connections.open.size >= limits.kafkaConnectionsMax) socket.destroy()
      else serve(options, socket, connections)
    },
    connections: () => connections.open.size,
    async close() {
      stopLooking()
      for (const { socket } of connections.open) socket.destroy()
    },
  }
}

/** An IPv4 address that a socket shows as one of IPv6 is said as IPv4: old clients know no other. */
function plainAddress(address = ''): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address
}

/** Where the client has found us. Old clients cannot tell the port behind an address of IPv6 from the address. */
function hereOf(socket: Socket): string {
  const address = plainAddress(socket.localAddress)
  return address === '::1' ? 'localhost' : address
}

function serve(options: HallOptions, socket: Socket, connections: Connections): void {
  const { broker, clock, workspace, advertised, onEnd, onFault } = options
  const peer = plainAddress(socket.remoteAddress)
  const here = { host: hereOf(socket), port: socket.localPort ?? 0 }
  const context = { broker, workspace, peer, offer: answered, ...(advertised ?? here) }
  const session = openSession(context, {
    send(pieces) {
      socket.cork()
      for (const piece of pieces) socket.write(piece)
      socket.uncork()
      noteUnsent(connections, connection, socket.writableLength)
      if (socket.writableLength > limits.kafkaUnsentBytesMax) session.block()
      dropStuck(connections)
    },
    end(reason) {
      onEnd?.(peer, reason)
      // What was answered before still goes out.
      socket.destroySoon()
    },
    resume: () => void socket.resume(),
    onFault,
  })
  const connection: Connection = {
    socket,
    isIdle: () => session.isIdle(),
    seenMs: clock.monotonic(),
    unsentBytes: 0,
  }
  connections.open.add(connection)
  socket.on('data', (chunk: Buffer) => {
    connection.seenMs = clock.monotonic()
    if (!session.take(chunk)) socket.pause()
  })
  socket.on('drain', () => {
    connection.seenMs = clock.monotonic()
    noteUnsent(connections, connection, 0)
    session.unblock()
  })
  // A client may go at any time; what it was told is told.
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    session.close()
    noteUnsent(connections, connection, 0)
    connections.open.delete(connection)
  })
  socket.resume()
}

function noteUnsent(connections: Connections, connection: Connection, bytes: number): void {
  connections.unsentBytes += bytes - connection.unsentBytes
  connection.unsentBytes = bytes
}

/** Many who take nothing must not fill the memory: those go who were not seen to take anything for the longest. */
function dropStuck(connections: Connections): void {
  while (connections.unsentBytes > limits.kafkaUnsentBytesTotalMax) {
    let stuck: Connection | undefined
    for (const one of connections.open) {
      if (one.unsentBytes > 0 && (stuck === undefined || one.seenMs < stuck.seenMs)) stuck = one
    }
    if (stuck === undefined) return
    stuck.socket.destroy()
    noteUnsent(connections, stuck, 0)
  }
}
