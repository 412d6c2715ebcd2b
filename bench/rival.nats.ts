import type { Socket } from 'node:net'
import { heard } from './rival.ts'

// As much of NATS as a consumer of a JetStream stream must say. Source: the NATS client protocol ("MSG subject sid [reply-to]
// bytes"), and the JetStream API (CONSUMER.CREATE, acknowledgement to the reply subject).

/** How many messages an acknowledgement takes in. */
const acknowledgeEach = 100

/** A push consumer of a stream from its beginning, which acknowledges all up to every hundredth message. */
export async function natsConsumer(
  socket: Socket,
  { stream, inbox }: { readonly stream: string; readonly inbox: string },
  hear: (records: number) => void,
): Promise<{ close(): void }> {
  const config = { deliver_subject: `${inbox}.to`, ack_policy: 'all', max_ack_pending: 5_000 }
  const order = JSON.stringify({
    stream_name: stream,
    config: { ...config, deliver_policy: 'all' },
  })
  const create = `PUB $JS.API.CONSUMER.CREATE.${stream} ${inbox} ${order.length}\r\n${order}\r\n`
  socket.write(`SUB ${inbox}.to 2\r\n${create}`)
  const answer = await heard(socket, 'consumer_create_response')
  if (answer.includes('"error"')) throw new Error(`NATS says ${answer.toString()}`)
  let held: Buffer = Buffer.alloc(0)
  let since = 0
  socket.on('data', (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    let [at, count] = [0, 0]
    for (;;) {
      const end = held.indexOf('\r\n', at)
      if (end < 0) break
      const words = held.toString('latin1', at, end).split(' ')
      if (words[0] === 'PING') socket.write('PONG\r\n')
      if (words[0] === '-ERR') throw new Error(`NATS says ${words.join(' ')}`)
      const bytes = words[0] === 'MSG' ? Number(words.at(-1)) + 2 : 0
      if (end + 2 + bytes > held.length) break
      at = end + 2 + bytes
      if (words[0] !== 'MSG' || words[2] !== '2') continue
      count += 1
      since += 1
      if (since % acknowledgeEach === 0) socket.write(`PUB ${words[3]} 4\r\n+ACK\r\n`)
    }
    held = held.subarray(at)
    if (count > 0) hear(count)
  })
  return { close: () => void socket.destroy() }
}
