import { limits } from '@fermata/base/limits'
import { decodeRequest, encodeResponse, encodeUnknownVersion, type Request } from './codec.ts'
import { answerTo } from './answers/all.ts'
import { apis, type ApiName } from './apis.ts'
import type { Context } from './context.ts'
import { newFrameSplitter } from './frames.ts'

// One connection, without its socket. Requests are answered in the order in which they came, as clients
// expect. Produce goes along with Produce: so one flush serves many batches of one connection. Everything else
// begins when all before it are answered, as with Kafka's own broker: what was done is seen by what follows.

/** What a session says to whoever holds the connection. */
export interface SessionEvents {
  /** Pieces that follow each other on the line. */
  readonly send: (pieces: readonly Uint8Array[]) => void
  /** The connection cannot go on. */
  readonly end: (reason: string) => void
  /** Hears what is held of requests that were not answered, whole or not. */
  readonly onHeld?: (bytes: number) => void
  /** There is room again for what the client sends. */
  readonly resume: () => void
  /** Hears of each answer, for figures. */
  readonly onAnswered?: (api: ApiName, body: object) => void
  /** How long the client is to wait before it asks again. */
  readonly throttleMs?: () => number
  /** Something broke that is not the client's fault. */
  readonly onFault: (error: unknown, what: string) => void
}

/** One connection's requests and answers. */
export interface Session {
  /** Takes what came. False: no more is to be read until `resume`. */
  take(chunk: Uint8Array): boolean
  /** The client has not taken enough of what was sent: nothing new is begun until `unblock`. */
  block(): void
  unblock(): void
  /** Whether it waits for the client alone. */
  isIdle(): boolean
  /** The connection is gone. What has begun goes on, and its answers are dropped. */
  close(): void
}

/** A request that was not answered yet. */
interface Pending {
  readonly frame: Buffer
  isProduce: boolean
  state: 'waiting' | 'running' | 'done'
  pieces: readonly Uint8Array[]
}

/** The number of Produce, which stands first in a request. */
const produceKey = 0

/** Begins a session. */
export function openSession(context: Context, events: SessionEvents): Session {
  const { passage } = context
  // Nobody fills our memory before it is known who they are.
  const splitter = newFrameSplitter()
  const fit = (): void => {
    const isKnown = passage.identity !== undefined
    splitter.bytesMax = isKnown ? limits.kafkaFrameBytesMax : limits.kafkaFrameBytesOfStrangersMax
  }
  fit()
  const pending: Pending[] = []
  let waitingBytes = 0
  let isBlocked = false
  let isClosed = false
  let isPaused = false

  const isFull = (): boolean =>
    pending.length >= limits.kafkaRequestsWaitingMax ||
    waitingBytes > limits.kafkaRequestBytesWaitingMax

  const end = (reason: string): void => {
    if (isClosed) return
    isClosed = true
    pending.length = 0
    events.end(reason)
  }

  /** Sends what is done, in order, and begins what may begin. */
  const move = (): void => {
    while (pending[0]?.state === 'done') {
      const { pieces, frame } = pending.shift()!
      waitingBytes -= frame.length
      events.onHeld?.(splitter.heldBytes + waitingBytes)
      if (pieces.length > 0) events.send(pieces)
      if (isClosed) return
    }
    let onlyProduce = true
    for (const [at, one] of pending.entries()) {
      if (isBlocked || isClosed) break
      const mayBegin = at === 0 || (onlyProduce && one.isProduce)
      if (!mayBegin) break
      if (!one.isProduce) onlyProduce = false
      if (one.state === 'waiting') begin(one)
    }
    if (isPaused && !isClosed && !isFull()) {
      isPaused = false
      events.resume()
    }
  }

  const finish = (one: Pending, pieces: readonly Uint8Array[]): void => {
    one.state = 'done'
    one.pieces = pieces
    if (isClosed) return
    if (passage.hasFailed) {
      // It is first in line, and what follows it is not begun.
      events.send(pieces)
      end('it has not proved who it is')
      return
    }
    fit()
    move()
  }

  const begin = (one: Pending): void => {
    one.state = 'running'
    if (passage.isRaw) {
      void prove(one)
      return
    }
    const decoded = decodeRequest(one.frame, context.offer)
    if (decoded.ok) {
      const { api } = decoded.value
      if (passage.mayAsk(api)) void run(one, decoded.value)
      else end(`${api} was asked by somebody who has not said who they are`)
      return
    }
    const { refusal } = decoded
    if (refusal.code === 'unsupported_version' && refusal.api === 'ApiVersions') {
      // Not within the loop that has begun this.
      queueMicrotask(() => finish(one, encodeUnknownVersion(refusal.correlationId, context.offer)))
      return
    }
    end(`a request is refused: ${JSON.stringify(refusal)}`)
  }

  /** After the oldest handshake a frame is a token, and so is its answer. */
  const prove = async (one: Pending): Promise<void> => {
    try {
      const step = await passage.authenticate(one.frame)
      if (!step.ok) return end('it has not proved who it is')
      const { token } = step.value
      const length = Buffer.alloc(4)
      length.writeInt32BE(token.length)
      finish(one, [length, token])
    } catch (error) {
      fail(error, 'proving who a client is')
    }
  }

  const fail = (error: unknown, what: string): void => {
    events.onFault(error, what)
    end('the server failed')
  }

  const run = async (one: Pending, request: Request): Promise<void> => {
    try {
      const answer = answerTo(request.api)
      if (answer === undefined) {
        end(`nobody answers ${request.api}`)
        return
      }
      const body = await answer(request, context)
      if ('noAnswer' in body) {
        if (body.isRefused) end('a batch was refused, and no answer was asked for')
        else finish(one, [])
        return
      }
      const { api, version, correlationId } = request
      events.onAnswered?.(api, body)
      const throttleTimeMs = events.throttleMs?.() ?? 0
      const isTold = throttleTimeMs > 0 && 'throttleTimeMs' in apis[api].response.fields
      const told = isTold ? { ...body, throttleTimeMs } : body
      finish(one, encodeResponse({ api, version, correlationId, body: told }))
    } catch (error) {
      fail(error, `answering ${request.api} ${request.version}`)
    }
  }

  return {
    take(chunk) {
      if (isClosed) return false
      const cut = splitter.push(chunk)
      if (!cut.ok) {
        end(`a frame of ${cut.refusal.bytes} bytes was announced`)
        return false
      }
      for (const frame of cut.value) {
        const isProduce = frame.length >= 2 && frame.readInt16BE(0) === produceKey
        pending.push({ frame, isProduce, state: 'waiting', pieces: [] })
        waitingBytes += frame.length
      }
      events.onHeld?.(splitter.heldBytes + waitingBytes)
      move()
      isPaused = !isClosed && isFull()
      return !isPaused && !isClosed
    },
    block: () => void (isBlocked = true),
    unblock() {
      if (!isBlocked) return
      isBlocked = false
      move()
    },
    isIdle: () => pending.length === 0,
    close() {
      isClosed = true
      pending.length = 0
    },
  }
}
