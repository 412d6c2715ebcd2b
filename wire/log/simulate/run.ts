import { createHash } from 'node:crypto'
import { randomFrom, type SeededRandom } from '@fermata/testkit/random'
import { Keeper } from './keeping.ts'
import { Life, type Fate, type World } from './life.ts'
import type { OpenLog } from './open.ts'
import { Oracle } from './oracle.ts'
import { IdempotentProducer, OwnWriter, PlainProducer } from './producing.ts'
import { Reader, TailReader } from './reading.ts'
import { TransactionalProducer } from './transacting.ts'
import { Violation } from './truth.ts'

/** How a simulation went. */
export interface Outcome {
  readonly seed: number
  /** What the log did that it must never do; undefined where it did nothing of that kind. */
  readonly violation: Violation | undefined
  readonly lives: number
  readonly steps: number
  /** Records whose place is certain at the end. */
  readonly records: number
  /** All that happened, a line each. */
  readonly history: readonly string[]
  /** A checksum of all that happened. */
  readonly trace: string
}

/** What is simulated. */
export interface Options {
  readonly open: OpenLog
  /** Whether records go by retention, and by compaction. */
  readonly hasRetention?: boolean
  readonly hasCompaction?: boolean
  /** Whether anything goes wrong with the disk besides crashes. */
  readonly hasFaults?: boolean
}

/** Lets a log live and die many times over, in a world that follows from the seed. */
export async function simulate(seed: number, options: Options): Promise<Outcome> {
  const random = randomFrom(seed)
  const history: string[] = []
  const world = newWorld(random, options, (text) => void history.push(text))
  const livesMax = 10 + random.below(20)
  let violation: Violation | undefined
  let lives = 0
  try {
    while (lives < livesMax) {
      lives++
      await new Life(world, drawFate(random)).live()
    }
    await new Life(world, { stepsMax: 300, end: 'rest' }).live()
  } catch (error) {
    if (!(error instanceof Violation)) throw error
    violation = error
    history.push(String(error))
  }
  const hash = createHash('sha256')
  for (const line of history) hash.update(line)
  return {
    seed,
    violation,
    lives,
    steps: world.steps,
    records: world.oracle.records.filter(({ offset }) => offset !== -1).length,
    history,
    trace: hash.digest('hex'),
  }
}

function newWorld(
  random: SeededRandom,
  { open, hasRetention = true, hasCompaction = true, hasFaults = true }: Options,
  say: (text: string) => void,
): World {
  const keeper = new Keeper({ hasRetention, hasCompaction })
  const tailReader = new TailReader()
  const nowMs = Date.UTC(2026, 0, 5, 9)
  const oracle = new Oracle()
  oracle.latestMs = nowMs
  const players = [
    keeper,
    tailReader,
    new IdempotentProducer(1),
    new IdempotentProducer(2),
    new TransactionalProducer(3),
    new TransactionalProducer(4),
    new PlainProducer(),
    new OwnWriter(),
    new Reader(),
    new Reader(),
  ]
  return {
    random,
    oracle,
    players,
    keeper,
    tailReader,
    open,
    hasFaults: hasFaults && random.chance(0.5),
    nowMs,
    image: undefined,
    steps: 0,
    say,
  }
}

/** Many die young, some while they still recover; a few come to rest. */
function drawFate(random: SeededRandom): Fate {
  const stepsMax = random.below(random.pick([30, 150, 500, 900]))
  const end = random.pick(['kill', 'power', 'power', 'power', 'rest'] as const)
  return { stepsMax, end }
}
