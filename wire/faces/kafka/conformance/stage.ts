import { spawn, type ChildProcess } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { SuiteTest } from './suite.ts'

/** A broker that tests run against, in a process and a folder of its own. */
export interface Stage {
  /** A folder for what tests leave, with Kafka's own tool for topics under `bin`. */
  readonly folder: string
  readonly address: string
  close(): Promise<void>
}

/** How many partitions a topic gets that is made on demand: what the suite expects of its cluster. */
const partitions = 4

/** Starts a broker as a scenario of the suite wants it. */
export async function openStage(scenario: SuiteTest['scenario']): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'fermata-conformance-'))
  await mkdir(join(folder, 'bin'))
  const tool = join(folder, 'bin', 'kafka-topics.sh')
  await writeFile(
    tool,
    `#!/bin/sh\nexec "${process.execPath}" "${pathOf('topics.world.ts')}" "$@"\n`,
  )
  await chmod(tool, 0o755)
  const log = join(folder, 'log')
  await mkdir(log)
  const creates = scenario === 'default' ? 'yes' : 'no'
  const program = pathOf('broker.world.ts')
  const child = spawn(process.execPath, [program, log, String(partitions), creates], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const port = await portOf(child)
  return {
    folder,
    address: `127.0.0.1:${port}`,
    async close() {
      const gone = new Promise((resolve) => child.once('close', resolve))
      child.stdin?.end()
      await gone
      await rm(folder, { recursive: true })
    },
  }
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => reject(new Error(`the broker ended with ${code}`)))
    child.stdout?.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())))
  })
}
