import { createHash } from 'node:crypto'
import { randomFrom, type SeededRandom } from '@fermata/testkit/random'
import { decay } from './decay.ts'
import { Keeper } from './keeping.ts'
import { Life, type Fate, type World } from './life.ts'
import type { OpenLog } from './open.ts'
import { Oracle } from './oracle.ts'
import { IdempotentProducer, OwnWriter, PlainProducer } from './producing.ts'
import { Reader, TailReader } from './reading.ts'
import { TimeReader } from './timing.ts'
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
  /** What there is besides crashes; drawn from the seed where it is not said. */
  readonly mix?: Mix
}

/** What happens besides crashes. */
export interface Mix {
  /** Whether records go by retention, and by compaction. */
  readonly hasRetention: boolean
  readonly hasCompaction: boolean
  /** Whether the disk runs full, fails, or the like. */
  readonly hasFaults: boolean
  /** Whether parts of the disk go bad while nobody uses it. */
  readonly hasRot: boolean
}

/** Draws what happens, so that many seeds have all of it, and some of them only one thing. */
function drawMix(random: SeededRandom): Mix {
  return {
    hasRetention: random.chance(0.7),
    hasCompaction: random.chance(0.5),
    hasFaults: random.chance(0.4),
    hasRot: random.chance(0.4),
  }
}

/** Lets a log live and die many times over, in a world that follows from the seed. */
export async function simulate(seed: number, options: Options): Promise<Outcome> {
  const random = randomFrom(seed)
  const history: string[] = []
  const drawn = drawMix(random)
  const mix = options.mix ?? drawn
  const world = newWorld(random, { open: options.open, mix }, (text) => void history.push(text))
  const livesMax = 10 + random.below(20)
  let violation: Violation | undefined
  let lives = 0
  try {
    while (lives < livesMax) {
      lives++
      await new Life(world, drawFate(random)).live()
      if (mix.hasRot && random.chance(0.2)) await sleep(world)
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

/** Lets time pass in which nobody uses the disk. What becomes of its copies changes nothing in the world. */
async function sleep(world: World): Promise<void> {
  const { image, random } = world
  if (image) await decay({ ...world, image }, randomFrom(random.below(2 ** 32)))
}

function newWorld(
  random: SeededRandom,
  { open, mix }: Required<Options>,
  say: (text: string) => void,
): World {
  const keeper = new Keeper(mix)
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
    new TimeReader(),
  ]
  return {
    random,
    oracle,
    players,
    keeper,
    tailReader,
    open,
    hasFaults: mix.hasFaults,
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
