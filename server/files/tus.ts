import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingHttpHeaders } from 'node:http'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { UploadView } from '@fermata/contract/files.schema'
import type { RouteName } from '@fermata/contract/routes'
import { checksumAlgorithms, type Checksum } from '@fermata/people/files/index'
import { bytesType, type Dress } from '../http/mount.ts'

// The tus resumable upload protocol 1.0.0, https://tus.io/protocols/resumable-upload: its core, and the
// extensions creation, termination and checksum. It is a way to say the same as the JSON of these routes.

const version = '1.0.0'

/** The media type of the bytes of an upload. */
export const uploadType = bytesType

const bodyText = (headers: IncomingHttpHeaders, name: string): string | undefined => {
  const value = headers[name]
  return typeof value === 'string' ? value : undefined
}

/** Reads a count of bytes from a header. */
export function readCount(headers: IncomingHttpHeaders, name: string): Result<number, Refusal> {
  const text = bodyText(headers, name) ?? ''
  if (/^[0-9]{1,15}$/.test(text)) return ok(Number(text))
  const message = `The header ${name} must be a whole number.`
  return refused(refusal('invalid_field', { message, field: `headers.${name}` }))
}

/** Whether a client that speaks tus speaks the version that is spoken here. */
function versionFault(headers: IncomingHttpHeaders): Refusal | undefined {
  const spoken = bodyText(headers, 'tus-resumable')
  return spoken === undefined || spoken === version
    ? undefined
    : refusal('wrong_protocol', { field: 'headers.tus-resumable' })
}

/** The file's name in Upload-Metadata: pairs of a key and its value in Base64, with commas between. */
export function readName(metadata: string): string {
  for (const pair of metadata.split(',')) {
    const [key = '', value = ''] = pair.trim().split(' ')
    if (key !== 'filename' && key !== 'name') continue
    const name = Buffer.from(value, 'base64').toString('utf8').replaceAll('\0', '')
    if (name !== '') return name.slice(0, 255).toWellFormed()
  }
  return 'file'
}

/** Reads Upload-Checksum: the algorithm's name and the digest in Base64. */
export function readChecksum(headers: IncomingHttpHeaders): Result<Checksum | undefined, Refusal> {
  const text = bodyText(headers, 'upload-checksum')
  if (text === undefined) return ok(undefined)
  const [name = '', digest = ''] = text.split(' ')
  const algorithm = checksumAlgorithms.find((one) => one === name)
  if (algorithm !== undefined && /^[A-Za-z0-9+/]{20,88}={0,2}$/.test(digest)) {
    return ok({ algorithm, digest: Buffer.from(digest, 'base64') })
  }
  const message = `The header upload-checksum takes one of: ${checksumAlgorithms.join(', ')}.`
  return refused(refusal('invalid_field', { message, field: 'headers.upload-checksum' }))
}

/** The body that an announcement by headers alone comes to. */
function enterCreation(request: FastifyRequest): Refusal | undefined {
  const { headers } = request.raw
  if (headers['upload-length'] === undefined || request.body !== undefined) return undefined
  const bytes = readCount(headers, 'upload-length')
  if (!bytes.ok) return bytes.refusal
  if (bytes.value > limits.fileBytesMax) {
    const limit = limits.fileBytesMax
    return refusal('too_large', { field: 'headers.upload-length', limit })
  }
  const name = readName(bodyText(headers, 'upload-metadata') ?? '')
  request.body = { name, bytes: bytes.value }
  return undefined
}

function greet(reply: FastifyReply): void {
  void reply.header('tus-resumable', version)
}

/** Says how far an upload has come. */
export function tell(reply: FastifyReply, { offset, bytes }: UploadView): void {
  void reply.headers({ 'upload-offset': String(offset), 'upload-length': String(bytes) })
}

const spoken: Dress = {
  greet,
  enter: (request) => versionFault(request.raw.headers),
}

/** How the routes of uploads are dressed for the clients of this protocol. */
export const tusDress: Readonly<Partial<Record<RouteName, Dress>>> = {
  'uploads.add': {
    greet,
    enter: (request) => versionFault(request.raw.headers) ?? enterCreation(request),
    leave(reply, upload) {
      tell(reply, upload as UploadView)
      void reply.code(201).header('location', `/v1/uploads/${(upload as UploadView).id}`)
    },
  },
  'uploads.get': {
    ...spoken,
    leave: (reply, upload) => tell(reply, upload as UploadView),
    head: true,
  },
  'uploads.append': spoken,
  'uploads.remove': spoken,
}

/** Answers what a client asks first: what is spoken here. */
export function answerDiscovery(reply: FastifyReply): void {
  void reply.headers({
    'tus-resumable': version,
    'tus-version': version,
    'tus-extension': 'creation,termination,checksum',
    'tus-max-size': String(limits.fileBytesMax),
    'tus-checksum-algorithm': checksumAlgorithms.join(','),
  })
}
