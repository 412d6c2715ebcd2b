import type { FastifyReply, FastifyRequest } from 'fastify'
import { channel } from 'node:diagnostics_channel'
import { commonHeaders, secure } from './headers.ts'
import type { Metrics } from './metrics.ts'
import type { House } from './ports.ts'

/** Tracing: published when an answer leaves, with the route, the status and the milliseconds. */
const answeredChannel = channel('fermata:answered')

/** What is published about an answer. */
export interface Answered {
  readonly request: string
  readonly route: string
  readonly status: number
  readonly ms: number
}

/**
 * Makes the last step of every answer, refusals and errors included: it gets its headers, and waits
 * until everything that it could have seen in the database is on disk. This is the durability gate of
 * the HTTP side: the handler has finished, so no later look at the database can be in the answer.
 */
export function exit(
  house: House,
  metrics: Metrics,
): (
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
  done: (error: null, payload: unknown) => void,
) => void {
  const { gate, clock } = house
  const common = commonHeaders(house.publicUrl)

  const note = (request: FastifyRequest, reply: FastifyReply): void => {
    const { visit } = request
    if (visit === null) return
    const ms = clock.monotonic() - visit.startedMs
    metrics.answered(visit.route, reply.statusCode, ms)
    if (!answeredChannel.hasSubscribers) return
    const { route } = visit
    const facts: Answered = { request: request.id, route, status: reply.statusCode, ms }
    answeredChannel.publish(facts)
  }

  return (request, reply, payload, done) => {
    secure(reply, common)
    // A connection that is kept alive would hold up the end.
    if (house.stopping()) void reply.header('connection', 'close')
    const flushed = gate.durable()
    if (flushed === undefined) {
      note(request, reply)
      done(null, payload)
      return
    }
    void flushed.then(() => {
      note(request, reply)
      done(null, payload)
    })
  }
}
