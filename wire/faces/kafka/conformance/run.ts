import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '@fermata/base/clock'
import type { Stage } from './stage.ts'
import { librariesOf, numberOf, type Suite } from './suite.ts'

/** How a test ended. */
export type Outcome = 'passes' | 'skips' | 'fails' | 'hangs'

/** A run of all tests of one number. */
export interface Run {
  readonly outcomes: ReadonlyMap<string, Outcome>
  readonly seconds: number
  /** The end of what the runner said, or all of it that tells why. */
  readonly said: string
}

/** What the suite takes us for; what came to Kafka later it leaves out. */
const kafkaVersion = '4.0.0'

/** After so long a test is given up; the suite has limits of its own, which are shorter. */
const secondsMax = 600

/** What tests are run in. */
export interface Setting {
  readonly suite: Suite
  readonly stage: Stage
  readonly clock: Clock
  /** Whether tests do all that they can, and not what they do in a hurry. */
  readonly isThorough: boolean
}

/** Runs the tests of a number that need a broker. */
export async function runTests(
  { suite, stage, clock, isThorough }: Setting,
  number: string,
  scenario: string,
): Promise<Run> {
  const conf = join(stage.folder, 'test.conf')
  // Some of its limits are near what it takes on a machine that does something else besides.
  await writeFile(conf, `bootstrap.servers=${stage.address}\ntest.timeout.multiplier=6\n`)
  const since = clock.monotonic()
  const { code, said } = await spoken(
    suite,
    ['-p1', ...(isThorough ? [] : ['-Q']), '-L', '-s', scenario],
    {
      TESTS: number,
      RDKAFKA_TEST_CONF: conf,
      LD_LIBRARY_PATH: librariesOf(suite),
      TEST_KAFKA_VERSION: kafkaVersion,
      KAFKA_PATH: stage.folder,
      BROKERS: stage.address,
      PATH: '/usr/local/bin:/usr/bin:/bin',
    },
  )
  const outcomes = new Map<string, Outcome>()
  for (const test of suite.tests) {
    if (numberOf(test.name) !== number || test.isLocal || test.scenario !== scenario) continue
    const word = new RegExp(`Test ${test.name} (PASSED|SKIPPED|FAILED)`).exec(said)?.[1]
    // A runner that passed everything and then fell has not passed.
    const isWhole = code === 0 || /Test \S+ FAILED/.test(said)
    if (word === 'SKIPPED' || wasFiltered(said, test.name)) outcomes.set(test.name, 'skips')
    else if (word === 'PASSED' && isWhole) outcomes.set(test.name, 'passes')
    else outcomes.set(test.name, code === null ? 'hangs' : 'fails')
  }
  return { outcomes, seconds: (clock.monotonic() - since) / 1000, said: reasonOf(said) }
}

/** Whether the runner itself has left a test out. */
function wasFiltered(said: string, name: string): boolean {
  return new RegExp(`\\[${name} */.*SKIPPING TEST`).test(said)
}

interface Spoken {
  /** Null where it was ended. */
  readonly code: number | null
  readonly said: string
}

function spoken(
  { folder }: Suite,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Spoken> {
  return new Promise((resolve, reject) => {
    const child = spawn('./test-runner', args, {
      cwd: folder,
      env: { ...env },
      timeout: secondsMax * 1000,
      killSignal: 'SIGKILL',
    })
    let said = ''
    const hear = (chunk: Buffer): void => void (said += chunk.toString('latin1'))
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      resolve({ code: signal === 'SIGKILL' ? null : (code ?? 1), said })
    })
  })
}

/** The lines that say what went wrong; the last ones where none does. */
function reasonOf(said: string): string {
  const lines = said.replaceAll(/\u001b\[[0-9;]*m/g, '').split('\n')
  const first = lines.findIndex((line) => line.startsWith('### Test') || / failed at /.test(line))
  return (first < 0 ? lines.slice(-8) : lines.slice(first, first + 4)).join('\n')
}
