import { createHash } from 'node:crypto'
import { uuidv7Generator } from '@fermata/base/ids'
import { fakeClock } from '@fermata/testkit/clock'
import { randomFrom, type SeededRandom } from '@fermata/testkit/random'
import { fakeDisk, type DiskImage, type FakeDisk } from '../../log/simulate/disk.ts'
import { fileLog } from '../../log/simulate/file.world.ts'
import type { OpenLog } from '../../log/simulate/open.ts'
import { newSteps, settled } from '../../log/simulate/steps.ts'
import { Violation } from '../../log/simulate/truth.ts'
import type { Broker } from '../broker.ts'
import { openBroker } from '../open.ts'
import { GroupMember, GroupTruth } from './member.ts'
import { readShown } from './reading.ts'
import { partitions, topic, workspace, type Player, type Stage } from './stage.ts'
import { Transactor } from './transactor.ts'

/** How a simulation went. */
export interface Outcome {
  readonly seed: number
  /** What the broker did that it must never do. */
  readonly violation: Violation | undefined
  readonly lives: number
  readonly steps: number
  /** All that happened, a line each. */
  readonly history: readonly string[]
  /** A checksum of all that happened. */
  readonly trace: string
}

/** What lives on from one life of the broker to the next. */
interface World {
  readonly random: SeededRandom
  readonly players: readonly Player[]
  readonly openLog: OpenLog
  readonly say: (text: string) => void
  image: DiskImage | undefined
  nowMs: number
  steps: number
}

/** Lets a broker live and die many times over, in a world that follows from the seed. */
export async function simulateBroker(seed: number, openLog: OpenLog = fileLog): Promise<Outcome> {
  const random = randomFrom(seed)
  const history: string[] = []
  const group = new GroupTruth()
  const players = [
    ...['a', 'b', 'c'].map((name) => new Transactor(name)),
    ...['x', 'y', 'z'].map((name) => new GroupMember(name, group)),
  ]
  const say = (text: string): void => void history.push(text)
  const nowMs = Date.UTC(2026, 0, 5, 9)
  const world: World = { random, players, openLog, say, image: undefined, nowMs, steps: 0 }
  let violation: Violation | undefined
  let lives = 0
  try {
    for (const livesMax = 6 + random.below(8); lives < livesMax; lives++) {
      const rests = lives === livesMax - 1 || random.chance(0.2)
      await new Life(world, random.below(random.pick([60, 400, 1_500])), rests).live()
    }
  } catch (error) {
    if (!(error instanceof Violation)) throw error
    violation = error
    say(String(error))
  }
  const hash = createHash('sha256')
  for (const line of history) hash.update(line)
  return { seed, violation, lives, steps: world.steps, history, trace: hash.digest('hex') }
}

/** After so many steps anything has come to its end. */
const stepsMax = 50_000
/** Thrown inside to leave a life in the middle. */
class Over extends Error {}

/** One life: the broker is opened, held against what its clients know, used, and ends. */
class Life {
  readonly #world: World
  readonly #steps
  readonly #clock
  readonly #disk: FakeDisk
  #left: number
  readonly #rests: boolean
  readonly #open = new Map<number, string>()
  #asked = 0
  #isQuiet = false
  #isOver = false
  #failure: Violation | undefined

  constructor(world: World, left: number, rests: boolean) {
    this.#world = world
    this.#left = left
    this.#rests = rests
    const { random, image, say } = world
    this.#steps = newSteps(random)
    this.#clock = fakeClock(world.nowMs)
    const heard = (text: string): void => say(`  disk: ${text}`)
    this.#disk = fakeDisk(random, { steps: this.#steps, image, say: heard })
  }

  async live(): Promise<void> {
    const { random, say } = this.#world
    say(`life: ${this.#left} steps`)
    try {
      await this.#use(await this.#start())
    } catch (error) {
      if (error instanceof Violation) throw error
      if (!(error instanceof Over)) throw new Violation(String(error), { cause: error })
    } finally {
      this.#isOver = true
    }
    const how = random.chance(0.3) ? 'kill' : 'power'
    say(`crash: ${how}`)
    this.#world.image = this.#disk.crash(how)
    this.#world.nowMs = this.#clock.now()
  }

  async #start(): Promise<Broker> {
    const { random, openLog } = this.#world
    const clock = this.#clock
    const log = await this.#until(openLog({ disk: this.#disk, clock, random }), 'opening the log')
    const newUuid = uuidv7Generator(clock, (bytes) => random.fill(bytes))
    const broker = await this.#until(openBroker({ log, clock, newUuid }), 'opening the broker')
    const topics = [{ name: topic, partitions, settings: [] }]
    const order = { workspace, topics, validateOnly: false }
    const [made] = await this.#until(broker.createTopics(order), 'making the topic')
    if (!made?.ok && made?.refusal.code !== 'topic_exists') {
      throw new Violation(`no topic: ${JSON.stringify(made)}`)
    }
    await this.#audit(broker)
    return broker
  }

  #stageOf(broker: Broker): Stage {
    const { random } = this.#world
    return {
      ...{ random, broker, clock: this.#clock },
      turn: () => this.#steps.turn(),
      ask: (what, call) => this.#ask(what, call),
    }
  }

  async #audit(broker: Broker): Promise<void> {
    this.#world.say('audit')
    const look = async (): Promise<void> => {
      const shown = await readShown(broker)
      for (const player of this.#world.players) await player.audit(this.#stageOf(broker), shown)
    }
    await this.#until(look(), 'the audit')
  }

  async #use(broker: Broker): Promise<void> {
    const stage = this.#stageOf(broker)
    const { players, say } = this.#world
    for (const player of players) void this.#follow(player, stage)
    while (this.#left > 0) await this.#step()
    if (!this.#rests) return
    say('rest')
    this.#isQuiet = true
    this.#left = stepsMax
    while (this.#open.size > 0) await this.#step()
    for (const player of players) await this.#until(player.finish(stage), player.name)
    await this.#audit(broker)
  }

  async #follow(player: Player, stage: Stage): Promise<void> {
    try {
      for (;;) {
        await this.#steps.turn()
        if (this.#isQuiet || this.#isOver) return
        await player.play(stage)
      }
    } catch (error) {
      const isKnown = error instanceof Violation
      this.#failure ??= isKnown
        ? error
        : new Violation(`${player.name}: ${String(error)}`, { cause: error })
    }
  }

  /** Lets the world go on until a promise settles. */
  async #until<T>(promise: Promise<T>, what: string): Promise<T> {
    let isSettled = false
    const settle = (): void => void (isSettled = true)
    promise.then(settle, settle)
    await settled()
    for (let turns = 0; !isSettled; turns++) {
      if (turns > stepsMax) throw new Violation(`${what} never ends`)
      await this.#step()
    }
    return promise
  }

  /** One thing happens, or some time passes, or the life is over. */
  async #step(): Promise<void> {
    if (this.#failure) throw this.#failure
    if (this.#left-- <= 0) {
      if (this.#isQuiet) throw new Violation(`no rest: ${[...this.#open.values()].join('; ')}`)
      throw new Over()
    }
    const { random } = this.#world
    this.#world.steps++
    if (random.chance(0.03)) await this.#pass(random.chance(0.1) ? 5_000 : 50)
    if (!(await this.#steps.next())) await this.#pass(1_000)
  }

  async #pass(msMax: number): Promise<void> {
    this.#clock.advance(1 + this.#world.random.below(msMax))
    await settled()
  }

  async #ask<T>(what: string, call: () => Promise<T>): Promise<T> {
    const { say } = this.#world
    const number = ++this.#asked
    say(`${number} ${what}`)
    this.#open.set(number, what)
    const answer = await call()
    this.#open.delete(number)
    // Whoever asked is dead to the one who answers; it has heard nothing.
    if (this.#isOver) return new Promise(() => undefined)
    say(`${number} → ${JSON.stringify(answer) ?? 'nothing'}`)
    return answer
  }
}
