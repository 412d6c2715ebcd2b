import type { SeededRandom } from '@fermata/testkit/random'
import { DiskFailure, type Disk, type DiskFailureCode } from '../disk.ts'
import { drawFate } from './content.ts'
import { FakeFile, FakeFlushedFile } from './disk.files.ts'
import { FileNode, filesBelow, Folder, type Node } from './folders.ts'
import type { Steps } from './steps.ts'

/** What is wrong with the disk at the moment; a simulation changes it as it goes. */
export interface DiskFaults {
  /** The files together grow to no more than this. */
  bytesMax: number
  /** No more files than this may be open. */
  filesOpenMax: number
  isReadOnly: boolean
  /** The next write fails, whatever part of it was done. */
  failsWrite: boolean
  /**
   * The next flush fails, whatever part of it was done. `all`: and so does everything after it.
   * `once`: later ones succeed, but do not bring to the disk what that one should have.
   */
  failsFlush: 'all' | 'once' | undefined
}

/** A disk on which nothing is wrong. */
export function noFaults(): DiskFaults {
  const none = Number.POSITIVE_INFINITY
  return {
    bytesMax: none,
    filesOpenMax: none,
    isReadOnly: false,
    failsWrite: false,
    failsFlush: undefined,
  }
}

/** What was on a disk when the program, or the machine, stopped; the next start finds it. */
export interface DiskImage {
  readonly root: Folder
}

/** What the disk was asked for so far. */
export interface DiskCounts {
  reads: number
  bytesRead: number
  writes: number
  bytesWritten: number
  flushes: number
  folderChanges: number
}

/** What a fake disk needs besides its seed. */
export interface FakeDiskOptions {
  /** Where its operations wait until they happen. */
  readonly steps: Steps
  /** What is on it; an empty disk where it is absent. */
  readonly image?: DiskImage | undefined
  readonly faults?: DiskFaults
  /** Hears of everything that was done, and how it ended. */
  readonly say?: (text: string) => void
}

/** A disk in memory, with the manners of a real one. */
export interface FakeDisk extends Disk {
  readonly faults: DiskFaults
  readonly counts: Readonly<DiskCounts>
  /** What nobody may do to a disk, and was done: bugs of whoever did it. */
  readonly misuses: readonly string[]
  /** How many files are open. */
  filesOpen(): number
  /** How long all files are together. */
  bytesUsed(): number
  /** All files as programs see them. Not copies. */
  files(): Map<string, Buffer>
  /**
   * Stops everything: what is in the air may have been done, or a part of it, and nobody hears of it
   * any more. After a kill the kernel still knows what was written; a power cut takes what was not flushed.
   */
  crash(how: 'kill' | 'power'): DiskImage
}

/** An operation that has begun, and what a crash may leave of it. */
interface Operation {
  readonly what: string
  /** Does it, or throws. */
  readonly act: () => void
  /** Does a part of it. */
  readonly part?: (() => void) | undefined
}

/**
 * Makes a disk whose operations happen when the world picks them, one at a time. There is no order
 * between two that are asked for at the same time, not even on one file: a kernel keeps none. A write
 * is seen when it has happened; a flush covers what had happened before it was asked for.
 */
export function fakeDisk(random: SeededRandom, options: FakeDiskOptions): FakeDisk {
  return new Machine(random, options)
}

/** The disk from inside, as its open files see it. */
export class Machine implements FakeDisk {
  readonly faults: DiskFaults
  readonly counts: DiskCounts = {
    reads: 0,
    bytesRead: 0,
    writes: 0,
    bytesWritten: 0,
    flushes: 0,
    folderChanges: 0,
  }
  readonly misuses: string[] = []
  readonly random: SeededRandom
  readonly #steps: Steps
  readonly #root: Folder
  readonly #say: (text: string) => void
  readonly #inAir = new Set<Operation>()
  #filesOpen = 0
  #isDead = false
  #isBroken = false

  constructor(random: SeededRandom, { steps, image, faults, say }: FakeDiskOptions) {
    this.random = random
    this.faults = faults ?? noFaults()
    this.#steps = steps
    this.#root = image?.root ?? new Folder()
    this.#say = say ?? (() => undefined)
  }

  filesOpen(): number {
    return this.#filesOpen
  }

  bytesUsed(): number {
    let used = 0
    for (const file of filesBelow(this.#root).values()) used += file.content.size
    return used
  }

  files(): Map<string, Buffer> {
    return new Map([...filesBelow(this.#root)].map(([path, file]) => [path, file.content.bytes]))
  }

  crash(how: 'kill' | 'power'): DiskImage {
    this.#isDead = true
    for (const operation of this.random.shuffled([...this.#inAir])) {
      if (!this.random.chance(0.5)) continue
      try {
        if (operation.part && this.random.chance(0.7)) operation.part()
        else operation.act()
      } catch (error) {
        if (!(error instanceof DiskFailure)) throw error
      }
    }
    this.#inAir.clear()
    if (how === 'power') this.#root.cut(this.random)
    return { root: this.#root }
  }

  /** Lets an operation wait for its turn, and answers when it has happened. */
  async perform<T>(what: string, act: () => T, part?: () => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const operation = { what, act: () => void act(), part }
      if (this.#isDead) return
      this.#inAir.add(operation)
      this.#steps.add(() => {
        if (this.#isDead) return
        this.#inAir.delete(operation)
        try {
          if (this.#isBroken) this.fail('failed', 'the disk is broken')
          const answer = act()
          this.#say(what)
          resolve(answer)
        } catch (error) {
          this.#say(`${what}: ${String(error)}`)
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      })
    })
  }

  fail(code: DiskFailureCode, message: string): never {
    throw new DiskFailure(code, message)
  }

  misuse(message: string): never {
    this.misuses.push(message)
    throw new DiskFailure('failed', message)
  }

  /** Refuses what changes anything. */
  mustBeWritable(): void {
    if (this.faults.isReadOnly) this.fail('disk_read_only', 'the file system is read-only')
  }

  /** How many more bytes there is room for. */
  room(): number {
    if (this.faults.bytesMax === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY
    return this.faults.bytesMax - this.bytesUsed()
  }

  mustHaveRoom(): void {
    if (this.room() <= 0) this.fail('disk_full', 'no space is left')
  }

  /** Takes a descriptor, or refuses. */
  mustHaveDescriptor(): void {
    if (this.#filesOpen >= this.faults.filesOpenMax) {
      this.fail('files_exhausted', 'no descriptor is free')
    }
  }

  closed(): void {
    this.#filesOpen--
  }

  /** Whether this flush is to fail; says so once. */
  flushFails(file: FileNode): boolean {
    const kind = this.faults.failsFlush
    if (kind === undefined) return false
    this.faults.failsFlush = undefined
    if (kind === 'all') this.#isBroken = true
    file.content.forget(drawFate(this.random))
    return true
  }

  async open(path: string, options?: { readonly create?: boolean }): Promise<FakeFile> {
    const isNew = options?.create === true
    const act = (): FakeFile => {
      this.mustHaveDescriptor()
      const [folder, name] = this.#parent(path)
      const found = folder.entries.get(name)
      if (isNew && !found) {
        this.mustBeWritable()
        this.mustHaveRoom()
        this.counts.folderChanges++
        folder.change([name, new FileNode()])
      }
      const file = this.#fileAt(path)
      this.#filesOpen++
      return new FakeFile(this, path, file)
    }
    return this.perform(isNew ? `create ${path}` : `open ${path}`, act)
  }

  async openFlushed(path: string): Promise<FakeFlushedFile> {
    return this.perform(`open ${path} for flushed writes`, () => {
      this.mustHaveDescriptor()
      const file = this.#fileAt(path)
      this.#filesOpen++
      return new FakeFlushedFile(this, path, file)
    })
  }

  async list(
    path: string,
  ): Promise<
    readonly { readonly name: string; readonly bytes: number; readonly isFolder: boolean }[]
  > {
    return this.perform(`list ${path}`, () => {
      this.mustHaveDescriptor()
      return [...this.#folderAt(path).entries]
        .map(([name, node]) => ({
          name,
          bytes: node instanceof FileNode ? node.content.size : 0,
          isFolder: node instanceof Folder,
        }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    })
  }

  async makeFolder(path: string): Promise<void> {
    return this.perform(`make folder ${path}`, () => {
      let folder = this.#root
      for (const name of parts(path)) {
        let next = folder.entries.get(name)
        if (next === undefined) {
          this.mustBeWritable()
          this.mustHaveRoom()
          next = new Folder()
          this.counts.folderChanges++
          folder.change([name, next])
        }
        if (!(next instanceof Folder)) this.fail('failed', `${name} in ${path} is a file`)
        folder = next
      }
    })
  }

  async rename(from: string, to: string): Promise<void> {
    return this.perform(`rename ${from} to ${to}`, () => {
      this.mustBeWritable()
      const [source, oldName] = this.#parent(from)
      const [target, newName] = this.#parent(to)
      const node = source.entries.get(oldName) ?? this.fail('absent', `${from} is absent`)
      const replaced = target.entries.get(newName)
      if (replaced instanceof Folder || (replaced && node instanceof Folder)) {
        this.fail('failed', `${to} is there already, and a folder`)
      }
      this.counts.folderChanges++
      if (source === target) source.change([oldName, undefined], [newName, node])
      else target.moveFrom(source, oldName, newName)
    })
  }

  async remove(path: string): Promise<void> {
    const act = (isWhole: boolean): void => {
      const node = this.#find(path)
      if (node === undefined) return
      this.mustBeWritable()
      const [folder, name] = this.#parent(path)
      const isEmpty = node instanceof FileNode || this.#empty(node, isWhole)
      this.counts.folderChanges++
      if (isEmpty) folder.change([name, undefined])
    }
    return this.perform(
      `remove ${path}`,
      () => act(true),
      () => act(false),
    )
  }

  async flushFolder(path: string): Promise<void> {
    const folder = this.#find(path)
    const end = folder instanceof Folder ? folder.flush() : undefined
    return this.perform(`flush folder ${path}`, () => {
      this.mustHaveDescriptor()
      if (!end) return this.fail('absent', `${path} is no folder`)
      this.counts.flushes++
      if (this.faults.failsFlush !== undefined) {
        this.#isBroken = this.faults.failsFlush === 'all'
        this.faults.failsFlush = undefined
        this.fail('failed', 'the flush failed')
      }
      return end()
    })
  }

  /** Removes what is in a folder, or some of it; whether it is empty now. */
  #empty(folder: Folder, isWhole: boolean): boolean {
    this.mustHaveDescriptor()
    for (const [name, node] of [...folder.entries]) {
      if (!isWhole && this.random.chance(0.5)) return false
      if (node instanceof Folder && !this.#empty(node, isWhole)) return false
      folder.change([name, undefined])
    }
    return true
  }

  #find(path: string): Node | undefined {
    let node: Node | undefined = this.#root
    for (const name of parts(path))
      node = node instanceof Folder ? node.entries.get(name) : undefined
    return node
  }

  #folderAt(path: string): Folder {
    const node = this.#find(path)
    return node instanceof Folder ? node : this.fail('absent', `${path} is no folder`)
  }

  #fileAt(path: string): FileNode {
    const node = this.#find(path)
    return node instanceof FileNode ? node : this.fail('absent', `${path} is no file`)
  }

  #parent(path: string): [folder: Folder, name: string] {
    const names = parts(path)
    const name = names.pop() ?? this.misuse('the root has no name')
    return [this.#folderAt(names.join('/')), name]
  }
}

/** The same files on another disk, where all of it is on disk. */
export function copyImage({ root }: DiskImage): DiskImage {
  return { root: root.copy() }
}

function parts(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
}
