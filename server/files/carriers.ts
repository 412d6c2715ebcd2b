import type { FastifyReply, FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'
import type { FileId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import { refusal } from '@fermata/contract/errors'
import {
  BlobAbsent,
  disposition,
  type Blobs,
  type FilesRoom,
  type ReadableFile,
} from '@fermata/people/files/index'
import type { Carrier, Carriers } from '../http/mount.ts'
import { refuse } from '../http/refuse.ts'
import { readRange } from './range.ts'
import { readChecksum, readCount, tell, uploadType } from './tus.ts'

/** A file may not load anything, run anything, or be more than what it is. */
const filePolicy =
  "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"

/** Whether the line was cut while a body was being read. */
function wasCut(request: FastifyRequest): boolean {
  return request.raw.destroyed && !request.raw.complete
}

/** Takes the next bytes of an upload. */
function appendCarrier({ uploads }: Pick<FilesRoom, 'uploads'>): Carrier {
  return async ({ caller, params, request }, reply) => {
    const { body } = request
    const { headers } = request.raw
    if (!(body instanceof Readable)) {
      const message = `Send the bytes with the content type ${uploadType}.`
      return refuse(reply, refusal('unsupported_media', { message }))
    }
    const at = readCount(headers, 'upload-offset')
    if (!at.ok) return refuse(reply, at.refusal)
    const checksum = readChecksum(headers)
    if (!checksum.ok) return refuse(reply, checksum.refusal)
    const sum = checksum.value === undefined ? {} : { checksum: checksum.value }
    const incoming = { at: at.value, source: body as AsyncIterable<Uint8Array>, ...sum }
    const came = await uploads
      .append(caller, params['file'] as FileId, incoming)
      .catch((error: unknown) => {
        // Nobody is there to be answered, and nothing is wrong with the server.
        if (!wasCut(request)) throw error
        const message = 'The line was cut.'
        return refused(refusal('bad_request', { message, field: 'body' }))
      })
    if (!came.ok) return refuse(reply, came.refusal)
    tell(reply, came.value)
    return reply.code(204).send()
  }
}

function describe(reply: FastifyReply, file: ReadableFile, as: string | undefined): void {
  const kind = file.shown && as !== 'attachment' ? 'inline' : 'attachment'
  void reply.headers({
    'content-type': file.type === 'text/plain' ? 'text/plain; charset=utf-8' : file.type,
    'content-disposition': disposition(kind, file.name),
    'content-security-policy': filePolicy,
    'accept-ranges': 'bytes',
  })
}

/** A blob that is being opened; its absence is told from other trouble. */
async function opening(reading: Promise<Readable>): Promise<Result<Readable, BlobAbsent>> {
  try {
    return ok(await reading)
  } catch (error) {
    if (error instanceof BlobAbsent) return refused(error)
    throw error
  }
}

/** Gives away a file, or its small picture, to whoever may see it at this moment. */
function readCarrier(room: FilesRoom, blobs: Blobs, what: 'whole' | 'small'): Carrier {
  let reading = 0
  const done = (): void => void (reading -= 1)
  return async ({ caller, params, request }, reply) => {
    if (reading >= limits.fileReadsAtOnceMax) return refuse(reply, refusal('unavailable'))
    const id = params['file'] as FileId
    const found = await room.find(caller, id, what)
    if (!found.ok) return refuse(reply, found.refusal)
    const file = found.value
    const { range: asked, 'if-range': ifRange } = request.raw.headers
    // There is no validator to hold If-Range against, so it gets the whole.
    const range = ifRange === undefined ? readRange(asked, file.bytes) : 'none'
    if (range === 'beyond') {
      void reply.header('content-range', `bytes */${file.bytes}`)
      return refuse(reply, refusal('range_beyond', { field: 'headers.range', limit: file.bytes }))
    }
    const part = range === 'none' ? undefined : range
    reading += 1
    const opened = await opening(blobs.read(file.blob, part)).finally(done)
    if (!opened.ok) {
      // It may have been erased at this moment; if it was not, that is a fault of the server.
      const again = await room.find(caller, id, what)
      if (again.ok) throw opened.refusal
      return refuse(reply, again.refusal)
    }
    const stream = opened.value
    reading += 1
    stream.once('close', done)
    describe(reply, file, (request.query as { as?: string }).as)
    if (part === undefined) return reply.header('content-length', file.bytes).send(stream)
    const { first, last } = part
    void reply.code(206).headers({
      'content-range': `bytes ${first}-${last}/${file.bytes}`,
      'content-length': last - first + 1,
    })
    return reply.send(stream)
  }
}

/** What carries bytes in and out. */
export function fileCarriers(room: FilesRoom, blobs: Blobs): Carriers {
  return {
    'uploads.append': appendCarrier(room),
    'files.read': readCarrier(room, blobs, 'whole'),
    'files.thumbnail': readCarrier(room, blobs, 'small'),
  }
}
