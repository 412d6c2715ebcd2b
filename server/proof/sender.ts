import { Agent, request } from 'node:http'
import { connect } from 'node:net'

/** A request as it goes over the wire; nothing in between makes it better. */
export interface WireRequest {
  readonly method: string
  /** Path and query, percent-encoded or not. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly bytes?: string | Uint8Array
}

/** What came back. */
export interface WireAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly text: string
}

const agent = new Agent({ keepAlive: true, maxSockets: 4 })

/** Ends the connections that are kept. */
export function closeSender(): void {
  agent.destroy()
}

/** Sends a request as it is. An event stream is cut off after its first bytes. */
export function send(
  url: string,
  { method, path, headers, bytes }: WireRequest,
): Promise<WireAnswer> {
  const { hostname, port } = new URL(url)
  const length: Record<string, string> =
    bytes === undefined ? {} : { 'content-length': String(Buffer.byteLength(bytes)) }
  return new Promise((resolve, reject) => {
    const asked = request(
      { hostname, port, method, path, agent, headers: { ...headers, ...length } },
      (answer) => {
        const { statusCode: status = 0, headers: got } = answer
        const chunks: Buffer[] = []
        const done = (): void =>
          resolve({ status, headers: got, text: Buffer.concat(chunks).toString() })
        const isStream = got['content-type']?.startsWith('text/event-stream') === true
        answer.on('data', (chunk: Buffer) => {
          chunks.push(chunk)
          if (!isStream) return
          done()
          asked.destroy()
        })
        answer.on('end', done)
        answer.on('error', reject)
      },
    )
    asked.on('error', reject)
    asked.end(bytes)
  })
}

/** Sends bytes that are no request; answers what came back before the server hung up. */
export function sendGarbage(url: string, bytes: string | Uint8Array): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.end(bytes))
    let text = ''
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
    socket.on('close', () => resolve(text))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // To be hung up on is a fair answer to garbage.
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') resolve(text)
      else reject(error)
    })
  })
}
