import type { SeededRandom } from '@fermata/testkit/random'
import type { DiskImage } from './disk.ts'
import { filesBelow } from './folders.ts'

/** What goes bad by itself on a disk that nobody uses. */
export interface Rot {
  readonly path: string
  readonly kind: 'bit' | 'zeros' | 'noise' | 'cut'
  /** Which bytes of the file may differ from what was written. */
  readonly from: number
  readonly to: number
}

/** Draws one place of one file that holds anything, each kind of file alike; undefined where there is none. */
export function drawRot(image: DiskImage, random: SeededRandom): Rot | undefined {
  const files = [...filesBelow(image.root)].filter(([, file]) => file.content.size > 0)
  if (files.length === 0) return undefined
  const sort = random.pick([...new Set(files.map(([path]) => sortOf(path)))])
  const [path, file] = random.pick(files.filter(([other]) => sortOf(other) === sort))
  const { size } = file.content
  const kind = random.pick(['bit', 'zeros', 'noise', 'cut'] as const)
  const at = random.below(size)
  if (kind === 'cut') return { path, kind, from: at, to: size }
  if (kind === 'bit') return { path, kind, from: at, to: at + 1 }
  const from = Math.floor(at / 512) * 512
  return { path, kind, from, to: Math.min(size, from + random.pick([512, 4096])) }
}

function sortOf(path: string): string {
  if (path.startsWith('partitions/0-')) return path.endsWith('.log') ? 'own' : 'index'
  return /checkpoint|journal$|log$|index$/.exec(path)?.[0] ?? 'other'
}

/** Spoils what was drawn. */
export function spoil(image: DiskImage, { path, kind, from, to }: Rot, random: SeededRandom): void {
  const content = filesBelow(image.root).get(path)!.content
  if (kind === 'cut') {
    content.truncate(from)
    content.flush()()
    return
  }
  const bit = 1 << random.below(8)
  const noise = Uint8Array.from({ length: to - from }, () => random.below(256))
  content.spoil((bytes) => {
    if (kind === 'bit') bytes[from]! ^= bit
    else if (kind === 'zeros') bytes.fill(0, from, to)
    else bytes.set(noise, from)
  })
}
