import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** The key of the handshake; any will do, for it keeps no secret (RFC 6455 section 1.3). */
const key = 'dGhlIHNhbXBsZSBub25jZQ=='
const accept = createHash('sha1')
  .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
  .digest('base64')

/**
 * A reader of the live feed that costs next to nothing: it answers pings, gives each text frame as the bytes
 * that came, and understands no more of WebSocket than a server of ours sends.
 */
export class FrameReader {
  readonly #socket: Socket
  readonly #heard: (frame: Buffer) => void
  #rest: Buffer

  private constructor(socket: Socket, rest: Buffer, heard: (frame: Buffer) => void) {
    this.#socket = socket
    this.#rest = rest
    this.#heard = heard
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('error', () => undefined)
    if (rest.length > 0) this.#take(Buffer.alloc(0))
  }

  /** Connects to the feed from now on. Throws when it is not let in. */
  static async open(
    port: number,
    token: string,
    heard: (frame: Buffer) => void,
  ): Promise<FrameReader> {
    const socket = connect(port, '127.0.0.1')
    socket.setNoDelay(true)
    await once(socket, 'connect')
    socket.write(
      `GET /v1/feed/socket HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: Bearer ${token}\r\n` +
        'connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n' +
        `sec-websocket-key: ${key}\r\n\r\n`,
    )
    let head: Buffer = Buffer.alloc(0)
    for (;;) {
      const [chunk] = (await once(socket, 'data')) as [Buffer]
      head = Buffer.concat([head, chunk])
      const end = head.indexOf('\r\n\r\n')
      if (end < 0) continue
      const text = head.toString('latin1', 0, end)
      if (!text.startsWith('HTTP/1.1 101') || !text.includes(accept)) {
        throw new Error(`the feed did not let a reader in: ${head.toString()}`)
      }
      return new FrameReader(socket, head.subarray(end + 4), heard)
    }
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    for (;;) {
      if (bytes.length < 2) break
      const short = bytes[1]! & 0x7f
      const head = short === 127 ? 10 : short === 126 ? 4 : 2
      if (bytes.length < head) break
      const length =
        short === 127
          ? Number(bytes.readBigUInt64BE(2))
          : short === 126
            ? bytes.readUInt16BE(2)
            : short
      if (bytes.length < head + length) break
      const payload = bytes.subarray(head, head + length)
      const kind = bytes[0]! & 0x0f
      if (kind === 1) this.#heard(payload)
      if (kind === 9) this.#pong(payload)
      bytes = bytes.subarray(head + length)
    }
    this.#rest = bytes
  }

  /** A client's frames are masked; a mask of zeros leaves the bytes as they are. */
  #pong(payload: Buffer): void {
    const head = Buffer.from([0x8a, 0x80 | payload.length, 0, 0, 0, 0])
    this.#socket.write(Buffer.concat([head, payload]))
  }
}
