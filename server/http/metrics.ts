import type { WireFigures } from '@fermata/wire/thread/figures'
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import { wireGauges } from './metrics.wire.ts'

/** The server's figures, in the form that Prometheus reads. */
export interface Metrics {
  /** Notes that a route answered with a status after some time. */
  answered(route: string, status: number, ms: number): void
  /** Writes all figures as text. */
  text(): Promise<string>
  readonly contentType: string
  /** Stops watching the process. */
  stop(): void
}

/** Where the figures come from that are read only when somebody asks. */
export interface Sources {
  /** Names to numbers; a name that ends in `_total` only grows. */
  storage(): Readonly<Record<string, number>>
  readers(): number
  /** Undefined while nobody has used the wire. */
  wire(): Promise<WireFigures | undefined>
}

/** Seconds; most answers take less than a few milliseconds, most of it the flush. */
const bucketSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** Makes a function that sets the gauges of what is read only when somebody asks. */
function gauges(registry: Registry, sources: Sources): () => void {
  const known = new Map<string, Gauge>()
  const set = (name: string, help: string, value: number): void => {
    const gauge = known.get(name) ?? new Gauge({ name, help, registers: [registry] })
    known.set(name, gauge)
    gauge.set(value)
  }
  return () => {
    set('fermata_live_readers', 'Sockets and streams that follow the feed.', sources.readers())
    for (const [figure, value] of Object.entries(sources.storage())) {
      const help = `Of the database: ${figure.replaceAll('_', ' ')}.`
      set(`fermata_storage_${figure}`, help, value)
    }
  }
}

/** Makes the figures of a server, in a registry of its own. */
export function metricsOf(sources: Sources): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 })
  const durations = new Histogram({
    name: 'fermata_http_request_seconds',
    help: 'From the arrival of a request to its answer, by route.',
    labelNames: ['route'],
    buckets: bucketSeconds,
    registers: [registry],
  })
  const answers = new Counter({
    name: 'fermata_http_answers_total',
    help: 'Answers by route and class of status.',
    labelNames: ['route', 'status'],
    registers: [registry],
  })
  const setGauges = gauges(registry, sources)
  const setWire = wireGauges(registry)
  return {
    answered(route, status, ms) {
      durations.observe({ route }, ms / 1_000)
      answers.inc({ route, status: `${Math.floor(status / 100)}xx` })
    },
    async text() {
      setGauges()
      setWire(await sources.wire())
      return registry.metrics()
    },
    contentType: registry.contentType,
    stop: () => registry.clear(),
  }
}
