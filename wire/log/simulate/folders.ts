import { assert } from '@fermata/base/assert'
import type { SeededRandom } from '@fermata/testkit/random'
import { Content, drawFate, type Fate } from './content.ts'

/** A file, whatever names it has. */
export class FileNode {
  readonly content = new Content()

  copy(): FileNode {
    const copy = new FileNode()
    copy.content.write(0, this.content.bytes)
    copy.content.flush()()
    return copy
  }
}

/** What a name in a folder stands for. */
export type Node = FileNode | Folder

/** Names that got another meaning in one step. */
interface FolderChange {
  readonly names: readonly (readonly [name: string, node: Node | undefined])[]
  /** The other half of a move from one folder to another: it is on disk whenever this one is. */
  readonly needs?: { readonly folder: Folder; readonly change: FolderChange }
  /** Set by a power cut before which it did not reach the disk. */
  isLost: boolean
}

/** A folder as programs see it, as the disk has it, and what was done in between. */
export class Folder {
  readonly entries = new Map<string, Node>()
  readonly #kept = new Map<string, Node>()
  #open: FolderChange[] = []

  /** Gives names a meaning, or takes it from them, in one step. */
  change(...names: FolderChange['names']): void {
    this.#do({ names, isLost: false })
  }

  /** Moves what has a name in another folder here. */
  moveFrom(folder: Folder, from: string, to: string): void {
    const node = folder.entries.get(from)
    assert(node !== undefined && folder !== this, 'there is something to move from elsewhere')
    const change: FolderChange = { names: [[to, node]], isLost: false }
    this.#do(change)
    folder.#do({ names: [[from, undefined]], needs: { folder: this, change }, isLost: false })
  }

  /** Begins a flush; what it answers ends it, and brings to the disk what was done before it began. */
  flush(): () => void {
    const covered = [...this.#open]
    return () => {
      for (const change of covered) if (this.#open.includes(change)) this.#settle(change)
    }
  }

  /** The same names for the same bytes, all of it on disk, on another disk. */
  copy(): Folder {
    const copy = new Folder()
    for (const [name, node] of this.entries) copy.change([name, node.copy()])
    copy.flush()()
    return copy
  }

  /** What is left of this folder, and of all below it, when the power goes. */
  cut(random: SeededRandom): void {
    this.#cutNames(random)
    this.entries.clear()
    for (const [name, node] of this.#kept) {
      this.entries.set(name, node)
      if (node instanceof Folder) node.cut(random)
      else node.content.cut(drawFate(random))
    }
  }

  /** Most file systems keep a first part of the changes; that is promised by none. */
  #cutNames(random: SeededRandom): void {
    const inOrder = random.chance(0.6)
    const fate: Fate = drawFate(random)
    const first = random.below(this.#open.length + 1)
    for (const [at, change] of [...this.#open].entries()) {
      const isKept = inOrder ? at < first : fate.whole()
      // What another folder has brought here in the meantime is not open any more.
      if (isKept && this.#open.includes(change) && change.needs?.change.isLost !== true)
        this.#settle(change)
    }
    for (const change of this.#open) change.isLost = true
    this.#open = []
  }

  #do(change: FolderChange): void {
    apply(this.entries, change)
    this.#open.push(change)
  }

  #settle(change: FolderChange): void {
    const { needs } = change
    if (needs && needs.folder.#open.includes(needs.change)) needs.folder.#settle(needs.change)
    this.#open = this.#open.filter((other) => other !== change)
    apply(this.#kept, change)
  }
}

function apply(names: Map<string, Node>, change: FolderChange): void {
  for (const [name, node] of change.names) {
    if (node) names.set(name, node)
    else names.delete(name)
  }
}

/** All files below a folder by their paths, in the order of the names. */
export function filesBelow(folder: Folder, path = ''): Map<string, FileNode> {
  const files = new Map<string, FileNode>()
  for (const name of [...folder.entries.keys()].toSorted()) {
    const node = folder.entries.get(name)
    const below = path === '' ? name : `${path}/${name}`
    if (node instanceof FileNode) files.set(below, node)
    else if (node) for (const [at, file] of filesBelow(node, below)) files.set(at, file)
  }
  return files
}
