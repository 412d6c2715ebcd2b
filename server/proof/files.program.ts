// A small program over the files on disk alone, for the power-cut test: uploads that come in pieces, are
// sealed, get a small picture, and sometimes go again. What it is told it says on standard output, one
// JSON text a line.

import { idText, type FileId } from '@fermata/base/ids'
import { openDiskBlobs } from '@fermata/people/files/index'
import { randomFrom } from '@fermata/testkit/random'
import { contentOf } from './files.content.ts'

const [folder = '', seedText = '1', countText = '10'] = process.argv.slice(2)
const random = randomFrom(Number(seedText))
const writersMax = 4
let left = Number(countText)

const say = (seen: object): void => void process.stdout.write(`${JSON.stringify(seen)}\n`)

const blobs = await openDiskBlobs({
  folder,
  fatal(error) {
    throw error
  },
})

/** An id whose last letters, which name the folder, differ. */
function newId(number: number): FileId {
  const bytes = new Uint8Array(16)
  bytes[14] = number
  bytes[15] = random.below(256)
  return idText('fil', bytes)
}

async function* pieces(whole: Buffer): AsyncGenerator<Uint8Array> {
  let at = 0
  while (at < whole.length) {
    const end = Math.min(whole.length, at + 1 + random.below(20_000))
    yield whole.subarray(at, end)
    at = end
  }
}

async function upload(number: number): Promise<void> {
  const file = newId(number)
  const whole = contentOf(file, random.below(120_000))
  let at = 0
  while (at < whole.length) {
    const end = Math.min(whole.length, at + 1 + random.below(50_000))
    at = await blobs.append(file, at, pieces(whole.subarray(at, end)))
    say({ file, offset: at })
  }
  const { hash } = await blobs.seal(file, whole.length)
  say({ file, offset: at, hash: Buffer.from(hash).toString('hex') })
  if (random.chance(0.5)) {
    const small = contentOf(file, 1_000)
    await blobs.put(`${file}.small`, small)
    say({ file, small: small.length })
  }
}

async function writer(): Promise<void> {
  while (left > 0) {
    left -= 1
    await upload(left)
  }
}

await Promise.all(Array.from({ length: writersMax }, writer))
