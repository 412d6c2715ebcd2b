import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { systemClock } from '@fermata/base/clock'
import { uuidv7Generator } from '@fermata/base/ids'
import type { Broker } from '../../broker/broker.ts'
import { openBroker, type BrokerOptions } from '../../broker/open.ts'
import { openNodeDisk } from '../../log/disk.node.ts'
import { openFileLog } from '../../log/store.file.ts'
import { listenKafka, type HallOptions, type KafkaListener } from './server.ts'

/** A listener with a broker and a log on disk behind it, all in this process. */
export interface KafkaWorld {
  readonly broker: Broker
  readonly listener: KafkaListener
  /** Where clients find it. */
  readonly address: string
  /** Why connections were ended by us, in order. */
  readonly ends: readonly string[]
  /** Calls this when the test is over, before the listener is closed: clients that outlive it try for ever. */
  atEnd(run: () => Promise<unknown>): void
  /** Closes all of it and opens it again, on what is on disk and at the same port. */
  reopen(): Promise<KafkaWorld>
}

/** Opens a listener on a free port; faults that are ours fail the test. */
export async function openKafka(
  t: TestContext,
  choices: Partial<Pick<BrokerOptions, 'partitionsDefault' | 'createsOnDemand'>> = {},
  way: Partial<
    Pick<HallOptions, 'doorkeeper' | 'isAnonymousAllowed' | 'rates' | 'connectionsMax'>
  > = {},
): Promise<KafkaWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'fermata-kafka-'))
  const clock = systemClock()
  const newUuid = uuidv7Generator(clock, (bytes) => crypto.getRandomValues(bytes))
  const randomU32 = (): number => crypto.getRandomValues(new Uint32Array(1))[0] ?? 0
  let close = async (): Promise<void> => {}
  const ends: (() => Promise<unknown>)[] = []
  t.after(async () => {
    for (const run of ends.toReversed()) await run()
    await close()
    await rm(folder, { recursive: true })
  })
  const open = async (port: number): Promise<KafkaWorld> => {
    const disk = await openNodeDisk(folder)
    const log = await openFileLog({ disk, clock, randomU32 })
    const broker = await openBroker({ log, clock, newUuid, ...choices })
    const reasons: string[] = []
    const listener = await listenKafka({
      ...way,
      broker,
      clock,
      random: (bytes) => crypto.getRandomValues(bytes),
      port,
      workspace: 'one',
      host: '127.0.0.1',
      onEnd: (_peer, reason) => void reasons.push(reason),
      onFault(error, what) {
        throw new Error(what, { cause: error })
      },
    })
    close = async () => {
      close = async () => {}
      await listener.close()
      broker.close()
      await log.close()
      await disk.close()
    }
    return {
      broker,
      listener,
      ends: reasons,
      atEnd: (run) => void ends.push(run),
      address: `127.0.0.1:${listener.port}`,
      async reopen() {
        await close()
        return open(listener.port)
      },
    }
  }
  return open(0)
}
