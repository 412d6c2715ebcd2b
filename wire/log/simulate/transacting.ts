import type { EndRefusal } from '../store.ts'
import { makeBatch, sequenceAfter } from './making.ts'
import { isExcused, knownPartitions, mayBeGone, send, type Player, type Stage } from './stage.ts'
import { Violation, type EndOrder, type PartitionTruth, type Sent } from './truth.ts'

/** What a transaction has written to one partition. */
interface Part {
  readonly truth: PartitionTruth
  unanswered: Sent[]
  /** Whether anything was handed in. */
  isTouched: boolean
}

/**
 * Writes to several partitions in transactions and ends them, all or nothing. After a crash it asks again
 * for what it has no answer to, or a newer instance of it takes over.
 */
export class TransactionalProducer implements Player {
  readonly name: string
  readonly #id: number
  #epoch = 0
  /** The next number in each partition, for this epoch. */
  #sequences = new Map<number, number>()
  #parts = new Map<number, Part>()
  /** The end that was ordered and is not answered. */
  #ending: { readonly commit: boolean; readonly epoch: number } | undefined
  /** A batch of an older epoch, and where the newer one is known. */
  #fenced: { readonly sent: Sent; readonly epoch: number } | undefined

  constructor(id: number) {
    this.#id = id
    this.name = `transactional producer ${id}`
  }

  async play(stage: Stage): Promise<void> {
    const { random } = stage
    this.#forgetDeleted()
    // Whether it is one of the partitions of its transaction, is not known before the deletion is answered.
    if ([...this.#parts.keys()].some((id) => mayBeGone(stage, id))) return
    if (this.#ending) return this.#end(stage)
    if (this.#fenced) return this.#tryFenced(stage)
    if (this.#isUnanswered()) {
      // Its numbers are no longer certain to a newer instance, which ends what the older one began.
      if (random.chance(0.3)) return this.#takeOver(stage)
      return this.#deliver(stage)
    }
    if (this.#parts.size > 0 && random.chance(0.4)) {
      if (random.chance(0.15)) return this.#takeOver(stage)
      this.#ending = { commit: random.chance(0.6), epoch: this.#epoch }
      return this.#end(stage)
    }
    return this.#write(stage)
  }

  #forgetDeleted(): void {
    for (const { truth } of this.#parts.values()) {
      if (!truth.isThere.possible().includes(true)) this.#parts.delete(truth.id)
    }
    if (this.#parts.size === 0) this.#ending = undefined
  }

  #isUnanswered(): boolean {
    return [...this.#parts.values()].some(({ unanswered }) => unanswered.length > 0)
  }

  async #write(stage: Stage): Promise<void> {
    const { random, oracle, clock } = stage
    const known = knownPartitions(stage)
    if (known.length === 0) return
    for (let count = 1 + random.below(3); count > 0; count--) {
      const truth = random.pick(known)
      const part = this.#parts.get(truth.id) ?? { truth, unanswered: [], isTouched: false }
      this.#parts.set(truth.id, part)
      // The first one of an epoch comes alone, because the log takes any number for it.
      const isFirst = !this.#sequences.has(truth.id)
      if (isFirst && part.unanswered.length > 0) continue
      const sent = makeBatch(oracle, random, truth, this.#origin(truth.id), clock.now())
      part.unanswered.push(sent)
      if (!isFirst) this.#sequences.set(truth.id, sequenceAfter(sent))
    }
    return this.#deliver(stage)
  }

  #origin(partition: number): Parameters<typeof makeBatch>[3] {
    return {
      producerId: this.#id,
      producerEpoch: this.#epoch,
      baseSequence: this.#sequences.get(partition) ?? 0,
      isTransactional: true,
    }
  }

  async #deliver(stage: Stage): Promise<void> {
    const all = [...this.#parts.values()]
    await Promise.all(all.map(async (part) => this.#deliverPart(stage, part)))
  }

  async #deliverPart(stage: Stage, part: Part): Promise<void> {
    let isBroken = false
    const answers = part.unanswered.map(async (sent) => {
      part.isTouched = true
      const answer = await send(stage, sent, isBroken ? ['out_of_order'] : [])
      if (!answer.ok) isBroken = true
      return { sent, answer }
    })
    for (const { sent, answer } of await Promise.all(answers)) {
      if (!answer.ok) continue
      part.unanswered = part.unanswered.filter((one) => one !== sent)
      if (!this.#sequences.has(part.truth.id)) {
        this.#sequences.set(part.truth.id, sequenceAfter(sent))
      }
    }
  }

  /** A newer instance aborts whatever the older one has left open, and fences it off. */
  async #takeOver(stage: Stage): Promise<void> {
    const [part] = this.#parts.values()
    if (!part) return
    const { oracle, random, clock } = stage
    const late = makeBatch(oracle, random, part.truth, this.#origin(part.truth.id), clock.now())
    this.#fenced = { sent: late, epoch: this.#epoch }
    this.#epoch++
    this.#sequences = new Map()
    this.#ending = { commit: false, epoch: this.#epoch }
    return this.#end(stage)
  }

  /** What the older instance still sends, and how it would end its transaction, is refused. */
  async #tryFenced(stage: Stage): Promise<void> {
    const { sent, epoch } = this.#fenced!
    this.#fenced = undefined
    if (mayBeGone(stage, sent.partition)) return
    const answer = await send(stage, sent, ['producer_fenced'])
    if (answer.ok) throw new Violation(`${this.name}: an older instance could write`)
    const order = newEnd(stage, {
      producerId: this.#id,
      producerEpoch: epoch,
      commit: true,
      partitions: [sent.partition],
    })
    const refusal = await orderEnd(stage, order)
    if (refusal === undefined) throw new Violation(`${this.name}: an older instance could commit`)
    if (refusal.code !== 'producer_fenced') mustBeExcused(stage, order, refusal)
  }

  async #end(stage: Stage): Promise<void> {
    const { commit, epoch } = this.#ending!
    const order = newEnd(stage, {
      producerId: this.#id,
      producerEpoch: epoch,
      commit,
      partitions: [...this.#parts.keys()],
    })
    const refusal = await orderEnd(stage, order)
    if (refusal !== undefined) return mustBeExcused(stage, order, refusal)
    this.#ending = undefined
    this.#parts = new Map()
  }
}

/** The number of the next order; the coordinator's epoch in its markers, by which they are known. */
function newEnd(
  { oracle }: Stage,
  order: Pick<EndOrder, 'producerId' | 'producerEpoch' | 'commit' | 'partitions'>,
): EndOrder {
  const coordinatorEpoch = oracle.ends.size
  const end = { coordinatorEpoch, ...order, markers: new Map(), mayStand: true, isTaken: false }
  oracle.ends.set(coordinatorEpoch, end)
  return end
}

/** Orders the end; answers why it was refused, if it was. */
async function orderEnd(stage: Stage, end: EndOrder): Promise<EndRefusal | undefined> {
  const { producerId, producerEpoch, coordinatorEpoch, commit, partitions } = end
  const numbers = `${coordinatorEpoch} of ${producerId}/${producerEpoch}`
  const answer = await stage.ask(
    `${commit ? 'commit' : 'abort'} ${numbers} in ${partitions.join()}`,
    async () =>
      stage.store.endTransaction({
        producerId,
        producerEpoch,
        coordinatorEpoch,
        commit,
        partitions,
      }),
  )
  if (answer.ok) {
    stage.oracle.ended(end, answer.value)
    return undefined
  }
  if (answer.refusal.code !== 'ended') end.mayStand = false
  return answer.refusal
}

function mustBeExcused(stage: Stage, end: EndOrder, refusal: EndRefusal): void {
  const isGone = end.partitions.some((partition) => mayBeGone(stage, partition))
  if (isExcused(stage, refusal) || (refusal.code === 'unknown_partition' && isGone)) return
  throw new Violation(`the end ${end.coordinatorEpoch} was refused: ${JSON.stringify(refusal)}`)
}
