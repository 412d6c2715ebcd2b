import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { programEnvironment } from '@fermata/testkit/environment'

/** The owner that a server makes for itself at its first start. */
export const owner = { email: 'olivia@example.com', password: 'correct horse battery' } as const

/** The variables that a server in a proof is started with. */
export const serverVariables = {
  FERMATA_OWNER_EMAIL: owner.email,
  FERMATA_OWNER_PASSWORD: owner.password,
} as const

/** The command that runs the product as its users do, on a port that is free. */
export function serverCommand(folder: string): string[] {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url))
  return [process.execPath, main, '--port', '0', '--data', folder]
}

/** Waits until a server says where it listens. Rejects with what it said when it ends before that. */
export function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (chunk: Buffer): void => {
      said += chunk.toString()
      const url = /listens on (http:\/\/[\w.:]+)/.exec(said)?.[1]
      if (url !== undefined) resolve(url)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('error', reject)
    child.once('close', (code) => reject(new Error(`the server ended with ${code}:\n${said}`)))
  })
}

/** A server in a process of its own. */
export interface Program {
  readonly url: string
  /** Ends it without a word, as when its memory is gone. */
  kill(): Promise<void>
  /** Tells it to end and waits. */
  stop(): Promise<void>
}

/** Starts a server on a data folder and waits until it listens. */
export async function startProgram(folder: string): Promise<Program> {
  const [file = '', ...args] = serverCommand(folder)
  const child = spawn(file, args, {
    env: programEnvironment(serverVariables),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal)
    await closed
  }
  const url = await listening(child)
  return { url, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') }
}
