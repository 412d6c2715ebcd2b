// The real server as a process of its own: for tests that talk to it as its users do, and kill it.

import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { programEnvironment } from './environment.ts'

/** The first owner of the servers that tests start. */
export const owner = { email: 'olivia@example.com', password: 'a horse and a bicycle' } as const

/** How to start a server. */
export interface ServerOptions {
  /** The data folder; a new one, gone with the server, when absent. */
  readonly data?: string
  /** More variables, or others than those that make the owner. */
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  /** Flags for Node itself. */
  readonly node?: readonly string[]
}

/** A running server. */
export interface RunningServer {
  /** Where it listens; the same after a restart. */
  readonly url: string
  /** The process that runs now. */
  readonly pid: number
  readonly data: string
  /** Everything that it has printed and logged, over all restarts. */
  logs(): string
  /** Sends a signal and waits until the process has gone. */
  kill(signal?: NodeJS.Signals): Promise<void>
  /** Starts it again on its data and port, after ending it if it still runs; waits until it is ready. */
  restart(): Promise<void>
  /** Ends it and removes the data folder that was made for it. */
  close(): Promise<void>
}

const main = fileURLToPath(new URL('../server/main.ts', import.meta.url))
const readyMsMax = 30_000

/** Every server that this process has started, and every folder made for one: none outlives it. */
const running = new Set<ChildProcess>()
const folders = new Set<string>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-test-'))
  folders.add(folder)
  return folder
}

/** Starts a server on a free port and waits until it is ready. Throws with what it said if it is not. */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const data = options.data ?? newFolder()
  const log: string[] = []
  let child = launch(options, data, 0, log)
  const url = await addressOf(child, log).catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  await ready(url, child, log)

  const server = {
    url,
    get pid() {
      return child.pid ?? 0
    },
    data,
    logs: () => log.join(''),
    async kill(signal: NodeJS.Signals = 'SIGKILL') {
      if (!running.has(child)) return
      const gone = new Promise((resolve) => child.once('close', resolve))
      child.kill(signal)
      await gone
    },
    async restart() {
      await server.kill()
      child = launch(options, data, Number(new URL(url).port), log)
      await ready(url, child, log)
    },
    async close() {
      await server.kill()
      if (folders.delete(data)) rmSync(data, { recursive: true, force: true })
    },
  }
  return server
}

function launch(
  { args = [], env = {}, node = [] }: ServerOptions,
  data: string,
  port: number,
  log: string[],
): ChildProcess {
  const kafka = args.includes('--kafka-port') ? [] : ['--kafka-port', '0']
  const words = [...node, main, '--port', String(port), '--data', data, ...kafka, ...args]
  const child = spawn(process.execPath, words, {
    env: programEnvironment({
      FERMATA_OWNER_EMAIL: owner.email,
      FERMATA_OWNER_PASSWORD: owner.password,
      ...env,
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('close', () => running.delete(child))
  child.stdout.on('data', (chunk: Buffer) => log.push(chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => log.push(chunk.toString()))
  return child
}

/** The address that a server prints when it listens. */
function addressOf(child: ChildProcess, log: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const address = /listens on (http:\/\/\S+)/.exec(log.join(''))?.[1]
      if (address !== undefined) resolve(address)
    }
    child.stdout?.on('data', look)
    child.once('close', () => reject(new Error(`the server did not start:\n${log.join('')}`)))
  })
}

/** Asks until the server says that it is ready. */
async function ready(url: string, child: ChildProcess, log: readonly string[]): Promise<void> {
  const untilMs = performance.now() + readyMsMax
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => null)
    await answer?.body?.cancel()
    if (answer?.ok === true) return
    if (!running.has(child) || performance.now() > untilMs) {
      child.kill('SIGKILL')
      throw new Error(`the server is not ready:\n${log.join('')}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
