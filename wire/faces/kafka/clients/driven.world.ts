import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { AnswerLine, OrderLine, Orders, Said } from './orders.world.ts'

/** A client that is driven: what it is told, what it has said, and its end. */
export interface Driven extends Orders {
  /** The values that it has seen, in order. */
  readonly seen: readonly string[]
  /** How many partitions it reads. */
  has(): number
  /** Ends its process as a power cut would. */
  kill(): void
}

/** How a client is started. */
export interface Kind {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  /** What it can compress with. */
  readonly compressions: readonly string[]
  /** Whether it sends offsets along with a transaction that come from nowhere else. */
  readonly sendsOffsets: boolean
}

/** How a client says who it is, over TLS. */
export interface Login {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'
  readonly user: string
  readonly password: string
  /** The certificate that it trusts, as a file. */
  readonly caFile: string
}

/** The path of a file beside this one. */
export function besideThis(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

const orderNames: readonly (keyof Orders)[] = [
  'create',
  'send',
  'read',
  'leave',
  'since',
  'begin',
  'put',
  'offset',
  'commit',
  'abort',
  'committed',
  'topics',
  'setting',
  'groups',
  'remove',
]

/** Starts a client that finds its broker at an address, and says there who it is if it is told to. */
export function drive({ program, args }: Kind, address: string, login?: Login): Driven {
  const [script = '', ...more] = args
  const told = [script, address, ...more, ...(login === undefined ? [] : [JSON.stringify(login)])]
  const child = spawn(program, told, { stdio: ['pipe', 'pipe', 'ignore'] })
  const waiting = new Map<number, (line: AnswerLine) => void>()
  const seen: string[] = []
  let partitions = 0
  let next = 0
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as AnswerLine | Said
    if ('number' in line) {
      waiting.get(line.number)?.(line)
      waiting.delete(line.number)
    } else if (line.said === 'saw') seen.push(line.value)
    else partitions = line.partitions
  })
  // One that was killed answers nothing more, and nobody waits for it.
  child.stdin.on('error', () => undefined)
  child.once('close', () => {
    for (const [number, answer] of waiting) answer({ number, error: 'the client is gone' })
  })
  const order = (name: keyof Orders, args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const line: OrderLine = { number: next++, name, args }
      waiting.set(line.number, (answer) => {
        if ('error' in answer) reject(new Error(`${name}: ${answer.error}`))
        else resolve(answer.value)
      })
      child.stdin.write(`${JSON.stringify(line)}\n`)
    })
  const orders = Object.fromEntries(
    orderNames.map((name) => [name, (...args: readonly unknown[]) => order(name, args)]),
  ) as unknown as Orders
  return {
    ...orders,
    seen,
    has: () => partitions,
    kill: () => void child.kill('SIGKILL'),
  }
}
