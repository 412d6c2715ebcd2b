import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ServerResponse } from 'node:http'
import { present } from '@fermata/base/assert'
import type { Caller } from '@fermata/contract/actors'
import type { Sink } from '@fermata/people/feed/index'
import { commonHeaders, secure } from '../http/headers.ts'
import { credentialsOf, visitOf } from '../http/enter.ts'
import type { Detour } from '../http/mount.ts'
import type { House } from '../http/ports.ts'
import { refuse } from '../http/refuse.ts'
import { refusal } from '@fermata/contract/errors'
import { shaped, streamFrame } from './frames.ts'
import { readPosition, readersChannel, type Live } from './live.ts'

const shape = shaped(streamFrame)

/** A reader that gets its frames as server-sent events. */
function streamSink(response: ServerResponse, entitled: () => Promise<boolean>): Sink {
  return {
    entitled,
    send: (frame) => void response.write(shape(frame)),
    buffered: () => response.writableLength,
    close(why) {
      // A reader that is too slow has a full buffer, behind which no farewell would ever leave.
      if (why === 'slow') response.destroy()
      else response.end()
    },
  }
}

function follow(
  live: Live,
  caller: Caller,
  since: number | null,
  request: FastifyRequest,
  response: ServerResponse,
): void {
  const credentials = credentialsOf(request.headers)
  const sink = streamSink(response, () => live.holds(caller, credentials))
  const end = live.feed.follow(caller, since, sink)
  readersChannel.publish({ readers: live.seats.taken() })
  response.once('close', () => {
    end()
    live.seats.leave(caller)
    readersChannel.publish({ readers: live.seats.taken() })
  })
}

/** From where the stream goes on: a browser that reconnects says it in a header of its own. */
function sinceOf(request: FastifyRequest): number | null | undefined {
  const last = readPosition(String(request.headers['last-event-id'] ?? ''))
  const { since } = request.query as { since?: number }
  return last === null ? (since ?? null) : last
}

/**
 * Makes the live form of `GET /v1/feed`: with `Accept: text/event-stream` the answer never ends. The
 * request has been entered and validated; that it is let in at all waits for the gate, as every answer.
 */
export function streamDetour(
  live: Live,
  house: Pick<House, 'gate' | 'publicUrl' | 'stopping'>,
): Detour {
  const { gate, publicUrl } = house
  const common = commonHeaders(publicUrl)
  const start = (reply: FastifyReply, caller: Caller, since: number | null): void => {
    const response = reply.raw
    if (response.destroyed) {
      live.seats.leave(caller)
      return
    }
    secure(reply, common)
    void reply.headers({ 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' })
    const headers = reply.getHeaders()
    reply.hijack()
    response.writeHead(200, headers as Record<string, string>)
    response.flushHeaders()
    follow(live, caller, since, reply.request, response)
  }

  return (request, reply) => {
    if (!(request.headers.accept ?? '').includes('text/event-stream')) return false
    const since = sinceOf(request)
    if (since === undefined) {
      const message = 'Last-Event-ID must be a position of the feed.'
      refuse(reply, refusal('invalid_field', { message, field: 'headers.last-event-id' }))
      return true
    }
    if (house.stopping()) {
      refuse(reply, refusal('unavailable'))
      return true
    }
    const caller = present(visitOf(request).caller, 'the caller of the feed')
    const seat = live.seats.take(caller)
    if (!seat.ok) {
      refuse(reply, seat.refusal)
      return true
    }
    const flushed = gate.durable()
    if (flushed === undefined) start(reply, caller, since)
    else void flushed.then(() => start(reply, caller, since))
    return true
  }
}
