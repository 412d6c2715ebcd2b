import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { AwsClient } from 'aws4fetch'
import { assert } from '@fermata/base/assert'
import type { FileId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { BlobAbsent, BlobsFull, headBytes, Unwanted, type BlobName, type Blobs } from './blobs.ts'

/** Where an object store is, and who we are there. */
export interface S3Options {
  /** The bucket's own address, with its name in the host or in the path. */
  readonly bucketUrl: string
  readonly region: string
  readonly keyId: string
  /** A secret. */
  readonly secret: string
}

/** What came of an upload in one go: an object that begins at a byte of it. */
interface Part {
  readonly key: string
  readonly first: number
  readonly bytes: number
}

/** The object store answered something that was not to be expected. */
class ObjectStoreFailure extends Error {
  override readonly name = 'ObjectStoreFailure'
}

/** The requests of S3 that are made, https://docs.aws.amazon.com/AmazonS3/latest/API/ */
class Bucket {
  readonly #client: AwsClient
  readonly #url: string

  constructor({ bucketUrl, region, keyId, secret }: S3Options) {
    const credentials = { accessKeyId: keyId, secretAccessKey: secret }
    this.#client = new AwsClient({ ...credentials, region, service: 's3', retries: 3 })
    this.#url = bucketUrl.replace(/\/+$/, '')
  }

  /** Asks, and throws unless the answer is a success or one of those that are `fine`. */
  async ask(
    method: string,
    target: string,
    given: { body?: Uint8Array; headers?: Record<string, string>; fine?: readonly number[] } = {},
  ): Promise<Response> {
    const { body, headers = {}, fine = [] } = given
    const answer = await this.#client.fetch(this.#address(target), {
      method,
      headers,
      // A body that is read takes as long as its reader wants.
      ...(method === 'GET' ? {} : { signal: AbortSignal.timeout(limits.objectRequestMsMax) }),
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    })
    if (answer.ok || fine.includes(answer.status)) return answer
    const told = `${method} ${answer.status}: ${(await answer.text()).slice(0, 300)}`
    if (answer.status === 507) throw new BlobsFull(`the object store is full: ${told}`)
    throw new ObjectStoreFailure(`the object store refused: ${told}`)
  }

  /** What is asked of the bucket itself has no slash behind its name. */
  #address(target: string): string {
    return target.startsWith('?') ? this.#url + target : `${this.#url}/${target}`
  }

  async put(key: string, body: Uint8Array): Promise<void> {
    await (await this.ask('PUT', key, { body })).text()
  }

  async delete(key: string): Promise<void> {
    await (await this.ask('DELETE', key, { fine: [404] })).text()
  }

  /** How many bytes an object has; undefined when there is none. */
  async bytesOf(key: string): Promise<number | undefined> {
    const answer = await this.ask('HEAD', key, { fine: [404] })
    return answer.ok ? Number(answer.headers.get('content-length')) : undefined
  }

  async read(key: string, range?: string): Promise<Readable> {
    const headers: Record<string, string> = range === undefined ? {} : { range }
    const answer = await this.ask('GET', key, { headers, fine: [404] })
    if (answer.status === 404) throw new BlobAbsent(`there is no blob ${key}`)
    if (answer.body === null) return Readable.from([])
    return Readable.fromWeb(answer.body as ReadableStream<Uint8Array>)
  }

  /** The keys that begin so, in order. They are made of letters that XML writes as they are. */
  async list(prefix: string): Promise<{ key: string; bytes: number }[]> {
    const found: { key: string; bytes: number }[] = []
    for (let after = ''; ;) {
      const from = after === '' ? '' : `&start-after=${after}`
      const text = await (await this.ask('GET', `?list-type=2&prefix=${prefix}${from}`)).text()
      const page = [...text.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, entry = '']) => ({
        key: /<Key>([^<]*)<\/Key>/.exec(entry)?.[1] ?? '',
        bytes: Number(/<Size>(\d+)<\/Size>/.exec(entry)?.[1]),
      }))
      found.push(...page)
      after = page.at(-1)?.key ?? ''
      if (!text.includes('<IsTruncated>true</IsTruncated>') || after === '') break
    }
    return found.toSorted((a, b) => (a.key < b.key ? -1 : 1))
  }

  /** Makes one object of pieces that are each large enough, but for the last. */
  async putPieces(key: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
    const begun = await (await this.ask('POST', `${key}?uploads=`)).text()
    const upload = /<UploadId>([^<]+)<\/UploadId>/.exec(begun)?.[1] ?? ''
    const tags: string[] = []
    try {
      for await (const body of pieces) {
        const at = `${key}?partNumber=${tags.length + 1}&uploadId=${encodeURIComponent(upload)}`
        const answer = await this.ask('PUT', at, { body })
        await answer.text()
        tags.push(answer.headers.get('etag') ?? '')
      }
      const parts = tags.map(
        (tag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${tag}</ETag></Part>`,
      )
      const body = Buffer.from(
        `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`,
      )
      const target = `${key}?uploadId=${encodeURIComponent(upload)}`
      const told = await (await this.ask('POST', target, { body })).text()
      // S3 may say so under a status of success, after it has begun to answer.
      if (told.includes('<Error>')) throw new ObjectStoreFailure(told.slice(0, 300))
    } catch (error) {
      await this.ask('DELETE', `${key}?uploadId=${encodeURIComponent(upload)}`, { fine: [404] })
      throw error
    }
  }
}

function checked(name: BlobName): BlobName {
  assert(/^fil_[0-9a-z]{26}(\.small)?$/.test(name), 'a blob is named after a file')
  return name
}

/** The names of what came of an upload: they sort by where they begin. */
function partPrefix(file: FileId): string {
  return `incoming.${checked(file)}.`
}

/** Gathers what comes into runs of so many bytes; the last may be shorter. */
async function* gathered(
  source: AsyncIterable<Uint8Array>,
  bytes: number,
): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let count = 0
  const all = (): Uint8Array => {
    const whole = Buffer.concat(held)
    held = []
    count = 0
    return whole
  }
  let failure: { error: unknown } | undefined
  try {
    for await (const chunk of source) {
      let rest = chunk
      while (count + rest.length >= bytes) {
        held.push(rest.subarray(0, bytes - count))
        rest = rest.subarray(bytes - count)
        yield all()
      }
      if (rest.length > 0) held.push(Uint8Array.from(rest))
      count += rest.length
    }
  } catch (error) {
    failure = { error }
  }
  // What came before the source broke off is worth keeping; whoever takes it hears of the break after.
  if (count > 0) yield all()
  if (failure !== undefined) throw failure.error
}

/**
 * Blobs as objects of an S3 bucket that holds nothing else. What comes of an upload is kept as objects that
 * are named after where they begin, so that any node can go on with it; sealing makes one object of
 * them. That object is there only when it is whole, and says then how far the upload has come.
 */
export function openS3Blobs(options: S3Options): Blobs {
  const bucket = new Bucket(options)

  async function partsOf(file: FileId): Promise<Part[]> {
    const prefix = partPrefix(file)
    const parts: Part[] = []
    let end = 0
    for (const { key, bytes } of await bucket.list(prefix)) {
      const first = Number(key.slice(prefix.length))
      // Behind a gap nothing counts: it was left by a request that was overtaken.
      if (first !== end) continue
      parts.push({ key, first, bytes })
      end += bytes
    }
    return parts
  }

  async function* bytesOf(parts: readonly Part[]): AsyncGenerator<Uint8Array> {
    for (const { key } of parts) yield* (await bucket.read(key)) as AsyncIterable<Uint8Array>
  }

  async function size(file: FileId): Promise<number> {
    const sealed = await bucket.bytesOf(checked(file))
    if (sealed !== undefined) return sealed
    return (await partsOf(file)).reduce((sum, { bytes }) => sum + bytes, 0)
  }

  return {
    size,

    async append(file, at, source) {
      assert((await size(file)) === at, 'an upload goes on where it ended')
      const prefix = partPrefix(file)
      const written: string[] = []
      let end = at
      try {
        for await (const body of gathered(source, limits.objectPartBytes)) {
          const key = prefix + String(end).padStart(15, '0')
          await bucket.put(key, body)
          written.push(key)
          end += body.length
        }
      } catch (error) {
        if (error instanceof Unwanted)
          for (const key of written.toReversed()) await bucket.delete(key)
        throw error
      }
      return end
    },

    async seal(file, bytes) {
      const sha256 = createHash('sha256')
      const head: Uint8Array[] = []
      let count = 0
      async function* noted(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
        for await (const chunk of source) {
          sha256.update(chunk)
          if (count < headBytes) head.push(chunk.subarray(0, headBytes - count))
          count += chunk.length
          yield chunk
        }
      }
      if ((await bucket.bytesOf(checked(file))) === undefined) {
        const parts = await partsOf(file)
        const pieces = gathered(noted(bytesOf(parts)), limits.objectPartBytes)
        if (bytes > limits.objectPartBytes) await bucket.putPieces(file, pieces)
        else {
          const whole: Uint8Array[] = []
          for await (const piece of pieces) whole.push(piece)
          await bucket.put(file, Buffer.concat(whole))
        }
        for (const { key } of parts.toReversed()) await bucket.delete(key)
      } else {
        for await (const _ of noted((await bucket.read(file)) as AsyncIterable<Uint8Array>))
          continue
      }
      assert(count === bytes, 'an upload is sealed when all of it has come')
      return { hash: sha256.digest(), head: Buffer.concat(head) }
    },

    put: (name, bytes) => bucket.put(checked(name), bytes),

    read: (name, range) =>
      bucket.read(checked(name), range && `bytes=${range.first}-${range.last}`),

    async remove(name) {
      await bucket.delete(checked(name))
      if (name.endsWith('.small')) return
      await bucket.delete(`${name}.small`)
      for (const { key } of await bucket.list(partPrefix(name))) await bucket.delete(key)
    },
  }
}
