import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { SeededRandom } from '../random.ts'
import type { DiskOperation, FileNumber, Recording } from './operations.ts'

/** The smallest piece of a write that a disk keeps or loses as a whole. */
export const sectorBytes = 512

/** What a disk does with what nobody flushed: which operations, and which parts of writes, it keeps. */
interface Fate {
  readonly whole: () => boolean
  readonly sector: () => boolean
}

/**
 * What may be lost goes lost in different ways: all of it, none of it (as when only the process dies),
 * each operation by itself, or each sector of each write by itself.
 */
function drawFate(random: SeededRandom): Fate {
  const kept = 0.05 + 0.9 * random.unit()
  const always = () => true
  const never = () => false
  const some = () => random.chance(kept)
  return random.pick<Fate>([
    { whole: never, sector: never },
    { whole: always, sector: always },
    { whole: some, sector: always },
    { whole: always, sector: some },
    { whole: some, sector: some },
    { whole: some, sector: some },
  ])
}

/** Bytes that grow as they are written to; what nobody wrote is zero. */
class Content {
  #bytes: Buffer
  size: number

  constructor(bytes: Buffer) {
    this.#bytes = Buffer.from(bytes)
    this.size = bytes.length
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.size)
  }

  write(offset: number, data: Buffer): void {
    this.resize(Math.max(this.size, offset + data.length))
    data.copy(this.#bytes, offset)
  }

  resize(size: number): void {
    if (size > this.#bytes.length) {
      const grown = Buffer.alloc(Math.max(size, 2 * this.#bytes.length))
      this.bytes.copy(grown)
      this.#bytes = grown
    }
    if (size < this.size) this.#bytes.fill(0, size, this.size)
    this.size = size
  }
}

/**
 * Builds what a disk may hold after a power cut. It holds everything that was flushed (a flush covers
 * what ended before it began, so what is flushed of a file is always the first part of what was done to
 * it), and any part of the rest. Cuts must be asked for in order, because the flushed part is
 * kept from one to the next.
 */
export class DiskImages {
  readonly #recording: Recording
  readonly #settled = new Map<FileNumber, Content>()
  /** The operations on contents that are not settled yet, in order. */
  #open: DiskOperation[]
  #last = 0

  constructor(recording: Recording) {
    this.#recording = recording
    this.#open = recording.operations.filter(
      ({ change }) => change.kind === 'write' || change.kind === 'truncate',
    )
    for (const { file, data } of recording.base) this.#settled.set(file, new Content(data))
  }

  /** The files of one possible disk after a cut behind `cut` lines, by path relative to the folder. */
  at(cut: number, random: SeededRandom): Map<string, Buffer> {
    if (cut < this.#last) throw new RangeError('cuts must be asked for in order')
    this.#last = cut
    this.#settle(cut)
    const fate = drawFate(random)
    const contents = this.#contents(cut, fate)
    const image = new Map<string, Buffer>()
    for (const [path, file] of this.#names(cut, fate)) {
      const content = contents.get(file) ?? this.#settled.get(file)
      image.set(path, Buffer.from(content?.bytes ?? Buffer.alloc(0)))
    }
    return image
  }

  #settle(cut: number): void {
    const open: DiskOperation[] = []
    for (const operation of this.#open) {
      if (operation.durable >= cut) {
        open.push(operation)
        continue
      }
      const { change } = operation
      if (change.kind !== 'write' && change.kind !== 'truncate') continue
      let content = this.#settled.get(change.file)
      if (content === undefined) {
        content = new Content(Buffer.alloc(0))
        this.#settled.set(change.file, content)
      }
      if (change.kind === 'write') content.write(change.offset, change.data)
      else content.resize(change.size)
    }
    this.#open = open
  }

  /** The contents of the files to which something was done that may be lost. */
  #contents(cut: number, fate: Fate): Map<FileNumber, Content> {
    const contents = new Map<FileNumber, Content>()
    for (const { change, begun } of this.#open) {
      if (begun >= cut || (change.kind !== 'write' && change.kind !== 'truncate')) continue
      let content = contents.get(change.file)
      if (content === undefined) {
        content = new Content(this.#settled.get(change.file)?.bytes ?? Buffer.alloc(0))
        contents.set(change.file, content)
      }
      if (!fate.whole()) continue
      if (change.kind === 'truncate') content.resize(change.size)
      else writeTorn(content, change.offset, change.data, fate)
    }
    return contents
  }

  /** The names of the files, by what the folders hold; what is in a folder that was lost is lost with it. */
  #names(cut: number, fate: Fate): Map<string, FileNumber> {
    const { base } = this.#recording
    const names = new Map(base.map(({ path, file }) => [path, file]))
    const folders = new Set(['.', ...base.flatMap(({ path }) => foldersOf(path))])
    for (const { change, begun, durable } of this.#recording.operations) {
      if (begun >= cut || change.kind === 'write' || change.kind === 'truncate') continue
      if (durable >= cut && !fate.whole()) continue
      if (change.kind === 'folder') folders.add(change.path)
      if (change.kind === 'remove') names.delete(change.path)
      if (change.kind !== 'name') continue
      if (change.from !== null) names.delete(change.from)
      names.set(change.path, change.file)
    }
    for (const path of names.keys()) {
      if (!foldersOf(path).every((folder) => folders.has(folder))) names.delete(path)
    }
    return names
  }
}

/** The folders that a path lies in, down from the recorded one. */
function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

/** Writes those sectors of the data that the disk keeps; the file may have grown without the others. */
function writeTorn(content: Content, offset: number, data: Buffer, fate: Fate): void {
  for (let from = 0; from < data.length;) {
    const to = Math.min(data.length, from + sectorBytes - ((offset + from) % sectorBytes))
    if (fate.sector()) content.write(offset + from, data.subarray(from, to))
    from = to
  }
  if (fate.sector()) content.resize(Math.max(content.size, offset + data.length))
}

/** Puts the files of a disk into a folder, which is made; nobody else may read them. */
export function writeDisk(folder: string, disk: ReadonlyMap<string, Buffer>): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const [path, data] of disk) {
    mkdirSync(dirname(join(folder, path)), { recursive: true, mode: 0o700 })
    writeFileSync(join(folder, path), data, { mode: 0o600 })
  }
}
