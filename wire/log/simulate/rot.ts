import type { SeededRandom } from '@fermata/testkit/random'
import type { DiskImage } from './disk.ts'
import { filesBelow } from './folders.ts'

/** What went bad by itself on a disk that nobody used. */
export interface Rot {
  readonly path: string
  readonly kind: 'bit' | 'zeros' | 'noise' | 'cut'
  /** Which bytes of the file may differ from what was written. */
  readonly from: number
  readonly to: number
}

/** Spoils one place of one file that holds anything; undefined where there is none. */
export function rot(image: DiskImage, random: SeededRandom): Rot | undefined {
  const files = [...filesBelow(image.root)].filter(([, file]) => file.content.size > 0)
  if (files.length === 0) return undefined
  const [path, file] = random.pick(files)
  const { content } = file
  const kind = random.pick(['bit', 'zeros', 'noise', 'cut'] as const)
  const size = content.size
  if (kind === 'cut') {
    const from = random.below(size)
    content.truncate(from)
    content.flush()()
    return { path, kind, from, to: size }
  }
  if (kind === 'bit') {
    const at = random.below(size)
    const bit = 1 << random.below(8)
    content.spoil((bytes) => void (bytes[at]! ^= bit))
    return { path, kind, from: at, to: at + 1 }
  }
  const from = Math.floor(random.below(size) / 512) * 512
  const to = Math.min(size, from + random.pick([512, 4096]))
  const noise = Uint8Array.from({ length: to - from }, () => random.below(256))
  content.spoil(
    (bytes) => void (kind === 'zeros' ? bytes.fill(0, from, to) : bytes.set(noise, from)),
  )
  return { path, kind, from, to }
}
