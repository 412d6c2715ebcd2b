import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { errorOf, openLine, type Line } from './calls.ts'
import type { Doorkeeper } from '../faces/kafka/identity.ts'
import type { HouseCalls, WireCalls, WireOptions } from './port.ts'

/** Who hears what the wire tells. */
export interface WireHearers {
  /** The wire cannot go on, and so nothing must be acknowledged any more. */
  readonly onEnded: (error: Error) => void
  /** Something broke that is nobody's doing. */
  readonly onFault: (error: Error, what: string) => void
  /** Knows who comes. */
  readonly doorkeeper: Doorkeeper
}

/** The wire, in a thread of its own. */
export interface Wire extends Pick<Line<Omit<WireCalls, 'open' | 'stop'>>, 'ask'> {
  /** Where Kafka's clients come in; undefined where they do not. */
  readonly kafkaPort: number | undefined
  /** Ends it gently. */
  stop(): Promise<void>
}

/**
 * Starts the wire in a thread of its own, which takes in its sockets itself: this thread never sees a record.
 * Rejects where the address cannot be had, or the log cannot be opened.
 */
export async function startWire(options: WireOptions, hearers: WireHearers): Promise<Wire> {
  const { onEnded, onFault, doorkeeper } = hearers
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { name: 'wire' })
  let isStopping = false
  const ours: HouseCalls = {
    ended: (reason) => onEnded(new Error(reason)),
    fault: ({ what, error }) => onFault(errorOf(error), what),
    plain: (order) => doorkeeper.plain(order),
    scram: (order) => doorkeeper.scram(order),
    still: (credentials) => doorkeeper.still(credentials),
  }
  const line = openLine<WireCalls, HouseCalls>(worker, ours)
  worker.once('error', (cause) => {
    const error = new Error('the thread of the wire ended', { cause })
    line.cut(error)
    if (!isStopping) onEnded(error)
  })
  try {
    const { kafkaPort } = await line.ask('open', options)
    return {
      kafkaPort,
      ask: (name, order) => line.ask(name, order),
      async stop() {
        isStopping = true
        await line.ask('stop', null)
        await ended(worker)
      },
    }
  } catch (error) {
    isStopping = true
    await ended(worker)
    throw error
  }
}

async function ended(worker: Worker): Promise<void> {
  const exited = once(worker, 'exit')
  await worker.terminate()
  await exited
}
