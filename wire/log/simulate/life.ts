import { fakeClock, type FakeClock } from '@fermata/testkit/clock'
import type { SeededRandom } from '@fermata/testkit/random'
import { DiskFailure } from '../disk.ts'
import type { LogStore } from '../store.ts'
import { audit } from './audit.ts'
import { fakeDisk, type DiskImage, type FakeDisk } from './disk.ts'
import type { Oracle } from './oracle.ts'
import type { OpenLog } from './open.ts'
import type { Keeper } from './keeping.ts'
import type { TailReader } from './reading.ts'
import type { Excuse, Player, Stage } from './stage.ts'
import { newSteps, settled, type Steps } from './steps.ts'
import { endTroubles, makeTrouble } from './troubles.ts'
import { Violation } from './truth.ts'

/** What lives on from one life of the log to the next. */
export interface World {
  readonly random: SeededRandom
  readonly oracle: Oracle
  readonly players: readonly Player[]
  readonly keeper: Keeper
  readonly tailReader: TailReader
  readonly open: OpenLog
  /** What happens to the disk while the log runs. */
  readonly hasFaults: boolean
  nowMs: number
  image: DiskImage | undefined
  /** How many steps there were, in all lives. */
  steps: number
  say(text: string): void
}

/** How one life goes on and how it ends. */
export interface Fate {
  /** It is over after so many steps, wherever it has come to. */
  readonly stepsMax: number
  /** `rest`: everybody comes to rest first, and the log is closed or dies when all is written. */
  readonly end: 'kill' | 'power' | 'rest'
}

/** After so many attempts to go on without anything that could happen, nothing ever will. */
const idleTurnsMax = 300

/** A life that comes to rest does so within so many steps. */
const restStepsMax = 20_000

/** Thrown inside to leave a life in the middle. */
class Over extends Error {}

/** One life of a log: it is opened, held against what is known, used, and ends. */
export class Life implements Stage {
  readonly random: SeededRandom
  readonly oracle: Oracle
  readonly steps: Steps
  readonly clock: FakeClock
  readonly excuses = new Set<Excuse>()
  readonly #world: World
  readonly #disk: FakeDisk
  readonly #fate: Fate
  #store: LogStore | undefined
  #left: number
  #isQuiet = false
  #isOver = false
  #mayTrouble = false
  #asked = 0
  readonly #open = new Map<number, string>()
  #failure: Violation | undefined

  constructor(world: World, fate: Fate) {
    this.#world = world
    this.#fate = fate
    this.random = world.random
    this.oracle = world.oracle
    this.steps = newSteps(world.random)
    this.clock = fakeClock(world.nowMs)
    const { steps } = this
    const say = (text: string): void => world.say(`  disk: ${text}`)
    this.#disk = fakeDisk(world.random, { steps, image: world.image, say })
    this.#left = fate.stepsMax
  }

  get store(): LogStore {
    if (!this.#store) throw new Error('the log is not open yet')
    return this.#store
  }

  isQuiet(): boolean {
    return this.#isQuiet
  }

  /** Lives; leaves in the world what the next life finds. Throws a `Violation`. */
  async live(): Promise<void> {
    const { end, stepsMax } = this.#fate
    this.#world.say(`life: ${end} after ${stepsMax} steps`)
    const hear = (error: unknown): void => this.#fail('a promise that nobody holds', error)
    process.on('unhandledRejection', hear)
    try {
      await this.#start()
      await this.#use()
      if (end === 'rest') await this.#rest()
    } catch (error) {
      if (error instanceof Violation) throw error
      if (!(error instanceof Over)) throw new Violation(String(error), { cause: error })
    } finally {
      process.off('unhandledRejection', hear)
      this.#isOver = true
    }
    if (this.#disk.misuses.length > 0) throw new Violation(this.#disk.misuses.join('; '))
    const how = end === 'kill' || (end === 'rest' && this.random.chance(0.3)) ? 'kill' : 'power'
    this.#world.say(`crash: ${how}`)
    this.#world.image = this.#disk.crash(how)
    this.#world.nowMs = this.clock.now()
  }

  async #start(): Promise<void> {
    const { random, clock } = this
    const opening = this.#world.open({ disk: this.#disk, clock, random })
    this.#mayTrouble = this.#world.hasFaults
    try {
      this.#store = await this.#until(opening, 'opening')
    } catch (error) {
      if (error instanceof Over || error instanceof Violation) throw error
      if (this.#isExcusedFailure(error)) throw new Over()
      throw new Violation(`the log cannot be opened: ${String(error)}`, { cause: error })
    }
    // What is wrong at the start may be said for a while.
    this.#mayTrouble = false
    endTroubles(this.#disk)
    this.#world.keeper.adopt(this)
    this.#world.tailReader.forget()
    this.#world.say('audit')
    await this.#audit('the audit')
  }

  /** Looks at everything, unless the disk fails meanwhile. */
  async #audit(what: string): Promise<void> {
    try {
      await this.#until(audit(this), what)
    } catch (error) {
      const hasEnded = this.store.state().kind === 'ended' && this.excuses.has('ended')
      throw hasEnded || this.#isExcusedFailure(error) ? new Over() : error
    }
  }

  /** Everybody plays until this life's steps are over, or until it shall come to rest. */
  async #use(): Promise<void> {
    this.#mayTrouble = this.#world.hasFaults
    for (const player of this.#world.players) void this.#follow(player)
    while (this.#left > 0) {
      await this.#step()
      this.#look()
      // For good: nothing can happen any more but the next start.
      if (this.store.state().kind === 'ended') this.#left = Math.min(this.#left, 20)
    }
  }

  async #follow(player: Player): Promise<void> {
    try {
      for (;;) {
        await this.steps.turn()
        if (this.#isQuiet || this.#isOver) return
        try {
          await player.play(this)
        } catch (error) {
          if (!this.#isExcusedFailure(error)) throw error
        }
      }
    } catch (error) {
      this.#fail(player.name, error)
    }
  }

  #fail(who: string, error: unknown): void {
    const isKnown = error instanceof Violation
    this.#failure ??= isKnown ? error : new Violation(`${who}: ${String(error)}`, { cause: error })
  }

  /** All that was asked is answered, and all is written, before this life ends. */
  async #rest(): Promise<void> {
    this.#isQuiet = true
    this.#left = restStepsMax
    this.#mayTrouble = false
    endTroubles(this.#disk)
    this.#world.say('rest')
    while (this.#open.size > 0) await this.#step()
    if (this.store.state().kind === 'ended') return
    for (let turns = 0; this.store.state().kind !== 'serving'; turns++) {
      // A failure that was on its way was met only now.
      if (this.store.state().kind === 'ended') return
      if (turns > idleTurnsMax) {
        throw new Violation(`the disk is well, but the log: ${inShort(this.store.state())}`)
      }
      while (this.steps.waiting() > 0) await this.#step()
      await this.#pass(1_000)
    }
    await this.#until(this.store.idle(), 'coming to rest')
    if (this.store.state().kind === 'ended' && this.excuses.has('ended')) return
    await this.#audit('the audit at rest')
    if (this.random.chance(0.5)) return
    await this.#until(this.store.close(), 'closing')
    const files = this.#disk.filesOpen()
    if (files > 0) throw new Violation(`${files} files are open after the log was closed`)
  }

  /** Lets the world go on until a promise settles. */
  async #until<T>(promise: Promise<T>, what: string): Promise<T> {
    let isSettled = false
    const settle = (): void => void (isSettled = true)
    promise.then(settle, settle)
    await settled()
    let turns = 0
    while (!isSettled) {
      if (++turns > restStepsMax) throw new Violation(`${what} never ends`)
      await this.#step()
    }
    return promise
  }

  /** One thing happens; or some time passes, or the life is over. */
  async #step(): Promise<void> {
    this.#mustBeSound()
    if (this.#left-- <= 0) {
      if (this.#isQuiet) throw new Violation(`no rest: ${[...this.#open.values()].join('; ')}`)
      throw new Over()
    }
    this.#world.steps++
    if (this.#mayTrouble) this.#trouble()
    if (this.random.chance(0.03)) await this.#pass(this.random.chance(0.1) ? 3_000 : 20)
    for (let turns = 0; !(await this.steps.next()); turns++) {
      // Nobody waits for an answer; what goes on in the background may need time.
      if (turns > 0 && this.#open.size === 0) return
      if (turns > idleTurnsMax) {
        throw new Violation(`nothing moves any more: ${[...this.#open.values()].join('; ')}`)
      }
      await this.#pass(1_000)
      this.#mustBeSound()
    }
    this.#mustBeSound()
  }

  #mustBeSound(): void {
    if (this.#failure) throw this.#failure
  }

  #trouble(): void {
    const excuse = makeTrouble(this.random, this.#disk)
    if (excuse === undefined) return
    this.#world.say(`trouble: ${excuse}`)
    this.excuses.add(excuse)
  }

  /** Lets time pass, with all that it sets off. */
  async #pass(msMax: number): Promise<void> {
    const ms = 1 + this.random.below(msMax)
    this.clock.advance(ms)
    this.oracle.latestMs = Math.max(this.oracle.latestMs, this.clock.now())
    await settled()
  }

  /** What must hold at any time. */
  #look(): void {
    this.#world.tailReader.mustWait(this)
    const state = this.store.state()
    if (state.kind === 'serving') return
    const name = state.kind === 'ended' ? 'ended' : state.code
    if (!this.excuses.has(name)) throw new Violation(`the log is ${name}: ${state.reason}`)
  }

  #isExcusedFailure(error: unknown): boolean {
    if (!(error instanceof DiskFailure)) return false
    if (error.code === 'failed') return this.excuses.has('ended')
    return error.code !== 'absent' && this.excuses.has(error.code)
  }

  async ask<T>(what: string, call: () => Promise<T>): Promise<T> {
    const number = ++this.#asked
    this.#world.say(`${number} ${what}`)
    this.#open.set(number, what)
    let answer: T
    try {
      answer = await call()
    } catch (error) {
      if (this.#isOver) return await never()
      this.#world.say(`${number} threw ${String(error)}`)
      throw error
    } finally {
      this.#open.delete(number)
    }
    // Whoever asked is dead; it has heard nothing.
    if (this.#isOver) return never()
    this.#world.say(`${number} → ${inShort(answer)}`)
    return answer
  }
}

/** What somebody hears who is dead. */
async function never(): Promise<never> {
  return new Promise(() => undefined)
}

function inShort(answer: unknown): string {
  return JSON.stringify(answer, function (this: Record<string, unknown>, key, value: unknown) {
    // What a buffer says of itself would come before it could be seen for what it is.
    const held = this[key]
    return held instanceof Uint8Array ? `${held.length} bytes` : value
  })
}
