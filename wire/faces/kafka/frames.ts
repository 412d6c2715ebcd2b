import { assert } from '@fermata/base/assert'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'

// Cuts what a connection carries into frames. Source: the Kafka protocol guide, "Common Request and Response Structure".
//
//   connection => frame*
//   frame      => int32 length, body of so many bytes
//
// The length is a stranger's word: memory grows with what has come, never with what was announced.

/** Why a connection cannot go on: nobody knows where its next frame begins. */
export interface FrameRefusal {
  readonly code: 'bad_length'
  /** The length as it was announced. Texts and TLS that stray here announce absurd ones. */
  readonly bytes: number
  readonly bytesMax: number
}

/** Cuts one connection's bytes. */
export interface FrameSplitter {
  /** The longest frame that is taken; may be changed between calls, say after a client has proved who it is. */
  bytesMax: number
  /** The bytes that are held until the frame they belong to is whole. */
  readonly heldBytes: number
  /**
   * Takes the next bytes and gives back the frames that are whole, without their lengths. A frame that came in one
   * piece is a view of it; so the caller leaves alone what it has handed in. After a refusal the splitter is at its end.
   */
  push(chunk: Uint8Array): Result<readonly Buffer[], FrameRefusal>
}

const lengthBytes = 4
/** Room for the beginning of a frame; small frames that come in two pieces never need more. */
const firstRoomBytes = 4_096

/** A splitter for a new connection. */
export function newFrameSplitter(bytesMax: number = limits.kafkaFrameBytesMax): FrameSplitter {
  let held = Buffer.alloc(0)
  let heldBytes = 0
  let hasEnded = false

  /** Adds to what is held; its room doubles until the whole frame fits. */
  function hold(chunk: Buffer, frameBytes: number): void {
    const needed = heldBytes + chunk.length
    if (needed > held.length) {
      const room = Math.min(Math.max(2 * held.length, needed, firstRoomBytes), frameBytes)
      const larger = Buffer.allocUnsafe(Math.max(room, needed))
      larger.set(held.subarray(0, heldBytes))
      held = larger
    }
    held.set(chunk, heldBytes)
    heldBytes = needed
  }

  /** Completes the frame that is held; gives back how much of the chunk that took, or -1 where the length is bad. */
  function complete(chunk: Buffer, frames: Buffer[]): number {
    let at = 0
    if (heldBytes < lengthBytes) {
      at = Math.min(lengthBytes - heldBytes, chunk.length)
      hold(chunk.subarray(0, at), lengthBytes)
      if (heldBytes < lengthBytes) return at
    }
    const length = held.readInt32BE(0)
    if (length < 0 || length > splitter.bytesMax) return -1
    const whole = lengthBytes + length
    const end = Math.min(at + whole - heldBytes, chunk.length)
    hold(chunk.subarray(at, end), whole)
    if (heldBytes < whole) return end
    frames.push(held.subarray(lengthBytes, whole))
    held = Buffer.alloc(0)
    heldBytes = 0
    return end
  }

  function refuse(bytes: number): Result<readonly Buffer[], FrameRefusal> {
    hasEnded = true
    held = Buffer.alloc(0)
    heldBytes = 0
    return refused({ code: 'bad_length', bytes, bytesMax: splitter.bytesMax })
  }

  const splitter: FrameSplitter = {
    bytesMax,
    get heldBytes() {
      return heldBytes
    },
    push(given) {
      assert(!hasEnded, 'nothing is pushed after a refusal')
      const chunk = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
      const frames: Buffer[] = []
      let at = 0
      if (heldBytes > 0) {
        at = complete(chunk, frames)
        if (at < 0) return refuse(held.readInt32BE(0))
        if (heldBytes > 0) return ok(frames)
      }
      while (chunk.length - at >= lengthBytes) {
        const length = chunk.readInt32BE(at)
        if (length < 0 || length > splitter.bytesMax) return refuse(length)
        const end = at + lengthBytes + length
        if (end > chunk.length) break
        frames.push(chunk.subarray(at + lengthBytes, end))
        at = end
      }
      if (at < chunk.length) holdRest(chunk.subarray(at))
      return ok(frames)
    },
  }

  function holdRest(rest: Buffer): void {
    const known = rest.length >= lengthBytes
    hold(rest, known ? lengthBytes + rest.readInt32BE(0) : lengthBytes)
  }

  return splitter
}
