import type { Server as HttpServer } from 'node:http'
import type { Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import type { FastifyInstance } from 'fastify'

/** What has to end, in this order, for a server to end gently. */
export interface Parts {
  readonly app: FastifyInstance
  readonly clock: Clock
  /** Takes leave of the live readers, who would otherwise stay for ever. */
  readonly endReaders: () => void
  /** Cuts off those readers who did not go. */
  readonly dropReaders: () => void
  /** Ends the work in the background. */
  readonly endWork: () => void
  /** Closes the database, after the last look at it. */
  readonly closeStorage: () => Promise<void>
}

/** A server's way out. */
export interface Stop {
  /** Whether the server is on its way out. */
  readonly stopping: boolean
  /** Stops gently; asked again, it is the same stop. */
  stop(): Promise<void>
}

/** How long requests under way may take to finish; the rest of drainMsMax is for the database. */
const finishMsMax = limits.drainMsMax * 0.8

function cutOff(server: HttpServer, dropReaders: () => void): void {
  server.closeAllConnections()
  dropReaders()
}

/**
 * Makes the way out: no new connections, farewell to the live readers, requests under way finish, and the
 * database closes last. Whoever is not done in time is cut off: nothing that was answered is lost by it.
 */
export function openStop({ app, clock, ...parts }: Parts): Stop {
  let stopped: Promise<void> | undefined

  async function run(): Promise<void> {
    parts.endReaders()
    const cancel = clock.after(finishMsMax, () => cutOff(app.server, parts.dropReaders))
    await app.close()
    cancel()
    parts.endWork()
    await parts.closeStorage()
  }

  return {
    get stopping() {
      return stopped !== undefined
    },
    stop() {
      stopped ??= run()
      return stopped
    },
  }
}
