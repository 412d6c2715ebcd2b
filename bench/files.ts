import { createReadStream, readdirSync, statSync } from 'node:fs'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** What is asked for at once, and what a bare copy reads at once. */
export const pieceBytes = 2 ** 20

/** The files that segments lie in, in the order of their names. */
export function segmentFiles(folder: string): readonly { file: string; bytes: number }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.log'))
    .toSorted()
    .map((name) => {
      const file = join(folder, name)
      return { file, bytes: statSync(file).size }
    })
}

/** Sends files into a socket of this machine; answers how many bytes they are. */
export async function filesToSocket(
  files: readonly { readonly file: string }[],
  port: number,
): Promise<number> {
  const socket = await openSocket(port)
  for (const { file } of files) {
    await pipeline(createReadStream(file, { highWaterMark: pieceBytes }), socket, { end: false })
  }
  await closed(socket)
  return socket.bytesWritten
}

/** Connects to a sink. */
export async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  return socket.resume()
}

/** Ends it, and waits until the other side has read everything and closes too. */
export async function closed(socket: Socket): Promise<void> {
  const over = once(socket, 'close')
  socket.end()
  await over
}

/** A socket that reads and forgets; it closes what has ended. */
export async function openSink(): Promise<{ readonly port: number; close(): void }> {
  const server = createServer((socket) => void socket.resume())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => void server.close() }
}
