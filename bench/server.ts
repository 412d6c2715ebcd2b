import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { programEnvironment } from '@fermata/testkit/environment'

/** Who made the workspace of a bench. */
export const owner = { email: 'owner@bench.example', password: 'correct horse battery' }

/** A server that was started for a workload. */
export interface BenchServer {
  readonly port: number
  readonly pid: number
  readonly folder: string
  /** Milliseconds from the start of the process until it said where it listens. */
  readonly startedMs: number
  /** Tells it to end and waits; removes its data if the bench made the folder. */
  stop(): Promise<void>
}

/** How to start it. */
export interface BenchServerOptions {
  /** Its data; a new folder when nothing is said. */
  readonly folder?: string
  /** Flags for Node, such as those of the profiler. */
  readonly nodeFlags?: readonly string[]
}

const main = fileURLToPath(new URL('../server/main.ts', import.meta.url))

/** Starts the product as its users do, on a free port, and waits until it listens. */
export async function startServer(options: BenchServerOptions = {}): Promise<BenchServer> {
  const made =
    options.folder === undefined ? mkdtempSync(join(tmpdir(), 'fermata-bench-')) : undefined
  const folder = options.folder ?? join(made ?? '', 'data')
  const since = performance.now()
  const child = spawn(
    process.execPath,
    [...(options.nodeFlags ?? []), main, '--port', '0', '--data', folder],
    {
      env: programEnvironment({
        FERMATA_OWNER_EMAIL: owner.email,
        FERMATA_OWNER_PASSWORD: owner.password,
      }),
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const port = await listening(child)
  const startedMs = performance.now() - since
  return {
    port,
    pid: child.pid ?? 0,
    folder,
    startedMs,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit')
        child.kill('SIGTERM')
        await ended
      }
      process.off('exit', kill)
      if (made !== undefined) rmSync(made, { recursive: true, force: true })
    },
  }
}

/** Waits until the server names its address. Rejects with what it said when it ends before. */
function listening(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (chunk: Buffer): void => {
      said += chunk.toString()
      const port = /https?:\/\/[\w.[\]:-]+?:(\d+)/.exec(said)?.[1]
      if (port !== undefined) resolve(Number(port))
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${said}`)))
  })
}
