import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { afterwards } from '@fermata/testkit/afterwards'
import { programEnvironment } from '@fermata/testkit/environment'

/** The first owner of the servers that tests start. */
export const owner = { email: 'olivia@example.com', password: 'correct horse battery' }

/** A server as its users start it: a process of its own. */
export interface ServerProcess {
  readonly child: ChildProcess
  /** Everything it printed so far. */
  readonly said: () => string
  /** Everything it logged so far. */
  readonly logged: () => string
  /** Resolves with its address when it listens; rejects with what it said when it ended instead. */
  readonly url: Promise<string>
  /** Resolves when it has ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/** How to start it. */
export interface ProcessOptions {
  readonly data: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Flags for Node itself. */
  readonly node?: readonly string[]
  /** Whether it opens its usual port for Kafka's clients; else, none unless `args` name one. */
  readonly kafka?: 'usual'
}

const main = fileURLToPath(new URL('./main.ts', import.meta.url))

/** A folder of a test's own, gone when the test is over. */
export function newFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-server-'))
  afterwards(t, () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Starts a server on a free port. A test that ends before it takes it along. */
export function startProcess(t: TestContext, options: ProcessOptions): ServerProcess {
  const { data, args = [], env = {}, node = [] } = options
  const isTold = options.kafka === 'usual' || args.includes('--kafka-port')
  const kafka = isTold ? [] : ['--kafka-port', 'off']
  const words = [...node, main, '--port', '0', '--data', data, ...kafka, ...args]
  const child = spawn(process.execPath, words, {
    env: programEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  let logged = ''
  const url = Promise.withResolvers<string>()
  const ended = Promise.withResolvers<{ code: number | null; signal: NodeJS.Signals | null }>()
  // Whoever waits for the end only must not trip over an address that never came.
  url.promise.catch(() => undefined)
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString()
    const address = /listens on (http:\S+)/.exec(said)?.[1]
    if (address !== undefined && said.includes('/docs')) url.resolve(address)
  })
  child.stderr.on('data', (chunk: Buffer) => (logged += chunk.toString()))
  child.once('close', (code, signal) => {
    url.reject(new Error(`the server ended with ${code ?? signal}: ${said}${logged}`))
    ended.resolve({ code, signal })
  })
  afterwards(t, () => {
    child.kill('SIGKILL')
    return ended.promise
  })
  return {
    child,
    said: () => said,
    logged: () => logged,
    url: url.promise,
    ended: ended.promise,
  }
}

/** The environment that makes the first workspace. */
export const ownerEnvironment = {
  FERMATA_OWNER_EMAIL: owner.email,
  FERMATA_OWNER_PASSWORD: owner.password,
}

/** Signs the owner in; answers the cookie. */
export async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(owner),
  })
  if (answer.status !== 200) throw new Error(await answer.text())
  return answer.headers.getSetCookie()[0]!.split(';', 1)[0]!
}
