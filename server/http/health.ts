import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refusal } from '@fermata/contract/errors'
import { isLoopback, type Networks } from './address.ts'
import { addressOf } from './enter.ts'
import type { Metrics } from './metrics.ts'
import type { House } from './ports.ts'
import { refuse } from './refuse.ts'

/** What the health routes look at. */
export interface Health {
  readonly metrics: Metrics
  /** Who may read the figures besides this machine. */
  readonly metricsFrom: Networks
  /** Why the server should get no requests now, or null when it should. */
  unready(): Promise<string | null>
}

/**
 * Whether the figures may go to whoever asks: this machine, or an address that was named. A request
 * that a proxy passed on without being trusted has no known address, so it is not from this machine.
 */
function mayReadFigures(request: FastifyRequest, house: House, allowed: Networks): boolean {
  const address = addressOf(request.raw, house)
  if (allowed.has(address)) return true
  const passedOn = request.headers['x-forwarded-for'] ?? request.headers['forwarded']
  const peer = request.raw.socket.remoteAddress
  if (passedOn !== undefined && peer !== undefined && !house.trustedProxies.has(peer)) return false
  return isLoopback(address)
}

/** Mounts /healthz, /readyz and /metrics. */
export function mountHealth(app: FastifyInstance, house: House, health: Health): void {
  const text = (reply: FastifyReply, body: string): FastifyReply =>
    reply.type('text/plain; charset=utf-8').send(body)

  // The process lives when it answers at all.
  app.get('/healthz', { exposeHeadRoute: true }, (_request, reply) => text(reply, 'alive\n'))

  app.get('/readyz', { exposeHeadRoute: true }, async (_request, reply) => {
    const why = await health.unready()
    return why === null ? text(reply, 'ready\n') : text(reply.code(503), `not ready: ${why}\n`)
  })

  app.get('/metrics', async (request, reply) => {
    if (!mayReadFigures(request, house, health.metricsFrom)) {
      const message = 'The figures are for this machine and those in FERMATA_METRICS_FROM.'
      return refuse(reply, refusal('not_allowed', { message }))
    }
    return reply.type(health.metrics.contentType).send(await health.metrics.text())
  })
}
