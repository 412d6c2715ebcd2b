import { spawn } from 'node:child_process'
import { need } from './needs.ts'

/** The command that newcomers to Kafka's world try first. */
export const kcat = need('kcat')

/** What it said. */
export interface KcatOutcome {
  readonly code: number | null
  readonly lines: readonly string[]
  readonly errors: string
}

/** Runs it against a server, and gives what it said. */
export function runKcat(
  address: string,
  args: readonly string[],
  input = '',
): Promise<KcatOutcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(kcat.path, ['-b', address, ...args], { timeout: 30_000 })
    let out = ''
    let errors = ''
    child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => void (errors += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => {
      resolve({ code, errors, lines: out.split('\n').filter((line) => line !== '') })
    })
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}
