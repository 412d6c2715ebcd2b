import type { AppendRefusal } from '../store.ts'
import { asNew, makeBatch, makeRecord, nobody, sequenceAfter } from './making.ts'
import {
  isExcused,
  knownPartitions,
  mayBeGone,
  mustBeReadable,
  send,
  type Player,
  type Stage,
} from './stage.ts'
import { Violation, type KnownRecord, type PartitionTruth, type Sent } from './truth.ts'

/** What an idempotent producer remembers of one partition. */
interface Lane {
  readonly truth: PartitionTruth
  epoch: number
  sequence: number
  /** In their order; handed in again until they are answered. */
  unanswered: Sent[]
  /** Acknowledged ones of this epoch, oldest first. */
  answered: Sent[]
}

/** A log remembers so many batches of a producer, and so many may be under way. */
const rememberedMax = 5

/** Numbers its batches, has several under way, and hands in again whatever was not acknowledged. */
export class IdempotentProducer implements Player {
  readonly name: string
  readonly #id: number
  readonly #lanes = new Map<number, Lane>()

  constructor(id: number) {
    this.#id = id
    this.name = `producer ${id}`
  }

  async play(stage: Stage): Promise<void> {
    const lane = this.#pickLane(stage)
    if (!lane) return
    const { random } = stage
    if (lane.unanswered.length === 0) {
      if (random.chance(0.15)) return this.#repeat(stage, lane)
      if (random.chance(0.05) && lane.answered.length > 0) return this.#anew(stage, lane)
      // Until it is known, the log takes any number for the first one: so that one comes alone.
      const count = lane.answered.length === 0 ? 1 : 1 + random.below(rememberedMax - 1)
      for (let at = 0; at < count; at++) this.#make(stage, lane)
    }
    return this.#deliver(stage, lane)
  }

  #pickLane(stage: Stage): Lane | undefined {
    const known = knownPartitions(stage)
    if (known.length === 0) return undefined
    const truth = stage.random.pick(known)
    const found = this.#lanes.get(truth.id)
    if (found) return found
    // Some begin shortly before the numbers begin again.
    const sequence = stage.random.chance(0.3) ? 2 ** 31 - 1 - stage.random.below(8) : 0
    const lane: Lane = { truth, epoch: 0, sequence, unanswered: [], answered: [] }
    this.#lanes.set(truth.id, lane)
    return lane
  }

  #make(stage: Stage, lane: Lane): void {
    const origin = {
      producerId: this.#id,
      producerEpoch: lane.epoch,
      baseSequence: lane.sequence,
      isTransactional: false,
    }
    const { oracle, random, clock } = stage
    const sent = makeBatch(oracle, random, lane.truth, origin, clock.now())
    lane.sequence = sequenceAfter(sent)
    lane.unanswered.push(sent)
  }

  /** Hands in all that was not acknowledged, in its order, without waiting in between. */
  async #deliver(stage: Stage, lane: Lane): Promise<void> {
    let isBroken = false
    const answers = lane.unanswered.map(async (sent) => {
      const answer = await send(stage, sent, ['out_of_order'])
      // Behind one that was refused, the next are out of order, and nothing else is.
      if (!answer.ok && answer.refusal.code === 'out_of_order' && !isBroken) {
        throw new Violation(`${this.name}: ${JSON.stringify(answer.refusal)} in the right order`)
      }
      if (!answer.ok) isBroken = true
      else if (isBroken) throw new Violation(`${this.name}: a batch was taken behind a refused one`)
      return { sent, answer }
    })
    for (const { sent, answer } of await Promise.all(answers)) {
      if (!answer.ok) continue
      lane.unanswered = lane.unanswered.filter((one) => one !== sent)
      lane.answered.push(sent)
    }
  }

  /** Hands in once more what was acknowledged: it is answered with the same offset, or known as old. */
  async #repeat(stage: Stage, lane: Lane): Promise<void> {
    if (lane.answered.length === 0) return
    const sent = stage.random.pick(lane.answered)
    const isRemembered = lane.answered.slice(-rememberedMax).includes(sent)
    const answer = await send(stage, sent, isRemembered ? [] : ['old_duplicate', 'out_of_order'])
    if (answer.ok && !answer.value.duplicate) {
      throw new Violation(`${this.name}: a repeated batch was taken as a new one`)
    }
  }

  /** Begins a new epoch, after which the old one is fenced off. */
  async #anew(stage: Stage, lane: Lane): Promise<void> {
    const old = lane.answered.at(-1)!
    lane.epoch++
    lane.sequence = 0
    lane.answered = []
    this.#make(stage, lane)
    await this.#deliver(stage, lane)
    if (lane.answered.length === 0) return
    await mustBeRefused(stage, old, 'producer_fenced')
  }
}

/** Hands in what must not be taken. */
async function mustBeRefused(stage: Stage, sent: Sent, code: AppendRefusal['code']): Promise<void> {
  const answer = await send(stage, sent, [code])
  if (answer.ok) throw new Violation(`records ${sent.records[0]?.id} were taken; expected ${code}`)
}

/** Sends without a number, once; what is not answered is never repeated. */
export class PlainProducer implements Player {
  readonly name = 'a plain producer'

  async play(stage: Stage): Promise<void> {
    const { oracle, random, clock } = stage
    const known = knownPartitions(stage)
    if (known.length === 0) return
    const batches = Array.from({ length: 1 + random.below(3) }, () =>
      makeBatch(oracle, random, random.pick(known), nobody, clock.now()),
    )
    await Promise.all(batches.map(async (sent) => send(stage, sent)))
  }
}

/** Appends records of the log's own making, which share batches. */
export class OwnWriter implements Player {
  readonly name = 'a writer of records'

  async play(stage: Stage): Promise<void> {
    const { random } = stage
    const known = knownPartitions(stage)
    if (known.length === 0) return
    const count = 1 + random.below(5)
    await Promise.all(
      Array.from({ length: count }, async () => this.#append(stage, random.pick(known))),
    )
  }

  async #append(stage: Stage, truth: PartitionTruth): Promise<void> {
    const { oracle, random, clock, store } = stage
    const parts = makeRecord(random, truth, clock.now())
    const record: KnownRecord = oracle.newRecord(truth.id, undefined, parts)
    oracle.handedIn([record])
    const answer = await stage.ask(`append ${truth.id} record ${record.id}`, async () =>
      store.appendRecord({ partition: truth.id, record: asNew(record) }),
    )
    if (answer.ok) {
      if (answer.value.duplicate) throw new Violation(`record ${record.id} is called a duplicate`)
      oracle.taken(truth, [record], answer.value)
      mustBeReadable(stage, truth, answer.value.last)
      return
    }
    const { refusal } = answer
    const isGone = refusal.code === 'unknown_partition' && mayBeGone(stage, truth.id)
    if (!isGone && !isExcused(stage, refusal)) {
      throw new Violation(`record ${record.id} was refused: ${JSON.stringify(refusal)}`)
    }
    if (refusal.code !== 'ended') oracle.refused([record], true)
  }
}
