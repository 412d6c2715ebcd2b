import type { Broker } from '../broker/broker.ts'
import type { KafkaFigures } from '../faces/kafka/figures.ts'
import type { LogStore } from '../log/store.ts'
import { lagOf, type GroupLag } from './lag.ts'

/** What those who watch over a server want to know of its wire. */
export interface WireFigures {
  readonly kafka: KafkaFigures
  readonly log: {
    /** `serving`, why it takes nothing at the moment, or `ended`. */
    readonly state: string
    readonly partitions: number
    readonly bytes: number
    /** Ranges of offsets that were damaged on disk. */
    readonly gaps: number
  }
  readonly groups: readonly GroupLag[]
}

/** Reads all figures. */
export async function readFigures(parts: {
  readonly broker: Broker
  readonly log: LogStore
  readonly kafka: KafkaFigures
  readonly workspace: string
  readonly now: number
}): Promise<WireFigures> {
  const { broker, log, kafka, workspace, now } = parts
  const state = log.state()
  const all = log.partitions()
  return {
    kafka,
    log: {
      state: state.kind === 'refusing' ? state.code : state.kind,
      partitions: all.length,
      bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
      gaps: all.reduce((sum, { gaps }) => sum + gaps.length, 0),
    },
    groups: await lagOf(broker, workspace, now),
  }
}
