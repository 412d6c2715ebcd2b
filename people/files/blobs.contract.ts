import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { idsFrom, uuidv7Generator, type FileId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { fakeClock } from '@fermata/testkit/clock'
import { seededRandom } from '@fermata/testkit/random'
import { BlobAbsent, headBytes, Unwanted, type BlobName, type Blobs } from './blobs.ts'

const fillRandom = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)
const ids = idsFrom(uuidv7Generator(fakeClock(), fillRandom))

/** Blobs for tests: opened anew they must be the same ones. */
export interface BlobGround {
  readonly name: string
  readonly skip?: string | false
  open(): Promise<Blobs>
}

async function* from(...parts: (Uint8Array | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part
    yield part
  }
}

async function bytesOf(blobs: Blobs, name: BlobName, range?: { first: number; last: number }) {
  const parts: Uint8Array[] = []
  for await (const chunk of await blobs.read(name, range)) parts.push(chunk as Uint8Array)
  return Buffer.concat(parts)
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

/** What every store of blobs promises. */
export function blobsContract(ground: BlobGround): void {
  const promise = (title: string, body: (blobs: Blobs, file: FileId) => Promise<void>): void => {
    test(`${ground.name}: ${title}`, { skip: ground.skip ?? false }, async () => {
      await body(await ground.open(), ids.next('fil'))
    })
  }

  promise(
    'an upload goes on where it ended, also in a store that was opened anew',
    async (blobs, file) => {
      assert.equal(await blobs.size(file), 0)
      assert.equal(
        await blobs.append(file, 0, from(Buffer.from('once '), Buffer.from('upon '))),
        10,
      )
      const again = await ground.open()
      assert.equal(await again.size(file), 10)
      assert.equal(await again.append(file, 10, from(Buffer.from('a time'))), 16)
      const whole = Buffer.from('once upon a time')
      const sealed = await again.seal(file, 16)
      assert.deepEqual(Buffer.from(sealed.hash), sha256(whole))
      assert.deepEqual(Buffer.from(sealed.head), whole)
      assert.deepEqual(await bytesOf(blobs, file), whole)
      assert.equal(await blobs.size(file), 16)
    },
  )

  promise('what came before the source broke off is kept', async (blobs, file) => {
    const torn = from(Buffer.from('half'), new Error('the line was cut'))
    await assert.rejects(() => blobs.append(file, 0, torn), /the line was cut/)
    assert.equal(await blobs.size(file), 4)
    assert.equal(await blobs.append(file, 4, from(Buffer.from(' and half'))), 13)
    await blobs.seal(file, 13)
    assert.equal((await bytesOf(blobs, file)).toString(), 'half and half')
  })

  promise('nothing is kept of what turns out to be unwanted', async (blobs, file) => {
    await blobs.append(file, 0, from(Buffer.from('good')))
    const bad = from(Buffer.from('bad'), new Unwanted('its checksum is wrong'))
    await assert.rejects(() => blobs.append(file, 4, bad), Unwanted)
    assert.equal(await blobs.size(file), 4)
    await blobs.append(file, 4, from(Buffer.from('ness')))
    await blobs.seal(file, 8)
    assert.equal((await bytesOf(blobs, file)).toString(), 'goodness')
  })

  promise(
    'an upload of many parts is one blob, and any run of its bytes can be read',
    async (blobs, file) => {
      const random = seededRandom(`${ground.name} runs of bytes`)
      const whole = Buffer.alloc(2 * limits.objectPartBytes + 12_345)
      for (let i = 0; i < whole.length; i++) whole[i] = (i * 31 + (i >> 8)) & 0xff
      let at = 0
      while (at < whole.length) {
        const end = Math.min(whole.length, at + 1 + random.below(limits.objectPartBytes))
        const middle = at + random.below(end - at)
        const parts = from(whole.subarray(at, middle), whole.subarray(middle, end))
        at = await blobs.append(file, at, parts)
        assert.equal(at, end)
      }
      const sealed = await blobs.seal(file, whole.length)
      assert.deepEqual(Buffer.from(sealed.hash), sha256(whole))
      assert.deepEqual(Buffer.from(sealed.head), whole.subarray(0, headBytes))
      const repeated = await (await ground.open()).seal(file, whole.length)
      assert.deepEqual(Buffer.from(repeated.hash), sha256(whole))
      for (let run = 0; run < 10; run++) {
        const first = random.below(whole.length)
        const last = first + random.below(whole.length - first)
        const read = await bytesOf(blobs, file, { first, last })
        assert.ok(read.equals(whole.subarray(first, last + 1)), `${first}-${last}`)
      }
      assert.ok((await bytesOf(blobs, file)).equals(whole))
    },
  )

  promise('an upload of no bytes is a blob, too', async (blobs, file) => {
    const sealed = await blobs.seal(file, 0)
    assert.deepEqual(Buffer.from(sealed.hash), sha256(Buffer.alloc(0)))
    assert.equal((await bytesOf(blobs, file)).length, 0)
  })

  promise(
    'something small is kept as a whole beside the file, and goes with it',
    async (blobs, file) => {
      await blobs.append(file, 0, from(Buffer.from('large')))
      await blobs.seal(file, 5)
      await blobs.put(`${file}.small`, Buffer.from('a longer small one'))
      await blobs.put(`${file}.small`, Buffer.from('small'))
      assert.equal((await bytesOf(blobs, `${file}.small`)).toString(), 'small')
      await blobs.remove(file)
      await assert.rejects(() => blobs.read(file), BlobAbsent)
      await assert.rejects(() => blobs.read(`${file}.small`), BlobAbsent)
      assert.equal(await blobs.size(file), 0)
    },
  )

  promise('removing is done once or twice, of an open upload too', async (blobs, file) => {
    await blobs.append(file, 0, from(Buffer.from('never finished')))
    await blobs.remove(file)
    await blobs.remove(file)
    assert.equal(await blobs.size(file), 0)
  })
}
