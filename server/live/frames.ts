/**
 * The two shapes that a frame of the feed travels in. Readers share a frame's bytes, so its shape is
 * made once and written to all of them.
 */

/** The first byte of an unfragmented text frame (RFC 6455 section 5.2): FIN and opcode 1. */
const finText = 0x81

/** A frame as WebSocket text, unmasked, as servers send it: `FIN|1 length payload`. */
export function socketFrame(payload: Buffer): Buffer {
  const { length } = payload
  const headLength = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const framed = Buffer.allocUnsafe(headLength + length)
  framed[0] = finText
  if (headLength === 2) {
    framed[1] = length
  } else if (headLength === 4) {
    framed[1] = 126
    framed.writeUInt16BE(length, 2)
  } else {
    framed[1] = 127
    framed.writeBigUInt64BE(BigInt(length), 2)
  }
  payload.copy(framed, headLength)
  return framed
}

/** The position that a frame carries, or undefined when it has none (presence, ended). */
export function positionOf(payload: Buffer): number | undefined {
  // The frames of the feed name their position before anything that could hold another.
  const head = payload.toString('latin1', 0, 64)
  const match = /^\{"type":"(?:events|heartbeat|reset)","position":([0-9]+)[,}]/.exec(head)
  if (match?.[1] !== undefined) return Number(match[1])
  const frame = JSON.parse(payload.toString()) as { position?: unknown }
  return typeof frame.position === 'number' ? frame.position : undefined
}

/** A frame as a server-sent event; its id is the position to resume from. */
export function streamFrame(payload: Buffer): Buffer {
  const position = positionOf(payload)
  const head = position === undefined ? 'data: ' : `id: ${position}\ndata: `
  return Buffer.concat([Buffer.from(head), payload, Buffer.from('\n\n')])
}

/**
 * Remembers the last frame and its shape: a frame goes to all its readers in one run, so that one
 * place is enough to make each shape once.
 */
export function shaped(shape: (payload: Buffer) => Buffer): (payload: Buffer) => Buffer {
  let last: Buffer | undefined
  let made: Buffer = Buffer.alloc(0)
  return (payload) => {
    if (payload !== last) {
      made = shape(payload)
      last = payload
    }
    return made
  }
}
