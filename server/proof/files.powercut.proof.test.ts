import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { FileId } from '@fermata/base/ids'
import { openDiskBlobs, type BlobName } from '@fermata/people/files/index'
import { knob } from '@fermata/testkit/knobs'
import { need } from '@fermata/testkit/needs'
import { drawCuts } from '@fermata/testkit/powercut/cuts'
import { DiskImages, writeDisk } from '@fermata/testkit/powercut/image'
import type { Recording } from '@fermata/testkit/powercut/operations'
import { record } from '@fermata/testkit/powercut/record'
import { RecordingReader } from '@fermata/testkit/powercut/recording'
import { seededRandom } from '@fermata/testkit/random'
import { contentOf } from './files.content.ts'

const strace = need('strace')
const images = knob('FERMATA_POWERCUT_IMAGES', 60)
const files = 40

/** What the program was told and said on one line, and when that began to leave. */
interface Said {
  readonly begun: number
  readonly file: FileId
  readonly offset?: number
  readonly hash?: string
  readonly small?: number
}

const saidIn = (recording: Recording): Said[] => {
  let rest = ''
  return recording.sent
    .filter(({ stream }) => stream === 1)
    .flatMap(({ begun, data }) => {
      const lines = (rest + data.toString('latin1')).split('\n')
      rest = lines.pop() ?? ''
      return lines.map((line): Said => ({ ...(JSON.parse(line) as Said), begun }))
    })
}

/** Opens what a disk held, and looks for every byte that was counted. */
const audit = async (folder: string, said: readonly Said[]): Promise<void> => {
  const blobs = await openDiskBlobs({
    folder,
    fatal(error) {
      throw error
    },
  })
  const read = async (name: BlobName, bytes: number): Promise<Buffer> => {
    const parts: Uint8Array[] = []
    if (bytes === 0) return Buffer.alloc(0)
    for await (const part of await blobs.read(name, { first: 0, last: bytes - 1 })) {
      parts.push(part as Uint8Array)
    }
    return Buffer.concat(parts)
  }
  for (const { file, offset, hash, small } of said) {
    if (offset !== undefined) {
      assert.ok((await blobs.size(file)) >= offset, `${offset} bytes of ${file} were counted`)
      assert.ok((await read(file, offset)).equals(contentOf(file, offset)), `the bytes of ${file}`)
    }
    if (hash !== undefined && offset !== undefined) {
      const sealed = await blobs.seal(file, offset)
      assert.equal(Buffer.from(sealed.hash).toString('hex'), hash)
    }
    if (small !== undefined) {
      assert.ok((await read(`${file}.small`, small)).equals(contentOf(file, small)))
    }
  }
}

test(
  'bytes of files that were counted are there after a power cut at any moment',
  { skip: strace.skip },
  async (t) => {
    const random = seededRandom(t.name)
    const place = realpathSync(mkdtempSync(join(tmpdir(), 'fermata-powercut-')))
    t.after(() => rmSync(place, { recursive: true, force: true }))
    const folder = join(place, 'files')
    mkdirSync(folder)
    const program = fileURLToPath(new URL('./files.program.ts', import.meta.url))
    const recorded = record({
      strace: strace.path,
      command: [process.execPath, program, folder, `${random.seed}`, `${files}`],
    })
    const reader = new RecordingReader({ folder, base: new Map(), isVolatile: () => false })
    await recorded.readInto(reader)
    const recording = reader.end()
    const said = saidIn(recording)
    t.diagnostic(`${recording.lines} calls, ${recording.flushes} flushes, ${said.length} said`)
    assert.equal(new Set(said.flatMap(({ file, hash }) => (hash ? [file] : []))).size, files)

    const disks = new DiskImages(recording)
    for (const [index, cut] of drawCuts(recording, random, { count: images }).entries()) {
      const image = join(place, `image-${index}`)
      writeDisk(image, disks.at(cut, random))
      const seen = said.filter(({ begun }) => begun < cut)
      await assert.doesNotReject(audit(image, seen), `the image of the cut at ${cut}`)
      rmSync(image, { recursive: true, force: true })
    }
  },
)
