import { batchOf } from '../../log/contract.world.ts'
import { Violation } from '../../log/simulate/truth.ts'
import type { BrokerRefusal } from '../refusals.ts'
import type { ProducerRef, TransactionRef } from '../transactions/port.ts'
import { partitions, topic, workspace, type Player, type Shown, type Stage } from './stage.ts'

/** So long a transaction may be open. */
const timeoutMs = 4_000

/** A text of a transaction: where it was sent, and where it is if that was answered. */
interface Written {
  readonly index: number
  offset: number | undefined
}

/** One transaction of a client. */
interface Known {
  /** Counts them; also the offset that one of them commits. */
  readonly count: number
  readonly sinceMs: number
  readonly texts: Map<string, Written>
  readonly added: Set<number>
  hasGroup: boolean
  hasOffset: boolean
  /** `either`: its commit was asked for, and not answered for good. */
  outcome: 'open' | 'either' | 'committed' | 'aborted'
}

/** What was asked for last. After a crash it is asked for again. */
type Request =
  | { readonly kind: 'init' }
  | { readonly kind: 'add'; readonly index: number }
  | { readonly kind: 'group' }
  | { readonly kind: 'offset' }
  | { readonly kind: 'write'; readonly index: number; readonly texts: readonly string[] }
  | { readonly kind: 'end'; readonly commit: boolean }

const fences: ReadonlySet<string> = new Set([
  'producer_fenced',
  'stale_producer_epoch',
  'invalid_transaction_state',
  'unknown_producer',
])

/** A producer of transactions under one transactional id, and all those whose place it has taken. */
export class Transactor implements Player {
  readonly name: string
  readonly #id: string
  #ref: ProducerRef | undefined
  /** Whose place was taken: nothing of theirs may count any more. */
  readonly #old: ProducerRef[] = []
  readonly #all: Known[] = []
  readonly #zombies = new Set<string>()
  #now: Known | undefined
  #request: Request | undefined
  #sequences = new Map<number, number>()
  #texts = 0

  constructor(id: string) {
    this.#id = id
    this.name = `transactor ${id}`
  }

  async play(stage: Stage): Promise<void> {
    const { random } = stage
    if (this.#old.length > 0 && random.chance(0.1)) return this.#haunt(stage)
    if (this.#ref === undefined || random.chance(0.04)) this.#request = { kind: 'init' }
    this.#request ??= this.#draw(stage)
    await this.#perform(stage, this.#request)
  }

  async finish(stage: Stage): Promise<void> {
    for (let tries = 0; this.#request !== undefined || this.#now !== undefined; tries++) {
      if (tries > 500) throw new Violation(`${this.name} never comes to an end`)
      await stage.turn()
      this.#request ??= { kind: 'end', commit: stage.random.chance(0.5) }
      await this.#perform(stage, this.#request)
    }
  }

  #draw({ random, clock }: Stage): Request {
    const index = random.below(partitions)
    if (this.#now === undefined) {
      const count = this.#all.length + 1
      const nothing = { texts: new Map(), added: new Set<number>() }
      const none = { hasGroup: false, hasOffset: false, outcome: 'open' } as const
      this.#now = { count, sinceMs: clock.now(), ...nothing, ...none }
      this.#all.push(this.#now)
      return { kind: 'add', index }
    }
    const { added, hasGroup, hasOffset } = this.#now
    if (random.chance(0.3)) return { kind: 'end', commit: random.chance(0.7) }
    if (random.chance(0.2)) return { kind: 'add', index }
    if (!hasGroup && random.chance(0.3)) return { kind: 'group' }
    if (hasGroup && !hasOffset) return { kind: 'offset' }
    const texts = Array.from({ length: 1 + random.below(3) }, () => this.#newText())
    const chosen = random.pick([...added])
    for (const text of texts) this.#now.texts.set(text, { index: chosen, offset: undefined })
    return { kind: 'write', index: chosen, texts }
  }

  #newText(): string {
    return `${this.#id} ${(this.#texts += 1)}`
  }

  #whole(producer: ProducerRef): TransactionRef {
    return { workspace, transactionalId: this.#id, producer }
  }

  async #perform(stage: Stage, request: Request): Promise<void> {
    if (request.kind === 'init') return this.#init(stage)
    const now = this.#now!
    if (request.kind === 'end' && request.commit) now.outcome = 'either'
    const what = `${this.name}/${now.count}: ${JSON.stringify(request)}`
    const refusal = await stage.ask(what, () => this.#call(stage, request, now))
    if (refusal === undefined) {
      this.#request = undefined
      this.#done(request, now)
    } else if (refusal.code !== 'concurrent_transactions') this.#lose(stage, refusal)
  }

  async #call(
    { broker }: Stage,
    request: Exclude<Request, { kind: 'init' }>,
    now: Known,
  ): Promise<BrokerRefusal | undefined> {
    const ref = this.#whole(this.#ref!)
    switch (request.kind) {
      case 'add': {
        const order = { ...ref, partitions: [{ topic, index: request.index }] }
        return (await broker.addToTransaction(order))[0]?.refusal
      }
      case 'group': {
        const answer = await broker.addGroupToTransaction({ ...ref, group: this.#group })
        return answer.ok ? undefined : answer.refusal
      }
      case 'offset': {
        const offsets = [{ topic, index: 0, offset: now.count, epoch: -1, metadata: '' }]
        const who = { group: this.#group, member: '', instance: null, generation: -1 }
        return (await broker.commitOffsetsWithin({ ...ref, ...who, offsets }))[0]?.refusal
      }
      case 'write': {
        const answer = await this.#write({ broker }, this.#ref!, request.index, request.texts)
        if (!answer.ok) return answer.refusal
        for (const [at, text] of request.texts.entries()) {
          now.texts.get(text)!.offset = answer.first + at
        }
        return undefined
      }
      case 'end': {
        const answer = await broker.endTransaction({ ...ref, commit: request.commit })
        return answer.ok ? undefined : answer.refusal
      }
    }
  }

  get #group(): string {
    return `of-${this.#id}`
  }

  async #write(
    { broker }: Pick<Stage, 'broker'>,
    producer: ProducerRef,
    index: number,
    texts: readonly string[],
  ) {
    const batch = batchOf(texts, {
      producerId: producer.id,
      producerEpoch: producer.epoch,
      baseSequence: this.#sequences.get(index) ?? 0,
      transactional: true,
    })
    const batches = [{ topic, index, batch }]
    const order = { workspace, transactionalId: this.#id, acks: -1, batches }
    return (await broker.produce(order))[0]!
  }

  #done(request: Exclude<Request, { kind: 'init' }>, now: Known): void {
    switch (request.kind) {
      case 'add':
        now.added.add(request.index)
        break
      case 'group':
        now.hasGroup = true
        break
      case 'offset':
        now.hasOffset = true
        break
      case 'write': {
        const sequence = this.#sequences.get(request.index) ?? 0
        this.#sequences.set(request.index, sequence + request.texts.length)
        break
      }
      case 'end':
        now.outcome = request.commit ? 'committed' : 'aborted'
        this.#now = undefined
    }
  }

  /** It was told that its place is taken: by the clock, or there is something wrong. */
  #lose({ clock }: Stage, refusal: BrokerRefusal): void {
    const now = this.#now!
    const isLate = clock.now() - now.sinceMs >= timeoutMs
    if (!isLate || !fences.has(refusal.code)) {
      throw new Violation(`${this.name}/${now.count} was refused: ${JSON.stringify(refusal)}`)
    }
    this.#old.push(this.#ref!)
    this.#settle()
    this.#ref = undefined
    this.#request = { kind: 'init' }
  }

  #settle(): void {
    if (this.#now?.outcome === 'open') this.#now.outcome = 'aborted'
    this.#now = undefined
    this.#sequences = new Map()
  }

  async #init(stage: Stage): Promise<void> {
    const order = { workspace, transactionalId: this.#id, timeoutMs }
    const answer = await stage.ask(`${this.name}: init`, () => stage.broker.initProducer(order))
    if (!answer.ok) {
      if (answer.refusal.code === 'concurrent_transactions') return
      throw new Violation(`${this.name} cannot begin: ${JSON.stringify(answer.refusal)}`)
    }
    const { id, epoch } = answer.value
    if (this.#ref !== undefined) this.#old.push(this.#ref)
    if (this.#old.some((old) => old.id === id && old.epoch >= epoch)) {
      throw new Violation(`${this.name} was given ${id}/${epoch}, which somebody has had`)
    }
    this.#settle()
    this.#ref = answer.value
    this.#request = undefined
  }

  /** Whoever was replaced tries to go on. */
  async #haunt(stage: Stage): Promise<void> {
    const { random, broker } = stage
    const producer = random.pick(this.#old)
    const ref = this.#whole(producer)
    const text = `zombie ${this.#newText()}`
    this.#zombies.add(text)
    const what = `${this.name}: as ${producer.id}/${producer.epoch}`
    const index = random.below(partitions)
    const act = random.pick(['add', 'write', 'end'] as const)
    const isTaken = await stage.ask(`${what}: ${act}`, async () => {
      if (act === 'write') return (await this.#write(stage, producer, index, [text])).ok
      if (act === 'end') return (await broker.endTransaction({ ...ref, commit: true })).ok
      const added = await broker.addToTransaction({ ...ref, partitions: [{ topic, index }] })
      return added[0]?.refusal === undefined
    })
    if (isTaken) throw new Violation(`${what}: it was let do ${act}`)
  }

  async audit(stage: Stage, shown: Shown): Promise<void> {
    for (const { texts } of shown) {
      for (const text of this.#zombies) {
        if (texts.has(text)) throw new Violation(`${text} was taken`)
      }
    }
    for (const one of this.#all) this.#auditOne(one, shown)
    await this.#auditOffset(stage)
  }

  #auditOne(one: Known, shown: Shown): void {
    let [seen, hidden] = [0, 0]
    for (const [text, { index, offset }] of one.texts) {
      const { texts, committed, stable } = shown[index]!
      const title = `${text} of ${this.name}/${one.count}, ${one.outcome}`
      if (offset !== undefined && texts.get(text) !== offset) {
        throw new Violation(`${title}, is at ${texts.get(text)} and not at ${offset}`)
      }
      if (committed.has(text)) seen += 1
      // What lies behind the beginning of an open transaction is not shown yet.
      else if (offset === undefined || offset < stable) hidden += 1
    }
    const title = `${this.name}/${one.count}, ${one.outcome}: ${seen} seen, ${hidden} hidden`
    if (seen > 0 && hidden > 0) throw new Violation(`${title}: it is in parts`)
    if (seen > 0 && (one.outcome === 'open' || one.outcome === 'aborted'))
      throw new Violation(title)
    if (hidden > 0 && one.outcome === 'committed') throw new Violation(title)
    if (one.outcome !== 'either' || one === this.#now) return
    if (seen > 0) one.outcome = 'committed'
    if (hidden > 0) one.outcome = 'aborted'
  }

  async #auditOffset({ broker }: Stage): Promise<void> {
    const asked = { workspace, group: this.#group, partitions: [{ topic, index: 0 }] }
    const [found] = await broker.committedOffsets(asked)
    const offset = found?.offset ?? -1
    let expected = [-1]
    for (const { count, hasOffset, outcome } of this.#all) {
      if (!hasOffset) continue
      if (outcome === 'committed') expected = [count]
      else if (outcome === 'either') expected.push(count)
    }
    if (!expected.includes(offset)) {
      throw new Violation(`${this.name} has come to ${offset}, and not to ${expected.join(' or ')}`)
    }
  }
}
