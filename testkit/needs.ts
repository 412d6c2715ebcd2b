// Programs of the system that some tests cannot do without, as the list in tools/needs names them.

import { accessSync, constants, readFileSync, readdirSync } from 'node:fs'
import { delimiter, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The names in tools/needs. */
export type NeedName =
  | 'certify'
  | 'chromium'
  | 'confluent'
  | 'gcc'
  | 'kcat'
  | 'make'
  | 'nats'
  | 'openssl'
  | 'postgresql'
  | 'rabbitmq'
  | 'rapidjson'
  | 'redis'
  | 'strace'
  | 'zlib'
  | 'zstd'

/** One line of tools/needs. */
export interface Need {
  readonly name: string
  /** The Debian package that brings it. */
  readonly apt: string
  /** Where its program may be, best first. */
  readonly programs: readonly string[]
  /** The suites that use it. */
  readonly suites: readonly string[]
}

/** What a test file learns about a program that it needs. */
export interface NeedAnswer {
  /** For the options of `test()`: false, or why it is skipped. */
  readonly skip: string | false
  /** The program's path, empty if it is not there. */
  readonly path: string
}

const list = fileURLToPath(new URL('../tools/needs', import.meta.url))

/** Reads the lines of a list like tools/needs: four columns, `#` begins a comment line. */
export function parseNeeds(text: string): Need[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [name = '', apt = '', programs = '', suites = ''] = line.trim().split(/\s+/)
      return { name, apt, programs: programs.split(','), suites: suites.split(',') }
    })
}

/** All needs of all suites. */
export function allNeeds(): Need[] {
  return parseNeeds(readFileSync(list, 'utf8'))
}

/** The path of a need's program on this machine; undefined if there is none. */
export function findProgram(need: Need): string | undefined {
  return need.programs.flatMap(candidates).find(isProgram)
}

/**
 * Asks for a program. Where it is missing, the tests that need it are skipped by name; under
 * `CI=true` nothing may be skipped, and the file fails.
 */
export function need(name: NeedName): NeedAnswer {
  const wanted = allNeeds().find((one) => one.name === name)
  const path = wanted && findProgram(wanted)
  if (path !== undefined) return { skip: false, path }
  const why = `${name} is not installed (see tools/needs)`
  if (process.env['CI'] === 'true') throw new Error(`${why}, and under CI nothing is skipped`)
  return { skip: why, path: '' }
}

/** The paths that a pattern may mean, newest version first. */
function candidates(pattern: string): string[] {
  if (!pattern.includes('/')) {
    return (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, pattern))
  }
  const [before = '', after] = pattern.split('*')
  if (after === undefined) return [pattern]
  return versionsIn(before).map((version) => `${before}${version}${after}`)
}

function versionsIn(folder: string): string[] {
  try {
    return readdirSync(folder).toSorted((a, b) => Number.parseFloat(b) - Number.parseFloat(a))
  } catch {
    return []
  }
}

/** Whether a program is there; of what is named with an ending, whether it can be read. */
function isProgram(path: string): boolean {
  try {
    accessSync(path, extname(path) === '' ? constants.X_OK : constants.R_OK)
    return true
  } catch {
    return false
  }
}
