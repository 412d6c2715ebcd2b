import type { FastifyReply, FastifyRequest } from 'fastify'
import { limits } from '@fermata/base/limits'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { BlobsFull } from '@fermata/people/files/index'
import { ReadTooLong, StorageBusy, StorageFull } from '@fermata/storage/port'
import type { Logger } from 'pino'
import { refuse } from './refuse.ts'

/** A refusal on its way through code that only knows thrown errors. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError'
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.message)
    this.refusal = refusal
  }
}

/** What Fastify refuses by itself, by its own codes. */
const ofFastify: Readonly<Record<string, () => Refusal>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () =>
    refusal('too_large', { field: 'body', limit: limits.bodyBytesMax }),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => refusal('unsupported_media'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    refusal('bad_request', { message: 'The body is not as long as it was said to be.' }),
  FST_ERR_BAD_URL: () =>
    refusal('bad_request', { message: 'The address is not well formed.', field: 'url' }),
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** The refusal that a thrown error means, or undefined when it is a fault of the server. */
export function refusalFor(error: unknown): Refusal | undefined {
  if (error instanceof RefusalError) return error.refusal
  if (error instanceof StorageBusy || error instanceof ReadTooLong) return refusal('unavailable')
  if (error instanceof StorageFull || error instanceof BlobsFull) return refusal('storage_full')
  return ofFastify[codeOf(error)]?.()
}

/** Answers for every thrown error; what is nobody's input is logged under the request's id. */
export function errorHandler(
  log: Logger,
): (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply {
  return (error, request, reply) => {
    const known = refusalFor(error)
    if (known !== undefined && known.code !== 'storage_full' && known.code !== 'unavailable') {
      return refuse(reply, known)
    }
    const route = `${request.method} ${request.routeOptions.url ?? ''}`
    log.error({ request: request.id, route, err: error }, 'a request failed')
    void reply.header('x-request-id', request.id)
    return refuse(reply, known ?? refusal('internal'))
  }
}
