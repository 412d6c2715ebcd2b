import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import type { Broker } from '../../broker/broker.ts'
import { answered } from './answers/all.ts'
import { openSession } from './session.ts'

/** How a listener for Kafka's clients is opened. */
export interface KafkaOptions {
  readonly broker: Broker
  readonly clock: Clock
  /** Whose topics are served here. */
  readonly workspace: string
  readonly host: string
  /** 0 takes one that is free. */
  readonly port: number
  /** Where clients are told to come; the address to which they have come where nothing is said. */
  readonly advertised?: { readonly host: string; readonly port: number }
  /** Hears why a connection was closed by us. */
  readonly onEnd?: (peer: string, reason: string) => void
  /** Hears of faults that are not the client's. */
  readonly onFault: (error: unknown, what: string) => void
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
  const { clock, host, port } = options
  const connections: Connections = { open: new Set(), unsentBytes: 0 }
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    if (connections.open.size >= limits.kafkaConnectionsMax) socket.destroy()
    else serve(options, socket, connections)
  })
  await listening(server, host, port)
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
    port: (server.address() as AddressInfo).port,
    connections: () => connections.open.size,
    async close() {
      stopLooking()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const { socket } of connections.open) socket.destroy()
      await closed
    },
  }
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** An IPv4 address that a socket shows as one of IPv6 is said as IPv4: old clients know no other. */
function plainAddress(address = ''): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address
}

function serve(options: KafkaOptions, socket: Socket, connections: Connections): void {
  const { broker, clock, workspace, advertised, onEnd, onFault } = options
  const peer = plainAddress(socket.remoteAddress)
  const here = { host: plainAddress(socket.localAddress), port: socket.localPort ?? 0 }
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
