import type { Socket } from 'node:net'
import type { RivalWire } from './rival.ts'

// As much of AMQP 0-9-1 as a publisher with confirms must say. Source: the AMQP 0-9-1 specification, and RabbitMQ's
// extension confirm.select.

const [methodFrame, headerFrame, bodyFrame, frameEnd] = [1, 2, 3, 0xce]

const u8 = (value: number): Buffer => Buffer.from([value])
const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255])
function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
const shortText = (text: string): Buffer => Buffer.concat([u8(text.length), Buffer.from(text)])
const longText = (text: string): Buffer => Buffer.concat([u32(text.length), Buffer.from(text)])

function frame(type: number, channel: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([u8(type), u16(channel), u32(body.length), body, u8(frameEnd)])
}

const method = (channel: number, group: number, id: number, ...parts: readonly Buffer[]): Buffer =>
  frame(methodFrame, channel, u16(group), u16(id), ...parts)

/** Cuts what comes into frames; `hear` gets a method's numbers and what follows them. */
function reader(hear: (group: number, id: number, rest: Buffer) => void): (chunk: Buffer) => void {
  let held: Buffer = Buffer.alloc(0)
  return (chunk) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    while (held.length >= 7 && held.length >= 8 + held.readUInt32BE(3)) {
      const end = 8 + held.readUInt32BE(3)
      if (held[0] === methodFrame) {
        hear(held.readUInt16BE(7), held.readUInt16BE(9), held.subarray(11, end - 1))
      }
      held = held.subarray(end)
    }
  }
}

const queueOf = (type: QueueType): string => `bench-${type}`

type QueueType = 'quorum' | 'stream'
type Steps = Readonly<Record<string, (rest: Buffer) => Buffer[]>>

const tableOf = (name: string, value: string): Buffer => {
  const table = Buffer.concat([shortText(name), Buffer.from('S'), longText(value)])
  return Buffer.concat([u32(table.length), table])
}

/** Opens a channel and declares the queue of a type; then `steps` say what follows each answer, until `last` has come. */
async function openChannel(
  socket: Socket,
  type: QueueType,
  { steps: own, last }: { readonly steps: Steps; readonly last: string },
): Promise<void> {
  const steps: Steps = {
    '10.10': () => [
      method(0, 10, 11, u32(0), shortText('PLAIN'), longText('\0guest\0guest'), shortText('en_US')),
    ],
    '10.30': (rest) => [
      method(0, 10, 31, rest.subarray(0, 6), u16(0)),
      method(0, 10, 40, shortText('/'), shortText(''), u8(0)),
    ],
    '10.41': () => [method(1, 20, 10, shortText(''))],
    '20.11': () => {
      const table = tableOf('x-queue-type', type)
      return [method(1, 50, 10, u16(0), shortText(queueOf(type)), u8(0b10), table)]
    },
    ...own,
  }
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const read = reader((group, id, rest) => {
    const name = `${group}.${id}`
    const step = steps[name]
    if (step !== undefined) for (const part of step(rest)) socket.write(part)
    else if (name === last) resolve()
    else reject(new Error(`RabbitMQ says ${name}: ${rest.toString('latin1')}`))
  })
  socket.on('data', read)
  socket.write(Buffer.from('AMQP\0\0\x09\x01', 'latin1'))
  await promise
  socket.off('data', read)
}

/** How many deliveries may wait for their acknowledgement, and how many one takes in. */
const [prefetch, acknowledgeEach] = [2_000, 100]

/** Consumes a queue, and acknowledges all up to every hundredth delivery. */
export async function amqpConsumer(
  socket: Socket,
  type: QueueType,
  hear: (records: number) => void,
): Promise<{ close(): void }> {
  const args = type === 'stream' ? tableOf('x-stream-offset', 'next') : u32(0)
  const consume = method(1, 60, 20, u16(0), shortText(queueOf(type)), shortText(''), u8(0), args)
  const steps: Steps = {
    '50.11': () => [method(1, 60, 10, u32(0), u16(prefetch), u8(0))],
    '60.11': () => [consume],
  }
  await openChannel(socket, type, { steps, last: '60.21' })
  let count = 0
  const read = reader((group, id, rest) => {
    if (group !== 60 || id !== 60) throw new Error(`RabbitMQ says ${group}.${id}`)
    count += 1
    const tag = rest.subarray(1 + rest[0]!, 9 + rest[0]!)
    if (tag.readBigUInt64BE(0) % BigInt(acknowledgeEach) !== 0n) return
    socket.write(method(1, 60, 80, tag, u8(1)))
  })
  socket.on('data', (chunk: Buffer) => {
    count = 0
    read(chunk)
    if (count > 0) hear(count)
  })
  return { close: () => void socket.destroy() }
}

/** Opens a channel with confirms to a queue of a type. */
export async function amqpWire(socket: Socket, type: QueueType, value: Buffer): Promise<RivalWire> {
  const queue = queueOf(type)
  const confirm = (): Buffer[] => [method(1, 85, 10, u8(0))]
  await openChannel(socket, type, { steps: { '50.11': confirm }, last: '85.11' })

  const header = Buffer.concat([u16(60), u16(0), u32(0), u32(value.length), u16(0x1000), u8(2)])
  const record = Buffer.concat([
    method(1, 60, 40, u16(0), shortText(''), shortText(queue), u8(0)),
    frame(headerFrame, 1, header),
    frame(bodyFrame, 1, value),
  ])
  let [last, count] = [0, 0]
  const hear = reader((group, id, rest) => {
    if (group !== 60 || id !== 80) throw new Error(`RabbitMQ says ${group}.${id}`)
    const tag = Number(rest.readBigUInt64BE(0))
    // One that takes in all before it counts all that were not counted.
    if (rest[8] === 1) {
      count += tag - last
      last = tag
    } else {
      count += 1
      last += 1
    }
  })
  return {
    ...{ socket, record },
    acknowledged(chunk) {
      count = 0
      hear(chunk)
      return count
    },
  }
}
