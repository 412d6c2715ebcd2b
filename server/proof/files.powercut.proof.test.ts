import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FileId } from '@fermata/base/ids'
import { openDiskBlobs, type BlobName } from '@fermata/people/files/index'
import { knob } from '@fermata/testkit/knobs'
import { need } from '@fermata/testkit/needs'
import { tryCuts } from '@fermata/testkit/powercut/trial'
import { contentOf } from './files.content.ts'

const strace = need('strace')
const images = knob('FERMATA_POWERCUT_IMAGES', 60)
const files = 40

/** What the program was told and said on one line. */
interface Said {
  readonly file: FileId
  readonly offset?: number
  readonly hash?: string
  readonly small?: number
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
  (t) =>
    tryCuts<Said>(t, {
      strace: strace.path,
      program: new URL('./files.program.ts', import.meta.url),
      words: [`${files}`],
      isVolatile: () => false,
      images,
      complete(said) {
        const sealed = new Set(said.flatMap(({ file, hash }) => (hash ? [file] : [])))
        assert.equal(sealed.size, files)
      },
      audit,
    }),
)
