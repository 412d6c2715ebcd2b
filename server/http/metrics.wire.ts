import type { WireFigures } from '@fermata/wire/thread/figures'
import { Counter, Gauge, type Registry } from 'prom-client'

/** Makes a function that sets the figures of the wire, as they were told. */
export function wireGauges(registry: Registry): (figures: WireFigures | undefined) => void {
  const gauge = (name: string, help: string, labelNames: readonly string[] = []): Gauge =>
    new Gauge({ name: `fermata_${name}`, help, labelNames, registers: [registry] })
  const counter = (name: string, help: string, labelNames: readonly string[]): Counter =>
    new Counter({ name: `fermata_${name}`, help, labelNames, registers: [registry] })
  const connections = gauge('kafka_connections', "Kafka's clients that are there.")
  const requestsHelp = 'Answers by API and by the first error in them.'
  const requests = counter('kafka_requests_total', requestsHelp, ['api', 'error'])
  const bytes = counter('kafka_bytes_total', 'Bytes that came (in) and went (out).', ['direction'])
  const state = gauge('log_state', '1 for what the log does: serving, or why it takes nothing.', [
    'state',
  ])
  const partitions = gauge('log_partitions', 'Partitions, those of its own among them.')
  const stored = gauge('log_bytes', 'Bytes of all batches.')
  const gaps = gauge('log_gaps', 'Ranges of offsets that were damaged on disk.')
  const lagLabels = ['group', 'topic']
  const records = gauge('group_lag_records', 'Records that a group has not read yet.', lagLabels)
  const seconds = gauge(
    'group_lag_seconds',
    'How old the oldest batch is in which a group reads next.',
    lagLabels,
  )

  return (figures) => {
    // The wire counts by itself: what it tells takes the place of what it told before.
    for (const one of [requests, bytes, state, records, seconds]) one.reset()
    connections.set(figures?.kafka.connections ?? 0)
    if (figures === undefined) return
    const { kafka, log, groups } = figures
    for (const { api, error, count } of kafka.requests) requests.inc({ api, error }, count)
    bytes.inc({ direction: 'in' }, kafka.bytesIn)
    bytes.inc({ direction: 'out' }, kafka.bytesOut)
    state.set({ state: log.state }, 1)
    partitions.set(log.partitions)
    stored.set(log.bytes)
    gaps.set(log.gaps)
    for (const { group, partitions: rows } of groups) {
      for (const [topic, of] of Map.groupBy(rows, (row) => row.topic)) {
        records.set(
          { group, topic },
          of.reduce((sum, row) => sum + row.records, 0),
        )
        seconds.set({ group, topic }, Math.max(...of.map(({ ms }) => ms)) / 1_000)
      }
    }
  }
}
