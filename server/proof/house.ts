import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { systemClock, type Clock } from '@fermata/base/clock'
import { owner } from '@fermata/testkit/server'
import { pino } from 'pino'
import { parseConfig } from '../config.ts'
import { serve, type Server } from '../serve.ts'

/** A server within the test's own process: answers are held against their schemas, and its clock can skip. */
export interface House {
  readonly url: string
  readonly server: Server
  /** The data folder. */
  readonly folder: string
  /** What the server logged: its own faults. */
  readonly logged: readonly string[]
  /** What its clock shows. */
  now(): number
  /** Moves the clock forward, so that the limits per minute begin anew. */
  skip(ms: number): void
  /** Stops it; the end of the test does so too. */
  stop(): Promise<void>
}

/** A clock that runs as the system's does, from wherever it was skipped to. */
function skippingClock(): Clock & { skip(ms: number): void } {
  const system = systemClock()
  let skipped = 0
  return {
    now: () => system.now() + skipped,
    monotonic: () => system.monotonic() + skipped,
    after: (delayMs, run) => system.after(delayMs, run),
    skip(ms) {
      skipped += ms
    },
  }
}

/** Starts a server with its owner, or without one when it is still to be set up. */
export async function openHouse(t: TestContext, wishes: { owner?: false } = {}): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-house-'))
  const read = parseConfig(['--port', '0', '--kafka-port', 'off', '--data', folder], {}, '0.0.0')
  if (!read.ok || read.value.kind !== 'run') throw new Error('the configuration is wrong')
  const clock = skippingClock()
  const logged: string[] = []
  const config = { ...read.value.config, owner: wishes.owner === false ? null : owner }
  const server = await serve(config, {
    clock,
    random: (bytes) => crypto.getRandomValues(bytes),
    log: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }),
    version: '0.0.0',
    fatal(error) {
      throw error
    },
    checkAnswers: true,
  })
  let stopped: Promise<void> | undefined
  const stop = (): Promise<void> => (stopped ??= server.stop())
  t.after(async () => {
    await stop()
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    url: server.url,
    server,
    folder,
    logged,
    now: () => clock.now(),
    skip: (ms) => clock.skip(ms),
    stop,
  }
}
