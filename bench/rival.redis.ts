import type { Socket } from 'node:net'

// As much of RESP as a reader of a stream must understand. Source: the Redis serialization protocol specification, and the
// answers of XREAD:
//
//   answer => "*-1" (nothing came) | "*1" "*2" stream "*" count entry*
//   entry  => "*2" id "*2" field value
//   each text is "$" length, line break, bytes, line break

/** What an answer to XREAD holds. */
interface Read {
  readonly entries: number
  /** The id of the last entry; undefined where nothing came. */
  readonly last: string | undefined
  /** Where the answer ends. */
  readonly end: number
}

/** Walks through an answer; undefined while it is not all there. */
function readAnswer(bytes: Buffer): Read | undefined {
  let at = 0
  const line = (): string | undefined => {
    const end = bytes.indexOf('\r\n', at)
    if (end < 0) return undefined
    const text = bytes.toString('latin1', at, end)
    at = end + 2
    if (text.startsWith('-')) throw new Error(`Redis says ${text}`)
    return text
  }
  /** Passes over some texts; the first of them, or undefined where one is not all there. */
  const texts = (count: number): string | undefined => {
    let first: string | undefined
    for (let i = 0; i < count; i++) {
      const length = Number(line()?.slice(1) ?? NaN)
      if (Number.isNaN(length) || at + length + 2 > bytes.length) return undefined
      first ??= bytes.toString('latin1', at, at + Math.min(length, 64))
      at += length + 2
    }
    return first
  }
  const outer = line()
  if (outer === undefined) return undefined
  if (outer === '*-1') return { entries: 0, last: undefined, end: at }
  if (line() === undefined || texts(1) === undefined) return undefined
  const count = Number(line()?.slice(1) ?? NaN)
  let last: string | undefined
  for (let i = 0; i < count; i++) {
    if (line() === undefined) return undefined
    last = texts(1)
    if (last === undefined || line() === undefined || texts(2) === undefined) return undefined
  }
  return Number.isNaN(count) ? undefined : { entries: count, last, end: at }
}

/** Reads on from the end of a stream, as XREAD is meant to be used. */
export function redisConsumer(
  socket: Socket,
  stream: string,
  hear: (records: number) => void,
): { close(): void } {
  let from = '$'
  let held: Buffer = Buffer.alloc(0)
  const ask = (): void => {
    const words = ['XREAD', 'COUNT', '500', 'BLOCK', '1000', 'STREAMS', stream, from]
    const parts = words.map((word) => `$${word.length}\r\n${word}\r\n`)
    socket.write(`*${words.length}\r\n${parts.join('')}`)
  }
  socket.on('data', (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    const answer = readAnswer(held)
    if (answer === undefined) return
    held = held.subarray(answer.end)
    from = answer.last ?? from
    if (answer.entries > 0) hear(answer.entries)
    ask()
  })
  ask()
  return { close: () => void socket.destroy() }
}
