import { test, type TestContext } from 'node:test'
import { uuidv7Generator } from '@fermata/base/ids'
import { fakeClock, type FakeClock } from '@fermata/testkit/clock'
import { randomFrom } from '@fermata/testkit/random'
import { openMemoryLog } from '../log/store.memory.ts'
import { openFileWorld } from '../log/store.file.world.ts'
import type { LogStore } from '../log/store.ts'
import type { Broker } from './broker.ts'
import { openBroker, type BrokerOptions } from './open.ts'

/** The workspace of tests that need only one. */
export const workspace = 'one'

/** What a test may choose of a broker. */
export type BrokerChoices = Partial<
  Pick<BrokerOptions, 'partitionsDefault' | 'createsOnDemand' | 'replicasMax'>
>

/** A broker over some log, and what a test must have in hand besides. */
export interface BrokerWorld {
  readonly broker: Broker
  readonly log: LogStore
  readonly clock: FakeClock
  /** From now on no flush comes to its end until what is given back is called. */
  hold(): () => void
  /** Closes broker and log and opens both again, on what is on disk; a log in memory stays open. */
  reopen(): Promise<BrokerWorld>
}

/** A broker over a log in memory. */
export async function memoryBroker(choices: BrokerChoices = {}): Promise<BrokerWorld> {
  const clock = fakeClock()
  let held: Promise<void> | undefined
  const log = openMemoryLog({ clock, flush: () => held ?? Promise.resolve() })
  const hold = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    held = promise
    return () => {
      held = undefined
      resolve()
    }
  }
  const newUuid = uuidv7Generator(clock, (bytes) => randomFrom(1).fill(bytes))
  const open = async (): Promise<BrokerWorld> => {
    const broker = await openBroker({ log, clock, newUuid, ...choices })
    const reopen = (): Promise<BrokerWorld> => {
      broker.close()
      return open()
    }
    return { broker, log, clock, hold, reopen }
  }
  return open()
}

/** A broker over a log in a temporary folder. */
export async function fileBroker(
  t: TestContext,
  choices: BrokerChoices = {},
): Promise<BrokerWorld> {
  const world = await openFileWorld(t)
  const { clock } = world
  const newUuid = uuidv7Generator(clock, (bytes) => crypto.getRandomValues(bytes))
  const open = async (log: LogStore): Promise<BrokerWorld> => {
    const broker = await openBroker({ log, clock, newUuid, ...choices })
    t.after(() => broker.close())
    const reopen = async (): Promise<BrokerWorld> => {
      broker.close()
      return open(await world.reopen())
    }
    return { broker, log, clock, hold: () => world.hold(), reopen }
  }
  return open(world.log)
}

/** Declares a test that is run over a log in memory and over one on disk. */
export function onBothLogs(
  title: string,
  run: (world: BrokerWorld, t: TestContext) => Promise<void>,
  choices: BrokerChoices = {},
): void {
  void test(`log in memory: ${title}`, async (t) => run(await memoryBroker(choices), t))
  void test(`log on disk: ${title}`, async (t) => run(await fileBroker(t, choices), t))
}
