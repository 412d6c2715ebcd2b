import type { FastifyReply } from 'fastify'
import { errors, type Refusal } from '@fermata/contract/errors'

/** The body of every answer that is not 2xx. */
export interface ErrorBody {
  readonly error: Omit<Refusal, 'retryAfterMs'>
}

/** What travels of a refusal; when to come again is said by a header. */
export function errorBody(refusal: Refusal): ErrorBody {
  const { retryAfterMs, ...error } = refusal
  return { error: retryAfterMs === undefined ? refusal : error }
}

/** The header that says when to come again, in whole seconds, where a refusal says so. */
export function retryAfter({ code, retryAfterMs }: Refusal): string | undefined {
  if (retryAfterMs !== undefined) return String(Math.max(1, Math.ceil(retryAfterMs / 1_000)))
  return code === 'too_many' || code === 'unavailable' ? '1' : undefined
}

/** Answers with a refusal, under the status that the register gives it. */
export function refuse(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const wait = retryAfter(refusal)
  if (wait !== undefined) void reply.header('retry-after', wait)
  return reply.code(errors[refusal.code].status).send(errorBody(refusal))
}
