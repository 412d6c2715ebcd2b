import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** An answer of the server. */
export interface WireAnswer {
  readonly status: number
  readonly head: string
  readonly body: string
}

/** A request; `body` is sent as JSON. */
export interface WireRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

/**
 * A connection that is kept alive and carries one request at a time. It understands no more of HTTP/1.1 than
 * our server says (answers with a length), because a generator of load that shares the
 * machine's cores with the server must cost as little as possible.
 */
export class Wire {
  readonly #socket: Socket
  readonly #host: string
  #chunks: Buffer[] = []
  #waiting: PromiseWithResolvers<WireAnswer> | undefined
  #failure: Error | undefined

  private constructor(socket: Socket, host: string) {
    this.#socket = socket
    this.#host = host
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the server closed the connection')))
  }

  /** Connects to a port of this machine. */
  static async open(port: number): Promise<Wire> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return new Wire(socket, `127.0.0.1:${port}`)
  }

  close(): void {
    this.#socket.removeAllListeners('close')
    this.#socket.destroy()
  }

  /** Sends a request and waits for the whole answer. Rejects when the connection is lost. */
  ask({ method, path, headers, body }: WireRequest): Promise<WireAnswer> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    let head = `${method} ${path} HTTP/1.1\r\nhost: ${this.#host}\r\n`
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`
    if (body === undefined) {
      this.#socket.write(`${head}\r\n`)
    } else {
      const text = JSON.stringify(body)
      const length = Buffer.byteLength(text)
      this.#socket.write(
        `${head}content-type: application/json\r\ncontent-length: ${length}\r\n\r\n${text}`,
      )
    }
    this.#waiting = Promise.withResolvers<WireAnswer>()
    return this.#waiting.promise
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk)
    const all = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks)
    this.#chunks = [all]
    const end = all.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = all.toString('latin1', 0, end)
    const status = Number(head.slice(9, 12))
    const length = Number(
      /^content-length: *(\d+)/im.exec(head)?.[1] ?? (status === 204 ? 0 : Number.NaN),
    )
    if (Number.isNaN(length)) return this.#fail(new Error(`an answer without a length: ${head}`))
    if (all.length < end + 4 + length) return
    const body = all.toString('utf8', end + 4, end + 4 + length)
    this.#chunks = []
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.resolve({ status, head, body })
  }

  #fail(error: Error): void {
    this.#failure = error
    this.#socket.destroy()
    this.#waiting?.reject(error)
    this.#waiting = undefined
  }
}

/** Asks, and throws unless the answer is a success; answers its body as JSON. */
export async function mustAsk(wire: Wire, request: WireRequest): Promise<unknown> {
  const { status, body } = await wire.ask(request)
  if (status < 200 || status > 299) {
    throw new Error(`${request.method} ${request.path} was answered ${status}: ${body}`)
  }
  return body === '' ? undefined : JSON.parse(body)
}
