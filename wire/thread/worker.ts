import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort } from 'node:worker_threads'
import { present } from '@fermata/base/assert'
import { systemClock } from '@fermata/base/clock'
import { listenAt, type Entrance } from '../faces/kafka/listen.ts'
import { openLine, passable } from './calls.ts'
import type { House } from './house.ts'
import type { HouseCalls, WireCalls, WireOptions } from './port.ts'

// The thread of the wire. Who comes in is held at the door until the house behind it is open, and that is not
// before somebody needs it or there is something on disk: a server whose wire nobody uses carries a door only.

const port = present(parentPort, 'the thread that has started this one')
const clock = systemClock()

let options: WireOptions | undefined
let entrance: Entrance | undefined
let opening: Promise<House> | undefined

const fault = (error: unknown, what: string): void =>
  void line.ask('fault', { what, error: passable(error) })

async function openHouse(): Promise<House> {
  const house = await import('./house.ts')
  return house.openHouse({
    wire: present(options, 'what the wire is started with'),
    clock,
    random: (bytes) => crypto.getRandomValues(bytes),
    doorkeeper: {
      plain: (order) => line.ask('plain', order),
      scram: (order) => line.ask('scram', order),
      still: (credentials) => line.ask('still', credentials),
    },
    onEnded: (reason) => void line.ask('ended', reason),
    onFault: fault,
  })
}

/** The house, opened by whoever comes first. One that could not be opened is tried again. */
function house(): Promise<House> {
  opening ??= openHouse().catch((error: unknown) => {
    opening = undefined
    throw error
  })
  return opening
}

const calls: WireCalls = {
  async open(given) {
    options = given
    if (existsSync(join(given.folder, 'journal'))) await house()
    if (given.kafka === undefined) return { kafkaPort: undefined }
    entrance = await listenAt({
      ...given.kafka,
      onSocket(socket) {
        house().then(
          ({ hall }) => hall.serve(socket),
          (error: unknown) => {
            socket.destroy()
            fault(error, 'opening the log')
          },
        )
      },
    })
    return { kafkaPort: entrance.port }
  },
  async secure(material) {
    entrance?.secure(material)
  },
  topics: async (order) => (await house()).desk.topics(order),
  topic: async (order) => (await house()).desk.topic(order),
  createTopic: async (order) => (await house()).desk.createTopic(order),
  publish: async (order) => (await house()).desk.publish(order),
  peek: async (order) => (await house()).peek(order),
  groups: async (order) => (await house()).groups(order),
  async figures() {
    return (await opening)?.figures()
  },
  async stop() {
    const closed = entrance?.close()
    const opened = await opening?.catch(() => undefined)
    await opened?.close()
    await closed
  },
}

const line = openLine<HouseCalls, WireCalls>(port, calls)
