// A real HTTP and WebSocket server on this machine that answers what a test tells it to: for what a
// client must do when a server fails in ways that the real one cannot be asked to.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import type { Frame } from '@fermata/contract/events.schema'
import { errors, refusal, type ErrorCode } from '@fermata/contract/errors'

/** A request as it came. */
export interface Heard {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  /** The body's JSON; undefined when there was none. */
  readonly body: unknown
}

/** What to answer. */
export interface Reply {
  readonly status?: number
  /** Sent as JSON; a string as it is; absent: no body. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Breaks the connection off: before an answer, or in the middle of its body. */
  readonly cut?: 'before' | 'within'
}

/** A client that follows the feed. */
export interface Follower {
  readonly via: 'socket' | 'stream'
  readonly since: number | null
  readonly headers: IncomingMessage['headers']
  /** Sends a frame, or any text in its place. */
  send(frame: Frame | string): void
  /** Ends the connection politely. */
  end(): void
  /** Breaks it off. */
  cut(): void
  /** Whether the client has gone. */
  gone(): boolean
}

/** A server that plays a script. */
export interface Scripted {
  readonly url: string
  /** Every request so far, those for the feed's streams included. */
  readonly requests: readonly Heard[]
  /** Decides every later answer. */
  answer(reply: (request: Heard) => Reply | Promise<Reply>): void
  /** Every follower so far. */
  readonly followers: readonly Follower[]
  /** Decides whether the next followers are let in; null lets them. */
  admit(decide: () => Reply | null): void
  close(): Promise<void>
}

/** The answer of a refusal. */
export function refusing(code: ErrorCode, headers: Record<string, string> = {}): Reply {
  return { status: errors[code].status, body: { error: refusal(code) }, headers }
}

/** Starts a scripted server on a free port. Until it is told otherwise it knows nothing. */
export async function startScripted(): Promise<Scripted> {
  const requests: Heard[] = []
  const followers: Follower[] = []
  let reply: (request: Heard) => Reply | Promise<Reply> = () => refusing('not_found')
  let admitted: () => Reply | null = () => null

  const server = createServer((request, response) => {
    void hear(request).then(async (heard) => {
      requests.push(heard)
      const isStream = heard.headers.accept === 'text/event-stream'
      const barred = isStream ? admitted() : await reply(heard)
      if (barred === null) followers.push(streamFollower(heard, response))
      else write(response, barred)
    })
  })
  takeSockets(
    server,
    () => admitted(),
    (follower) => followers.push(follower),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    followers,
    answer: (decide) => void (reply = decide),
    admit: (decide) => void (admitted = decide),
    close: () =>
      new Promise((resolve) => {
        for (const follower of followers) follower.cut()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function hear(request: IncomingMessage): Promise<Heard> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  const url = new URL(request.url ?? '/', 'http://localhost')
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: text === '' ? undefined : (JSON.parse(text) as unknown),
  }
}

function write(response: ServerResponse, reply: Reply): void {
  if (reply.cut === 'before') {
    response.destroy()
    return
  }
  const { body } = reply
  if (body === undefined) {
    response.writeHead(reply.status ?? 204, reply.headers)
    response.end()
    return
  }
  const text = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  response.writeHead(reply.status ?? 200, {
    'content-type': 'application/json',
    'content-length': text.length,
    ...reply.headers,
  })
  if (reply.cut === undefined) response.end(text)
  else response.write(text.subarray(0, text.length / 2), () => response.destroy())
}

function positionIn(query: URLSearchParams): number | null {
  const since = query.get('since')
  return since === null ? null : Number(since)
}

function streamFollower(heard: Heard, response: ServerResponse): Follower {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
  response.flushHeaders()
  let isGone = false
  response.once('close', () => (isGone = true))
  return {
    via: 'stream',
    since: positionIn(heard.query),
    headers: heard.headers,
    send: (frame) => void response.write(`data: ${textOf(frame)}\n\n`),
    end: () => void response.end(),
    cut: () => void response.destroy(),
    gone: () => isGone,
  }
}

function takeSockets(
  server: Server,
  admitted: () => Reply | null,
  add: (follower: Follower) => void,
): void {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (protocols) => (protocols.has('fermata.v1') ? 'fermata.v1' : false),
  })
  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    const barred = admitted()
    if (barred !== null) {
      socket.end(`HTTP/1.1 ${barred.status ?? 500} Refused\r\nConnection: close\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      let isGone = false
      webSocket.once('close', () => (isGone = true))
      add({
        via: 'socket',
        since: positionIn(new URL(request.url ?? '/', 'http://localhost').searchParams),
        headers: request.headers,
        send: (frame) => webSocket.send(textOf(frame)),
        end: () => webSocket.close(),
        cut: () => webSocket.terminate(),
        gone: () => isGone,
      })
    })
  })
}

function textOf(frame: Frame | string): string {
  return typeof frame === 'string' ? frame : JSON.stringify(frame)
}
