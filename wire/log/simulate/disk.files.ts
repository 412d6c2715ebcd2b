import { assert } from '@fermata/base/assert'
import type { DiskFile, FlushedFile } from '../disk.ts'
import type { Machine } from './disk.ts'
import type { FileNode } from './folders.ts'

/** What both kinds of open files know. */
class Opened {
  protected readonly disk: Machine
  protected readonly path: string
  protected readonly file: FileNode
  #isClosed = false

  constructor(disk: Machine, path: string, file: FileNode) {
    this.disk = disk
    this.path = path
    this.file = file
  }

  protected mustBeOpen(): void {
    if (this.#isClosed) this.disk.misuse(`${this.path} is used after it was closed`)
  }

  /** Writes all parts, or as much as there is room for. */
  protected writeAll(position: number, parts: readonly Uint8Array[]): void {
    const { disk, file } = this
    this.mustBeOpen()
    disk.mustBeWritable()
    const data = Buffer.concat(parts)
    disk.counts.writes++
    if (disk.faults.failsWrite) {
      disk.faults.failsWrite = false
      this.writePart(position, parts)
      disk.fail('failed', 'the write failed')
    }
    const grows = position + data.length - file.content.size
    const lacks = grows > 0 ? grows - disk.room() : 0
    if (lacks > 0) {
      file.content.write(position, data.subarray(0, Math.max(0, data.length - lacks)))
      disk.fail('disk_full', 'no space is left')
    }
    disk.counts.bytesWritten += data.length
    file.content.write(position, data)
  }

  /** Writes a first part of it, as if it had been stopped. */
  protected writePart(position: number, parts: readonly Uint8Array[]): void {
    const data = Buffer.concat(parts)
    this.file.content.write(position, data.subarray(0, this.disk.random.below(data.length + 1)))
  }

  async close(): Promise<void> {
    this.mustBeOpen()
    this.#isClosed = true
    return this.disk.perform(`close ${this.path}`, () => this.disk.closed())
  }
}

/** A file that is open for reading and writing. */
export class FakeFile extends Opened implements DiskFile {
  async read(position: number, bytes: number): Promise<Uint8Array> {
    assert(position >= 0 && bytes >= 0, 'what is read has a place')
    return this.disk.perform(`read ${this.path} ${position}+${bytes}`, () => {
      this.mustBeOpen()
      const found = this.file.content.bytes.subarray(position, position + bytes)
      this.disk.counts.reads++
      this.disk.counts.bytesRead += found.length
      return Uint8Array.from(found)
    })
  }

  async write(position: number, parts: readonly Uint8Array[]): Promise<void> {
    return this.disk.perform(
      `write ${this.path} ${position}+${lengthOf(parts)}`,
      () => this.writeAll(position, parts),
      () => this.writePart(position, parts),
    )
  }

  async flush(): Promise<void> {
    const end = this.file.content.flush()
    return this.disk.perform(`flush ${this.path}`, () => {
      this.mustBeOpen()
      this.disk.counts.flushes++
      if (this.disk.flushFails(this.file)) this.disk.fail('failed', 'the flush failed')
      end()
    })
  }

  async truncate(bytes: number): Promise<void> {
    return this.disk.perform(`truncate ${this.path} ${bytes}`, () => {
      this.mustBeOpen()
      this.disk.mustBeWritable()
      // A longer file is a hole, and needs room only when it is filled; here it takes it at once.
      if (bytes - this.file.content.size > this.disk.room()) {
        this.disk.fail('disk_full', 'no space is left')
      }
      this.file.content.truncate(bytes)
    })
  }

  async size(): Promise<number> {
    return this.disk.perform(`size of ${this.path}`, () => {
      this.mustBeOpen()
      return this.file.content.size
    })
  }
}

/** A file whose writes are flushed one by one. */
export class FakeFlushedFile extends Opened implements FlushedFile {
  #isBusy = false

  async put(position: number, parts: readonly Uint8Array[]): Promise<void> {
    const { disk, file, path } = this
    if (this.#isBusy) disk.misuse(`${path} is written to while it is written to`)
    if (position + lengthOf(parts) > file.content.size) {
      disk.misuse(`${path} is written to beyond its end`)
    }
    this.#isBusy = true
    try {
      await disk.perform(
        `put ${path} ${position}+${lengthOf(parts)}`,
        () => {
          this.writeAll(position, parts)
          disk.counts.flushes++
          if (disk.flushFails(file)) disk.fail('failed', 'the flush failed')
          file.content.flush()()
        },
        () => this.writePart(position, parts),
      )
    } finally {
      this.#isBusy = false
    }
  }
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0)
}
