import { mkdir } from 'node:fs/promises'
import type { Clock } from '@fermata/base/clock'
import { uuidv7Generator, type FillRandom } from '@fermata/base/ids'
import type { Broker } from '../broker/broker.ts'
import { openBroker } from '../broker/open.ts'
import type { Doorkeeper } from '../faces/kafka/identity.ts'
import { openHall, type Hall } from '../faces/kafka/server.ts'
import { openNodeDisk } from '../log/disk.node.ts'
import { openFileLog, type FileLog } from '../log/store.file.ts'
import { openDesk, type Desk } from './desk.ts'
import { readFigures, type WireFigures } from './figures.ts'
import { lagOf } from './lag.ts'
import { peek } from './peek.ts'
import type { WireCalls, WireOptions } from './port.ts'

/** What a house is told and tells. */
export interface HouseOptions {
  readonly wire: WireOptions
  readonly clock: Clock
  readonly random: FillRandom
  /** Knows who comes. */
  readonly doorkeeper: Doorkeeper
  readonly onEnded: (reason: string) => void
  readonly onFault: (error: unknown, what: string) => void
}

/** Everything that the wire is made of, opened: log, broker, and a hall for Kafka's clients. */
export interface House {
  readonly log: FileLog
  readonly broker: Broker
  readonly hall: Hall
  readonly desk: Desk
  readonly peek: WireCalls['peek']
  readonly groups: WireCalls['groups']
  figures(): Promise<WireFigures>
  /** Finishes what has begun, and writes down what is held. */
  close(): Promise<void>
}

/** Opens it all, on what is on disk. */
export async function openHouse(options: HouseOptions): Promise<House> {
  const { wire, clock, random, doorkeeper, onEnded, onFault } = options
  await mkdir(wire.folder, { recursive: true })
  const disk = await openNodeDisk(wire.folder)
  let isClosing = false
  const log = await openFileLog({
    disk,
    clock,
    randomU32() {
      const bytes = new Uint8Array(4)
      random(bytes)
      return new DataView(bytes.buffer).getUint32(0)
    },
    onEnd: (reason) => void (isClosing || onEnded(reason)),
  })
  const newUuid = uuidv7Generator(clock, random)
  const broker = await openBroker({ log, clock, newUuid })
  const { workspace, kafka } = wire
  const advertised = kafka?.advertised
  const hall = openHall({
    ...{ broker, clock, random, workspace, doorkeeper, onFault },
    isAnonymousAllowed: kafka?.isAnonymousAllowed ?? false,
    ...(advertised && { advertised }),
  })
  return {
    log,
    broker,
    hall,
    desk: openDesk(broker, () => clock.now()),
    peek: (order) => peek(broker, order),
    groups: (of) => lagOf(broker, of, clock.now()),
    figures: () => readFigures({ broker, log, workspace, kafka: hall.figures(), now: clock.now() }),
    async close() {
      await hall.close()
      broker.close()
      isClosing = true
      await log.close()
      await disk.close()
    },
  }
}
