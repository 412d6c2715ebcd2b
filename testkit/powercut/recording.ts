import { posix } from 'node:path'
import { Descriptors, type Description } from './descriptors.ts'
import type { BaseFile, DiskChange, DiskOperation, Recording, SentBytes } from './operations.ts'
import { splitArgs, textBytes, TraceReader, vectorBytes, type TracedCall } from './strace.ts'

/** The system calls that a recording must hold. Reading and waiting are left out. */
export const tracedCalls = [
  'open openat creat close dup dup2 dup3 lseek mmap accept accept4',
  'write pwrite64 writev pwritev pwritev2 sendto sendmsg sendmmsg sendfile copy_file_range splice',
  'ftruncate truncate fallocate fsync fdatasync sync_file_range',
  'rename renameat renameat2 unlink unlinkat link linkat symlink symlinkat mkdir mkdirat rmdir',
].flatMap((line) => line.split(' '))

/** What to record. */
export interface RecordingOptions {
  /** The folder whose disk is modelled, as an absolute path. */
  readonly folder: string
  /** What was in it before the process began, by path relative to it. */
  readonly base: ReadonlyMap<string, Buffer>
  /** Files that no power cut needs to keep, such as an index in shared memory that is always rebuilt. */
  readonly isVolatile: (path: string) => boolean
}

/** Reads what a process did to a folder, and what it sent, out of the lines that strace wrote. */
export class RecordingReader {
  readonly #options: RecordingOptions
  #trace = new TraceReader()
  #descriptors = new Descriptors()
  readonly #names = new Map<string, number>()
  readonly #sizes = new Map<number, number>()
  readonly #base: BaseFile[] = []
  readonly #operations: DiskOperation[] = []
  readonly #sent: SentBytes[] = []
  /** Operations that no flush covers yet, by what must be flushed: a file's number or a folder's path. */
  readonly #pending = new Map<number | string, DiskOperation[]>()
  #files = 0
  #streams = 2
  #flushes = 0

  constructor(options: RecordingOptions) {
    this.#options = options
    for (const [path, data] of options.base) {
      const file = this.#newFile(path, data.length)
      this.#base.push({ file, path, data })
    }
    this.#openStandard()
  }

  #openStandard(): void {
    for (const standard of [1, 2]) {
      this.#descriptors.set(standard, { kind: 'stream', stream: standard }, -1)
    }
  }

  /** Lines taken so far. */
  get lines(): number {
    return this.#trace.lines
  }

  /** Takes the next line of the recording. */
  take(line: string): void {
    const call = this.#trace.take(line)
    if (call !== undefined && call.result >= 0) this.#apply(call)
  }

  /**
   * Goes on with another process on the same folder, after the first was ended. What that one wrote
   * and nobody flushed is still only in memory: the second one reads it there, and may show it.
   */
  nextProcess(): void {
    this.#takeLeft(this.#trace.lines - 1)
    this.#trace = new TraceReader(this.#trace.lines)
    this.#descriptors = new Descriptors()
    this.#openStandard()
  }

  /** Writes that were under way when the process ended are taken to have happened. */
  #takeLeft(ended: number): void {
    for (const left of this.#trace.left()) {
      const call = { ...left, ended }
      const data = this.#written(call)
      if (data !== undefined) this.#write(call, data)
    }
  }

  /** What was recorded. Calls that were under way at the end count as begun and never ended. */
  end(): Recording {
    this.#takeLeft(Infinity)
    return {
      base: this.#base,
      operations: this.#operations,
      sent: this.#sent,
      lines: this.#trace.lines,
      flushes: this.#flushes,
    }
  }

  #apply(call: TracedCall): void {
    const args = splitArgs(call.args)
    const descriptor = Number(args[0])
    switch (call.name) {
      case 'open':
        return this.#open(call, args[0], args[1])
      case 'creat':
        return this.#open(call, args[0], 'O_CREAT|O_TRUNC')
      case 'openat':
        return this.#open(call, args[1], args[2])
      case 'accept':
      case 'accept4':
        this.#streams += 1
        return this.#hold(call, { kind: 'stream', stream: this.#streams })
      case 'dup':
      case 'dup2':
      case 'dup3':
        return this.#hold(call, this.#descriptors.get(descriptor))
      case 'close':
        return this.#descriptors.close(descriptor, call.begun)
      case 'lseek': {
        const description = this.#descriptors.get(descriptor)
        if (description?.kind === 'file') description.offset = call.result
        return
      }
      case 'fsync':
      case 'fdatasync':
        return this.#flush(call, this.#descriptors.get(descriptor))
      case 'ftruncate': {
        const description = this.#descriptors.get(descriptor)
        if (description?.kind !== 'file') return
        return this.#truncate(call, description.file, Number(args[1]))
      }
      case 'write':
      case 'pwrite64':
      case 'writev':
      case 'pwritev':
      case 'sendto':
      case 'sendmsg': {
        const data = this.#written(call)
        if (data === undefined) return
        return this.#write(call, data.subarray(0, call.result))
      }
      default:
        return this.#applyToNames(call, args)
    }
  }

  #applyToNames(call: TracedCall, args: readonly string[]): void {
    switch (call.name) {
      case 'rename':
        return this.#rename(call, args[0], args[1])
      case 'renameat':
      case 'renameat2':
        return this.#rename(call, args[1], args[3])
      case 'link':
        return this.#link(call, args[0], args[1])
      case 'linkat':
        return this.#link(call, args[1], args[3])
      case 'unlink':
      case 'rmdir':
        return this.#remove(call, args[0])
      case 'unlinkat':
        return this.#remove(call, args[1])
      case 'mkdir':
        return this.#makeFolder(call, args[0])
      case 'mkdirat':
        return this.#makeFolder(call, args[1])
      default:
        return this.#refuseUnknown(call, args)
    }
  }

  /** A call that changes the folder in a way that has no model must not be passed over. */
  #refuseUnknown(call: TracedCall, args: readonly string[]): void {
    if (call.name === 'mmap' && !(/PROT_WRITE/.test(args[2] ?? '') && args[3] === 'MAP_SHARED')) {
      return
    }
    const touched = args.some((arg) => {
      const isPath = arg.startsWith('"') && this.#inside(arg) !== undefined
      return isPath || (/^\d+$/.test(arg) && this.#isFile(call, arg, args))
    })
    if (touched) throw new Error(`${call.name} on the recorded folder has no model here`)
  }

  #isFile(call: TracedCall, arg: string, args: readonly string[]): boolean {
    // Of all arguments of mmap only the fifth is a descriptor; numbers elsewhere are sizes.
    if (call.name === 'mmap' && arg !== args[4]) return false
    return this.#descriptors.get(Number(arg))?.kind === 'file'
  }

  /** A path relative to the folder; undefined when it lies elsewhere. The folder itself is ''. */
  #inside(arg: string | undefined): string | undefined {
    if (arg === undefined) return undefined
    const path = posix.relative(this.#options.folder, textBytes(arg).toString())
    return path === '..' || path.startsWith('../') || posix.isAbsolute(path) ? undefined : path
  }

  #newFile(path: string, size: number): number {
    this.#files += 1
    this.#names.set(path, this.#files)
    this.#sizes.set(this.#files, size)
    return this.#files
  }

  #hold(call: TracedCall, description: Description | undefined): void {
    this.#descriptors.set(call.result, description, call.ended)
  }

  #open(call: TracedCall, pathArg: string | undefined, flags = ''): void {
    const path = this.#inside(pathArg)
    if (path === undefined || this.#options.isVolatile(path)) return this.#hold(call, undefined)
    if (/O_D?SYNC/.test(flags)) throw new Error('a write that flushes by itself has no model here')
    let file = this.#names.get(path)
    if (file === undefined) {
      if (!flags.includes('O_CREAT')) return this.#hold(call, { kind: 'folder', path })
      file = this.#newFile(path, 0)
      this.#note(call, { kind: 'name', path, file, from: null }, [posix.dirname(path)])
    } else if (flags.includes('O_TRUNC')) {
      this.#truncate(call, file, 0)
    }
    this.#hold(call, { kind: 'file', file, offset: 0, append: flags.includes('O_APPEND') })
  }

  /** The bytes that a call writes to anything that is recorded. */
  #written(call: TracedCall): Buffer | undefined {
    if (!/^(?:p?writev?|pwrite64|sendto|sendmsg)$/.test(call.name)) return undefined
    const args = splitArgs(call.args)
    if (this.#descriptors.get(Number(args[0])) === undefined) return undefined
    const isVector = /^(?:p?writev|sendmsg)$/.test(call.name)
    return isVector ? vectorBytes(args[1] ?? '') : textBytes(args[1] ?? '')
  }

  #write(call: TracedCall, data: Buffer): void {
    const args = splitArgs(call.args)
    const description = this.#descriptors.get(Number(args[0]))
    if (description?.kind === 'stream') {
      this.#sent.push({ stream: description.stream, begun: call.begun, data })
      return
    }
    if (description?.kind !== 'file') return
    const { file } = description
    const size = this.#sizes.get(file) ?? 0
    const isPlaced = call.name.startsWith('pwrite')
    const offset = isPlaced ? Number(args[3]) : description.append ? size : description.offset
    const end = offset + data.length
    if (!isPlaced) description.offset = end
    this.#sizes.set(file, Math.max(size, end))
    this.#note(call, { kind: 'write', file, offset, data }, [file])
  }

  #truncate(call: TracedCall, file: number, size: number): void {
    this.#sizes.set(file, size)
    this.#note(call, { kind: 'truncate', file, size }, [file])
  }

  #rename(call: TracedCall, fromArg: string | undefined, toArg: string | undefined): void {
    const from = this.#inside(fromArg)
    const path = this.#inside(toArg)
    if (from === undefined && path === undefined) return
    const file = from === undefined ? undefined : this.#names.get(from)
    if (from === undefined || path === undefined || file === undefined) {
      throw new Error('only a file may be renamed, and within the recorded folder')
    }
    this.#names.delete(from)
    this.#names.set(path, file)
    const folders = [posix.dirname(from), posix.dirname(path)]
    this.#note(call, { kind: 'name', path, file, from }, folders)
  }

  #link(call: TracedCall, fromArg: string | undefined, toArg: string | undefined): void {
    const path = this.#inside(toArg)
    if (path === undefined) return
    const file = this.#names.get(this.#inside(fromArg) ?? '')
    if (file === undefined) throw new Error('only a file of the recorded folder may be linked')
    this.#names.set(path, file)
    this.#note(call, { kind: 'name', path, file, from: null }, [posix.dirname(path)])
  }

  #remove(call: TracedCall, pathArg: string | undefined): void {
    const path = this.#inside(pathArg)
    if (path === undefined || this.#options.isVolatile(path)) return
    this.#names.delete(path)
    this.#note(call, { kind: 'remove', path }, [posix.dirname(path)])
  }

  #makeFolder(call: TracedCall, pathArg: string | undefined): void {
    const path = this.#inside(pathArg)
    // The folder itself is taken to be there: its own name is not in it.
    if (path === undefined || path === '') return
    this.#note(call, { kind: 'folder', path }, [posix.dirname(path)])
  }

  /** Notes a change; it is on disk once any of those that hold it is flushed. */
  #note(call: TracedCall, change: DiskChange, holders: readonly (number | string)[]): void {
    const operation = { change, begun: call.begun, ended: call.ended, durable: Infinity }
    this.#operations.push(operation)
    for (const holder of holders) {
      const key = holder === '.' ? '' : holder
      const pending = this.#pending.get(key)
      if (pending === undefined) this.#pending.set(key, [operation])
      else pending.push(operation)
    }
  }

  #flush(call: TracedCall, description: Description | undefined): void {
    if (description === undefined || description.kind === 'stream') return
    this.#flushes += 1
    const key = description.kind === 'file' ? description.file : description.path
    const pending = this.#pending.get(key) ?? []
    const later = pending.filter((operation) => operation.ended >= call.begun)
    for (const operation of pending) {
      if (operation.ended < call.begun) {
        operation.durable = Math.min(operation.durable, call.ended)
      }
    }
    this.#pending.set(key, later)
  }
}
