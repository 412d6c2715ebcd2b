// The load of the workload `kafka`, in a process of its own: a generator that says Kafka's protocol over plain sockets and
// costs as little as it can; and people at work beside it.

import type { Times } from './figures.ts'
import {
  catchUp,
  flow,
  paced,
  produce,
  type CatchUpOrder,
  type CaughtUp,
  type Flowed,
  type FlowOrder,
  type PacedOrder,
  type Produced,
  type ProduceOrder,
} from './kafka.flow.ts'
import { people, type PeopleOrder, type PeopleTimes } from './kafka.people.ts'

/** Where the server is. */
export interface Target {
  readonly port: number
  readonly kafkaPort: number
  readonly pid: number
}

export type KafkaOrder = Target &
  (ProduceOrder | FlowOrder | PacedOrder | CatchUpOrder | PeopleOrder)

export type KafkaAnswer =
  | { readonly kind: 'produce'; readonly found: Produced }
  | { readonly kind: 'flow'; readonly found: Flowed }
  | { readonly kind: 'paced'; readonly found: Times }
  | { readonly kind: 'catch-up'; readonly found: CaughtUp }
  | { readonly kind: 'people'; readonly found: { readonly quiet: PeopleTimes; readonly busy: PeopleTimes } } // prettier-ignore

async function obey(order: KafkaOrder): Promise<KafkaAnswer> {
  const { port, kafkaPort, pid, kind } = order
  switch (kind) {
    case 'produce':
      return { kind, found: await produce(kafkaPort, pid, order) }
    case 'flow':
      return { kind, found: await flow(kafkaPort, pid, order) }
    case 'paced':
      return { kind, found: await paced(kafkaPort, order) }
    case 'catch-up':
      return { kind, found: await catchUp(kafkaPort, pid, order) }
    case 'people':
      return { kind, found: await people(port, kafkaPort, order) }
  }
}

process.on('message', (order: KafkaOrder) => {
  obey(order).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
process.on('disconnect', () => process.exit(0))
