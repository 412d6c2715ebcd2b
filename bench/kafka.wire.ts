import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { ApiName, RequestDraft, ResponseBody } from '@fermata/wire/faces/kafka/apis'
import { decodeResponse, encodeRequest } from '@fermata/wire/faces/kafka/codec'

/** The newest versions without tags, which cost a generator of load the least. */
const versions = { Produce: 7, Fetch: 11, CreateTopics: 4 } as const satisfies Partial<
  Record<ApiName, number>
>
type Api = keyof typeof versions

/** A request as it goes over the line, length and all; it may be sent again and again. */
export function frameOf<Name extends Api>(api: Name, body: RequestDraft<Name>): Buffer {
  const version = versions[api]
  return Buffer.concat(encodeRequest({ api, version, correlationId: 1, clientId: 'bench', body }))
}

/** What stands in a response. */
export function bodyOf<Name extends Api>(api: Name, frame: Buffer): ResponseBody<Name> {
  const decoded = decodeResponse(frame, api, versions[api])
  if (!decoded.ok) throw new Error(`${api} was answered by ${JSON.stringify(decoded.refusal)}`)
  return decoded.value.body
}

/**
 * A connection to a Kafka broker that carries many requests at a time. Answers come in the order of what was asked, so
 * nothing of them is read but what is asked for.
 */
export class KafkaWire {
  readonly #socket: Socket
  readonly #waiting: PromiseWithResolvers<Buffer>[] = []
  #first = 0
  /** The beginning of an answer, and how much of it has come. */
  #held: Buffer = Buffer.alloc(0)
  #heldBytes = 0
  #failure: Error | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the broker closed the connection')))
  }

  /** Connects to a port of this machine. */
  static async open(port: number): Promise<KafkaWire> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return new KafkaWire(socket)
  }

  close(): void {
    this.#socket.removeAllListeners('close')
    this.#socket.destroy()
  }

  /** Sends a request; answers the response without its length. Rejects when the connection is lost. */
  ask(frame: Buffer): Promise<Buffer> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    const waiting = Promise.withResolvers<Buffer>()
    this.#waiting.push(waiting)
    this.#socket.write(frame)
    return waiting.promise
  }

  #fail(error: Error): void {
    this.#failure ??= error
    for (const { reject } of this.#waiting.splice(0).slice(this.#first)) reject(error)
    this.#first = 0
  }

  #take(chunk: Buffer): void {
    let rest = chunk
    while (rest.length > 0) {
      if (this.#heldBytes === 0 && rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
        const end = 4 + rest.readInt32BE(0)
        this.#answer(rest.subarray(4, end))
        rest = rest.subarray(end)
      } else rest = this.#hold(rest)
    }
  }

  /** Puts together an answer that comes in pieces; gives back what is behind it. */
  #hold(rest: Buffer): Buffer {
    if (this.#heldBytes < 4) {
      const head = Buffer.concat([
        this.#held.subarray(0, this.#heldBytes),
        rest.subarray(0, 4 - this.#heldBytes),
      ])
      const taken = head.length - this.#heldBytes
      // Room for all of it at once: what is copied as it comes need not be copied again.
      this.#held = head.length < 4 ? head : Buffer.allocUnsafe(4 + head.readInt32BE(0))
      head.copy(this.#held)
      this.#heldBytes = head.length
      return rest.subarray(taken)
    }
    const taken = Math.min(rest.length, this.#held.length - this.#heldBytes)
    rest.copy(this.#held, this.#heldBytes, 0, taken)
    this.#heldBytes += taken
    if (this.#heldBytes === this.#held.length) {
      this.#answer(this.#held.subarray(4))
      this.#held = Buffer.alloc(0)
      this.#heldBytes = 0
    }
    return rest.subarray(taken)
  }

  #answer(frame: Buffer): void {
    const waiting = this.#waiting[this.#first]
    if (waiting === undefined) throw new Error('the broker answers what nobody has asked')
    this.#first += 1
    if (this.#first === this.#waiting.length) {
      this.#waiting.length = 0
      this.#first = 0
    }
    waiting.resolve(frame)
  }
}

/** Makes a topic. */
export async function makeTopic(wire: KafkaWire, name: string, partitions: number): Promise<void> {
  const topic = {
    name,
    numPartitions: partitions,
    replicationFactor: 1,
    assignments: [],
    configs: [],
  }
  const frame = frameOf('CreateTopics', { topics: [topic] })
  const { topics } = bodyOf('CreateTopics', await wire.ask(frame))
  if (topics[0]?.errorCode !== 0) throw new Error(`no topic: ${JSON.stringify(topics)}`)
}

/** A request that produces one batch, durably. */
export function produceFrame(topic: string, index: number, records: Uint8Array): Buffer {
  return frameOf('Produce', {
    transactionalId: null,
    acks: -1,
    timeoutMs: 30_000,
    topicData: [{ name: topic, partitionData: [{ index, records: Buffer.from(records) }] }],
  })
}

/** The first offset that a response to such a request tells. Throws where the batch was not taken. */
export function producedAt(frame: Buffer, topic: string): number {
  // Correlation id, one topic, its name, one partition, its index, the error, the offset.
  const error = frame.readInt16BE(18 + topic.length)
  if (error !== 0) throw new Error(`a batch was refused: error ${error}`)
  return Number(frame.readBigInt64BE(20 + topic.length))
}

/** A request for what is in a partition from an offset on. */
export function fetchFrame(topic: string, partition: number, fetchOffset: number): Buffer {
  const partitionMaxBytes = 2 ** 20
  const partitions = [{ partition, fetchOffset, partitionMaxBytes }]
  const order = { maxWaitMs: 500, minBytes: 1, maxBytes: 2 ** 24 }
  return frameOf('Fetch', { ...order, topics: [{ topic, partitions }] })
}

/** The batches that a response to such a request carries. */
export function fetchedFrom(frame: Buffer): Uint8Array {
  const partition = bodyOf('Fetch', frame).responses[0]?.partitions[0]
  if (partition === undefined || partition.errorCode !== 0) {
    throw new Error(`a fetch was refused: error ${partition?.errorCode}`)
  }
  return partition.records ?? Buffer.alloc(0)
}
