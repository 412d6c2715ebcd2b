import type { SeededRandom } from '@fermata/testkit/random'

/** What was done to a file, and is not flushed yet. */
interface Change {
  readonly position: number
  /** What was written there; a truncation has none. */
  readonly data: Buffer | undefined
  /** How long the file was afterwards. */
  readonly size: number
}

/** What a disk does with what nobody flushed. */
export interface Fate {
  /** Whether a whole operation may reach the disk. */
  readonly whole: () => boolean
  /** Whether a piece of it does. */
  readonly piece: () => boolean
  /** How large such a piece is: a sector, or a page. */
  readonly pieceBytes: number
}

/** What may be lost goes lost in different ways: all, nothing, whole operations, or pieces of them. */
export function drawFate(random: SeededRandom): Fate {
  const kept = 0.05 + 0.9 * random.unit()
  const some = (): boolean => random.chance(kept)
  const always = (): boolean => true
  const never = (): boolean => false
  const pieceBytes = random.pick([512, 4096])
  return random.pick<Fate>([
    { whole: never, piece: never, pieceBytes },
    { whole: always, piece: always, pieceBytes },
    { whole: some, piece: always, pieceBytes },
    { whole: always, piece: some, pieceBytes },
    { whole: some, piece: some, pieceBytes },
  ])
}

/** Bytes that grow as they are written to; what nobody wrote is zero. */
class Bytes {
  #held: Buffer = Buffer.alloc(0)
  size = 0

  get all(): Buffer {
    return this.#held.subarray(0, this.size)
  }

  resize(size: number): void {
    if (size > this.#held.length) {
      const grown = Buffer.alloc(Math.max(size, 2 * this.#held.length))
      this.all.copy(grown)
      this.#held = grown
    }
    if (size < this.size) this.#held.fill(0, size, this.size)
    this.size = size
  }

  write(position: number, data: Buffer): void {
    this.resize(Math.max(this.size, position + data.length))
    data.copy(this.#held, position)
  }
}

/**
 * The content of a file: as programs see it, as the disk has it, and what was done in between. A
 * power cut leaves each piece of the file as it was at some moment since the flush that covers it:
 * that is what a kernel does, which writes pages back when it likes.
 */
export class Content {
  readonly #seen = new Bytes()
  readonly #kept = new Bytes()
  #open: Change[] = []
  #settled = 0

  get size(): number {
    return this.#seen.size
  }

  /** As programs see it. Not a copy. */
  get bytes(): Buffer {
    return this.#seen.all
  }

  write(position: number, data: Uint8Array): void {
    if (data.length === 0) return
    // Copied now: what the caller does with the array before the write completes, is written too.
    const copy = Buffer.from(data)
    this.#seen.write(position, copy)
    this.#open.push({ position, data: copy, size: this.#seen.size })
  }

  truncate(size: number): void {
    this.#seen.resize(size)
    this.#open.push({ position: size, data: undefined, size })
  }

  /** Begins a flush; what it answers ends it, and brings to the disk what was done before it began. */
  flush(): () => void {
    const mark = this.#settled + this.#open.length
    return () => {
      const covered = this.#open.splice(0, Math.max(0, mark - this.#settled))
      for (const change of covered) settle(this.#kept, change)
      this.#settled += covered.length
    }
  }

  /** What is left when the power goes. */
  cut(fate: Fate): void {
    this.forget(fate)
    this.#seen.resize(0)
    this.#seen.write(0, this.#kept.all)
  }

  /**
   * A part of what is not flushed reaches the disk, and no later flush brings the rest: after a flush
   * that failed, a kernel takes its pages for written.
   */
  forget({ whole, piece: wholePiece, pieceBytes }: Fate): void {
    // For each piece, and for the size, the newest change that reached the disk.
    const newest = new Map<number, number>()
    let sizeAt = -1
    const sizeBefore = this.#kept.size
    for (const [at, { position, data }] of this.#open.entries()) {
      if (!whole()) continue
      if (wholePiece()) sizeAt = at
      const end = data ? position + data.length : position
      for (let piece = Math.floor(position / pieceBytes); piece * pieceBytes < end; piece++) {
        if (wholePiece()) newest.set(piece, at)
      }
    }
    for (const [at, change] of this.#open.entries()) {
      // A file system that has shortened a file never shows again what was behind.
      if (!change.data && at <= sizeAt) this.#kept.resize(Math.min(this.#kept.size, change.size))
      for (const [piece, until] of newest) {
        if (until >= at) settlePiece(this.#kept, change, piece, pieceBytes)
      }
    }
    const size = this.#open[sizeAt]?.size ?? sizeBefore
    this.#kept.resize(size)
    this.#settled += this.#open.length
    this.#open = []
  }

  /** Changes bytes behind the back of everybody, on the disk itself. */
  spoil(change: (bytes: Buffer) => void): void {
    change(this.#seen.all)
    change(this.#kept.all)
  }
}

function settle(bytes: Bytes, { position, data, size }: Change): void {
  if (data) bytes.write(position, data)
  else bytes.resize(size)
}

/** Does the part of a change that lies in one piece of the file. */
function settlePiece(bytes: Bytes, change: Change, piece: number, pieceBytes: number): void {
  const { position, data } = change
  const from = Math.max(position, piece * pieceBytes)
  const to = (piece + 1) * pieceBytes
  if (data) {
    if (from < Math.min(to, position + data.length)) {
      bytes.write(from, data.subarray(from - position, to - position))
    }
  } else if (from < Math.min(to, bytes.size)) {
    bytes.all.fill(0, from, Math.min(to, bytes.size))
  }
}
