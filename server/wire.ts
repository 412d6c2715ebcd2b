import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { startWire, type Wire } from '@fermata/wire/thread/start'
import type { WorkspaceId } from '@fermata/base/ids'
import type { WireFigures } from '@fermata/wire/thread/figures'
import type { KafkaEntrance, WireOptions } from '@fermata/wire/thread/port'
import type { Programs } from '@fermata/people/accounts/index'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { KafkaConfig } from './config.kafka.ts'
import { readMaterial, watchMaterial } from './wire.tls.ts'
import { doorkeeperOf } from './wire.doorkeeper.ts'

/** What a newcomer is told of the way in for Kafka's clients. */
export type KafkaState =
  | { readonly kind: 'listens'; readonly host: string; readonly port: number }
  | { readonly kind: 'off' }
  /** The port that nobody asked for is somebody else's. */
  | { readonly kind: 'taken'; readonly port: number }

/** What people and commands ask of the wire. */
export interface WireDesk extends Pick<Wire, 'ask'> {
  /** By which name the wire knows a workspace. */
  workspaceOf(workspace: WorkspaceId): Promise<string>
}

/** The program side, as the server holds it. */
export interface WireHouse extends WireDesk {
  readonly kafka: KafkaState
  /** What there is to know of it; undefined while nobody has used it. */
  figures(): Promise<WireFigures | undefined>
  /** Finishes what has begun, and writes down what is held. */
  stop(): Promise<void>
}

/** What the wire takes from the server. */
export interface WireParts {
  readonly log: Logger
  /** Who knows the programs that come. */
  readonly programs: Programs
  /** Ends the process: nothing may be acknowledged any more. */
  readonly fatal: (error: Error) => void
}

/**
 * The name of the workspace whose topics the listener serves. It is no id, because topics may be there before
 * anybody has set the server up.
 */
export const firstWorkspace = 'first'

/** Opens the program side. Its thread is not started before somebody may come or there is something on disk. */
export async function openWire(config: Config, parts: WireParts): Promise<WireHouse> {
  const { log, fatal, programs } = parts
  const doorkeeper = doorkeeperOf(programs)
  const folder = join(resolve(config.data), 'wire')
  let isStopping = false
  let unwatch = (): void => {}
  let first: WorkspaceId | undefined
  let thread: Promise<Wire> | undefined
  const start = (kafka?: KafkaEntrance): Promise<Wire> => {
    const options: WireOptions = { folder, workspace: firstWorkspace, ...(kafka && { kafka }) }
    return startWire(options, {
      onEnded: (error) => fatal(error),
      onFault: (error, what) => log.error({ err: error }, `${what} failed`),
      doorkeeper,
    })
  }

  let kafka: KafkaState = { kind: 'off' }
  if (config.kafka !== null) {
    const { port, isPortNamed } = config.kafka
    try {
      const wire = await start(entranceOf(config.kafka))
      thread = Promise.resolve(wire)
      const { tls } = config.kafka
      if (tls !== null) {
        unwatch = watchMaterial(tls, {
          onChanged: (material) => wire.ask('secure', material),
          onFault: (error) => log.error({ err: error }, 'the certificate could not be changed'),
        })
      }
      kafka = { kind: 'listens', host: config.kafka.host ?? 'localhost', port: wire.kafkaPort ?? 0 }
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
      // Somebody has a Kafka running already; that is no reason to keep from them what else we are.
      if (!isTaken || isPortNamed)
        throw new Error("Kafka's clients cannot be let in", { cause: error })
      kafka = { kind: 'taken', port }
    }
  }
  if (thread === undefined && existsSync(folder)) thread = Promise.resolve(await start())
  return {
    kafka,
    async workspaceOf(workspace) {
      first ??= await programs.workspace()
      return workspace === first ? firstWorkspace : workspace
    },
    ask(name, order) {
      if (isStopping) return Promise.reject(new Error('the server is stopping'))
      thread ??= start().catch((error: unknown) => {
        thread = undefined
        throw error
      })
      return thread.then((wire) => wire.ask(name, order))
    },
    async figures() {
      const wire = isStopping ? undefined : await thread
      return wire?.ask('figures', null)
    },
    async stop() {
      isStopping = true
      unwatch()
      const wire = await thread?.catch(() => undefined)
      await wire?.stop()
    },
  }
}

function entranceOf(config: KafkaConfig): KafkaEntrance {
  const { host, port, advertised, tls, isAnonymousAllowed } = config
  return {
    isAnonymousAllowed,
    hosts: host === null || host === 'localhost' ? ['127.0.0.1', '::1'] : [host],
    port,
    ...(advertised && { advertised }),
    ...(tls && { tls: readMaterial(tls) }),
  }
}
