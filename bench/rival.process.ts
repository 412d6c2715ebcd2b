import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { programEnvironment } from '@fermata/testkit/environment'

/** Starts a program that says nothing here. */
export function run(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  return spawn(program, words, { stdio: 'ignore', env: programEnvironment(env) })
}

/** Ends a program, and removes its folder. */
export async function ended(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await exited
  }
  rmSync(folder, { recursive: true, force: true })
}
