import { fileURLToPath } from 'node:url'
import { owner } from '@fermata/testkit/server'

/** The variables that a recorded server is started with. */
export const serverVariables = {
  FERMATA_OWNER_EMAIL: owner.email,
  FERMATA_OWNER_PASSWORD: owner.password,
} as const

/** The command that runs the product as its users do, on a port that is free. */
export function serverCommand(folder: string): string[] {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url))
  return [process.execPath, main, '--port', '0', '--kafka-port', 'off', '--data', folder]
}

/** Finds the address in what a server says when it listens; undefined while it has not said it. */
export function addressIn(said: string): string | undefined {
  return /listens on (http:\/\/[\w.:]+)/.exec(said)?.[1]
}
