import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AddressInfo } from 'node:net'
import type { Clock } from '@fermata/base/clock'
import type { FillRandom } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { openKeyFile, rateLimiter, type Keys } from '@fermata/people/access/index'
import { programsOf } from '@fermata/people/accounts/index'
import {
  openDiskBlobs,
  openPictures,
  openS3Blobs,
  type Blobs,
  type Pictures,
} from '@fermata/people/files/index'
import { openStorage } from '@fermata/storage/open'
import type { Storage } from '@fermata/storage/port'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { exampleOwner, fillExample, storyClock } from './example/fill.ts'
import { fileCarriers } from './files/carriers.ts'
import { tusDress } from './files/tus.ts'
import { networksOf } from './http/address.ts'
import { answerCheck } from './http/answers.ts'
import { createApp } from './http/app.ts'
import { requestIds } from './http/ids.ts'
import { metricsOf } from './http/metrics.ts'
import type { House } from './http/ports.ts'
import { ratesOf } from './http/rates.ts'
import { openKeeping } from './keeping.ts'
import { openLive } from './live/live.ts'
import { streamDetour } from './live/stream.ts'
import { takeSockets } from './live/upgrade.ts'
import { readBuild } from './pages/files.ts'
import { mountWeb, webFallback } from './pages/web.ts'
import { mountWidget } from './pages/widget.ts'
import { mountReference } from './reference/mount.ts'
import { migrations, openRooms, type Rooms, type RoomsDeps } from './rooms.ts'
import { openStop } from './stop.ts'
import { openWire, type KafkaState, type WireHouse } from './wire.ts'

/** What a server takes from the machine that it runs on. */
export interface Machine {
  readonly clock: Clock
  readonly random: FillRandom
  readonly log: Logger
  readonly version: string
  /** Ends the process: nothing may be answered any more. */
  readonly fatal: (error: Error) => void
  /** For tests: compares every answer with its schema. */
  readonly checkAnswers?: boolean
}

/** A server that listens. */
export interface Server {
  /** Where it is reached from this machine: `http://127.0.0.1:7300`. */
  readonly url: string
  /** The one-time link that sets it up, or null when that was done. */
  readonly setupUrl: string | null
  /** Who can sign in to the sample, if it was filled in now. */
  readonly sample: { readonly email: string; readonly password: string } | null
  readonly rooms: Rooms
  /** Where Kafka's clients come in. */
  readonly kafka: KafkaState
  /** Stops gently, within `limits.drainMsMax`. */
  stop(): Promise<void>
}

/** Where the repository lies, with the built pages in it. */
const root = fileURLToPath(new URL('..', import.meta.url))

function houseOf(
  config: Config,
  machine: Machine,
  parts: { storage: Storage; stopping: () => boolean },
): House {
  const { storage, stopping } = parts
  const { clock, log, random } = machine
  const keysMax = limits.rateKeysMax
  return {
    clock,
    log,
    gate: storage,
    rates: ratesOf((max, windowMs) => rateLimiter({ clock, max, windowMs, keysMax })),
    publicUrl: config.publicUrl,
    trustedProxies: networksOf(config.trustedProxies),
    newRequestId: requestIds(random),
    stopping,
  }
}

/** Why the server should get no requests now, or null: it stops, or its database does not answer. */
async function unready(storage: Storage, stopping: boolean): Promise<string | null> {
  if (stopping) return 'it is stopping'
  await storage.read(async () => undefined)
  return null
}

/** Everything in the data folder. */
interface Data {
  readonly storage: Storage
  readonly keys: Keys
  readonly blobs: Blobs
  readonly pictures: Pictures
  readonly wire: WireHouse
}

/** Opens the database, the keys, the files and the log in the data folder. */
async function openData(config: Config, machine: Machine): Promise<Data> {
  const { clock, random, log, fatal } = machine
  const folder = resolve(config.data)
  const storage = await openStorage({
    folder,
    clock,
    migrations,
    fatal,
    ...(config.databaseUrl === null ? {} : { databaseUrl: config.databaseUrl }),
  })
  return {
    storage,
    keys: openKeyFile(join(folder, 'keys', 'seal.key'), random),
    blobs:
      config.s3 === null
        ? await openDiskBlobs({ folder: join(folder, 'files'), fatal })
        : openS3Blobs(config.s3),
    pictures: openPictures(clock),
    // Behind the database's lock, so that a folder that is in use is said to be by one name.
    wire: await openWire(config, { log, fatal, programs: programsOf({ storage, clock }) }),
  }
}

/** How a new server gets its first workspace. */
interface First {
  /** The token of the set-up link, while there is no workspace. */
  readonly setupToken: string | null
  /** The sample's sign-in, if it was filled in now. */
  readonly sample: Server['sample']
}

/** Makes the workspace that the configuration asks for, or the token with which a person makes it. */
async function makeFirst(
  config: Config,
  machine: Machine,
  parts: { deps: RoomsDeps; rooms: Rooms },
): Promise<First> {
  const { deps, rooms } = parts
  let sample: Server['sample'] = null
  if (config.example) {
    const clock = storyClock(machine.clock)
    const owner = config.owner ?? exampleOwner(machine.random)
    const telling = { rooms: openRooms({ ...deps, clock }), clock, random: machine.random, owner }
    sample = (await fillExample(telling)) ? owner : null
  } else if (config.owner !== null) {
    const { email, password } = config.owner
    const name = email.split('@', 1)[0] ?? email
    await rooms.accounts.createFirst({ workspace: name, name, email, password })
  }
  const setupToken = await rooms.accounts.openSetup()
  // What is printed is an answer too.
  await deps.storage.durable()
  return { setupToken, sample }
}

/**
 * Starts a server: the database, the rooms, the HTTP side, the live feed, the pages, in this order; then
 * it listens. Throws when the data folder is in use, the port is taken, or the data is not ours to read.
 */
export async function serve(config: Config, machine: Machine): Promise<Server> {
  const { clock, log, random, version } = machine
  const failed = (what: string, error: unknown): void => log.error({ err: error }, `${what} failed`)

  const data = await openData(config, machine)
  const { storage } = data
  const deps = { ...data, clock, random, failed }
  const rooms = openRooms(deps)
  const house = houseOf(config, machine, { storage, stopping: () => way.stopping })
  const live = openLive(rooms.feed, clock, rooms.authenticate)
  const metrics = metricsOf({
    storage: () => storage.figures(),
    readers: () => rooms.feed.readers(),
    wire: () => data.wire.figures(),
  })
  const web = readBuild(join(root, 'web', 'dist'))
  const widget = readBuild(join(root, 'widget', 'dist'))

  const app = createApp(rooms, house, {
    health: {
      metrics,
      metricsFrom: networksOf(config.metricsFrom),
      unready: () => unready(storage, way.stopping),
    },
    answers: machine.checkAnswers === true ? await answerCheck() : null,
    detours: { 'feed.read': streamDetour(live, house) },
    carriers: fileCarriers(rooms.files, data.blobs),
    dress: tusDress,
    pages: {
      mount(pages) {
        mountWeb(pages, web)
        mountWidget(pages, widget, rooms.widgets)
        mountReference(pages, { version, publicUrl: config.publicUrl })
      },
      fallback: (request, reply) => webFallback(request, reply, web),
    },
  })
  takeSockets(app.server, { doors: rooms, house, live })

  const keeping = openKeeping({
    storage,
    clock,
    eventsKept: limits.feedEventsKeptMax,
    forget: [() => rooms.files.forget(), () => rooms.drafts.due.forget()],
    failed: (error) => failed('keeping house', error),
  })
  const way = openStop({
    app,
    clock,
    endReaders() {
      rooms.feed.stop()
      rooms.conversations.next.stop()
    },
    dropReaders: () => live.liveness.dropAll(),
    endWork() {
      rooms.schedule.stop()
      keeping.stop()
      live.liveness.stop()
      metrics.stop()
    },
    async closeStorage() {
      await data.wire.stop()
      await data.pictures.close()
      await storage.close()
    },
  })

  const { setupToken, sample } = await makeFirst(config, machine, { deps, rooms })
  await rooms.feed.start()
  // The rules of time zones come with the runtime, so they may be others than before.
  await rooms.drafts.due.rederive()
  rooms.schedule.start()
  // What a crash left of uploads that nobody goes on with.
  rooms.files.forget().catch((error: unknown) => failed('the files', error))
  await app.listen({ port: config.port, host: config.host })
  const url = urlOf(app.server.address(), config.host)
  // In the fragment, which browsers keep to themselves: no proxy's log ever has it.
  const setupUrl =
    setupToken === null ? null : `${config.publicUrl ?? url}/setup#token=${setupToken}`
  return { url, setupUrl, sample, rooms, kafka: data.wire.kafka, stop: () => way.stop() }
}

/** The address to visit: a server that listens on every address is reached at this machine's own. */
function urlOf(address: AddressInfo | string | null, host: string): string {
  const port = typeof address === 'object' ? address?.port : undefined
  const everywhere = host === '0.0.0.0' || host === '::'
  const name = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port ?? ''}`
}
