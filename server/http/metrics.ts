import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

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
}

/** Seconds; most answers take less than a few milliseconds, most of it the flush. */
const bucketSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

function watchStorage(registry: Registry, sources: Sources): void {
  const metrics = new Map<string, Gauge>()
  const collect = (): void => {
    for (const [figure, value] of Object.entries(sources.storage())) {
      const name = `fermata_storage_${figure}`
      const help = `The database's ${figure.replaceAll('_', ' ')}.`
      const gauge = metrics.get(name) ?? new Gauge({ name, help, registers: [registry] })
      metrics.set(name, gauge)
      gauge.set(value)
    }
  }
  const readers = new Gauge({
    name: 'fermata_live_readers',
    help: 'Sockets and event streams that follow the feed.',
    registers: [registry],
    collect() {
      readers.set(sources.readers())
      collect()
    },
  })
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
  watchStorage(registry, sources)
  return {
    answered(route, status, ms) {
      durations.observe({ route }, ms / 1_000)
      answers.inc({ route, status: `${Math.floor(status / 100)}xx` })
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
    stop: () => registry.clear(),
  }
}
