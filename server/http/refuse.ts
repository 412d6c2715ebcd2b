import type { FastifyReply } from 'fastify'
import { errors, refusal, type Refusal } from '@fermata/contract/errors'
import type { TooMany } from './rates.ts'

/** The body of every answer that is not 2xx. */
export function errorBody(refusal: Refusal): { error: Refusal } {
  return { error: refusal }
}

/** Answers with a refusal, under the status that the register gives it. */
export function refuse(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return reply.code(errors[refusal.code].status).send(errorBody(refusal))
}

/** Answers that something was done too often, and when it may be done again. */
export function refuseTooMany(reply: FastifyReply, { limit, waitMs }: TooMany): FastifyReply {
  void reply.header('retry-after', String(Math.max(1, Math.ceil(waitMs / 1_000))))
  return refuse(reply, refusal('too_many', { limit }))
}
