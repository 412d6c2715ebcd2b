import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Server as TlsServer } from 'node:tls'
import { limits } from '@fermata/base/limits'

// Where Kafka's clients come in. It knows nothing of what they say, so that a server which nobody talks to
// need not load what could answer.

/** A certificate with its chain, and its key, as PEM. */
export interface TlsMaterial {
  readonly cert: string
  readonly key: string
}

/** Where to listen, and who takes those who come. */
export interface ListenOptions {
  /** Addresses that share one port. Of those after the first, one that this machine does not have is left out. */
  readonly hosts: readonly string[]
  /** 0 takes one that is free. */
  readonly port: number
  readonly tls?: TlsMaterial
  /** Gets each connection before anything of it is read. */
  readonly onSocket: (socket: Socket) => void
}

/** An open entrance. */
export interface Entrance {
  readonly port: number
  /** Shows another certificate to those who come from now on. Throws where the two do not fit. */
  secure(material: TlsMaterial): void
  /** Lets nobody else in; resolves when those who are in have gone. */
  close(): Promise<void>
}

/** Listens. Rejects where the address cannot be had, or certificate and key do not fit. */
export async function listenAt(options: ListenOptions): Promise<Entrance> {
  const [first = '', ...others] = options.hosts
  /** Those who are on their way to an encrypted connection, whom nobody else knows. */
  const going: Going = new Map()
  const servers = [await newServer(options, going)]
  await listening(servers[0]!, first, options.port)
  const { port } = servers[0]!.address() as AddressInfo
  try {
    for (const host of others) {
      const server = await newServer(options, going)
      if (await isHad(server, host, port)) servers.push(server)
    }
  } catch (error) {
    await closeAll(servers)
    throw error
  }
  return {
    port,
    secure(material) {
      for (const server of servers) {
        if ('setSecureContext' in server) (server as TlsServer).setSecureContext(material)
      }
    },
    close() {
      const closed = closeAll(servers)
      for (const socket of going.values()) socket.destroy()
      return closed
    },
  }
}

type Going = Map<string, Socket>

async function newServer({ tls, onSocket }: ListenOptions, going: Going): Promise<Server> {
  const socketOptions = { noDelay: true, keepAlive: true, pauseOnConnect: true }
  if (tls === undefined) return createServer(socketOptions, onSocket)
  // Loaded where it is needed alone: it is a megabyte.
  const { createServer: createTlsServer } = await import('node:tls')
  const handshakeTimeout = limits.kafkaStrangerMsMax
  const options = { ...tls, handshakeTimeout, minVersion: 'TLSv1.2', noDelay: true } as const
  const server = createTlsServer({ ...options, keepAlive: true })
  server.on('connection', (socket: Socket) => begin(socket, going))
  server.on('secureConnection', (socket) => {
    going.delete(nameOf(socket))
    socket.pause()
    onSocket(socket)
  })
  // Somebody who speaks no TLS, or does not trust us: their connection is closed, and that is all.
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  return server
}

/** So many may be on their way; beyond that whoever has been for the longest goes. */
function begin(socket: Socket, going: Going): void {
  const name = nameOf(socket)
  going.set(name, socket)
  socket.once('close', () => {
    if (going.get(name) === socket) going.delete(name)
  })
  const [longest] = going.values()
  if (going.size > limits.kafkaHandshakesMax) longest?.destroy()
}

/** The socket beneath and the encrypted one have the same. */
function nameOf({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${remoteAddress} ${remotePort}`
}

/** Whether a further address could be had; one that the machine has not, or not any more, is no error. */
async function isHad(server: Server, host: string, port: number): Promise<boolean> {
  try {
    await listening(server, host, port)
    return true
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return false
    throw error
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

async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))),
  )
}
