import { bytesOf } from '../../log/contract.world.ts'
import { Violation } from '../../log/simulate/truth.ts'
import type { Joined } from '../groups/port.ts'
import { topic, workspace, type Player, type Stage } from './stage.ts'

const group = 'readers'

/** What is known of the group, by what its members were answered. */
export class GroupTruth {
  /** Who divided the partitions, by the generation that somebody was told its part in. */
  readonly leaders = new Map<number, string>()
  newest = 0
  /** How often anybody has committed: the offset that is committed next. */
  asked = 0
  committed = -1

  synced(generation: number, leader: string): void {
    const known = this.leaders.get(generation) ?? leader
    if (known !== leader) {
      throw new Violation(`generation ${generation} was divided by ${known} and by ${leader}`)
    }
    this.leaders.set(generation, leader)
    this.newest = Math.max(this.newest, generation)
  }
}

const away: ReadonlySet<string> = new Set([
  'unknown_member',
  'illegal_generation',
  'rebalance_in_progress',
])

/** A member of a group that comes, reads, commits, and leaves or dies. */
export class GroupMember implements Player {
  readonly name: string
  readonly #truth: GroupTruth
  #member = ''
  #joined: Joined | undefined
  #isStable = false
  #hasCommitted = false
  /** A process that believes in a generation which is over. */
  #ghost: { readonly member: string; readonly generation: number } | undefined

  constructor(name: string, truth: GroupTruth) {
    this.name = `member ${name}`
    this.#truth = truth
  }

  async play(stage: Stage): Promise<void> {
    const { random } = stage
    if (this.#ghost !== undefined && random.chance(0.2)) return this.#haunt(stage, this.#ghost)
    if (this.#joined === undefined) return this.#join(stage)
    if (!this.#isStable) return this.#sync(stage, this.#joined)
    if (random.chance(0.05)) return this.#leave(stage)
    // It dies without a word.
    if (random.chance(0.03)) return this.#forget('')
    if (random.chance(0.1)) return this.#forget(this.#member)
    return random.chance(0.5) ? this.#beat(stage, this.#joined) : this.#commit(stage, this.#joined)
  }

  async finish(stage: Stage): Promise<void> {
    this.#hasCommitted = false
    for (let tries = 0; !this.#hasCommitted; tries++) {
      if (tries > 500) throw new Violation(`${this.name} cannot go on`)
      await stage.turn()
      if (this.#joined === undefined) await this.#join(stage)
      else if (!this.#isStable) await this.#sync(stage, this.#joined)
      else await this.#commit(stage, this.#joined)
    }
    await this.#leave(stage)
  }

  #forget(member: string): void {
    if (this.#joined !== undefined) {
      this.#ghost = { member: this.#joined.member, generation: this.#joined.generation }
    }
    this.#member = member
    this.#joined = undefined
    this.#isStable = false
  }

  /** Takes a refusal for what it is; throws where there is no reason for it. */
  #refused(what: string, code: string): void {
    if (!away.has(code)) throw new Violation(`${this.name}: ${what} was refused: ${code}`)
    this.#forget(code === 'unknown_member' ? '' : this.#member)
  }

  async #join({ broker, ask }: Stage): Promise<void> {
    const { newest } = this.#truth
    const answer = await ask(`${this.name}: join as ${this.#member}`, () =>
      broker.joinGroup({
        ...{ workspace, group, member: this.#member, instance: null },
        ...{ clientId: this.name, clientHost: '/127.0.0.1', protocolType: 'consumer' },
        ...{ sessionMs: 10_000, rebalanceMs: 10_000, needsId: false, maySkip: false },
        protocols: [{ name: 'range', metadata: bytesOf('all') }],
      }),
    )
    if (!answer.ok) return this.#refused('joining', answer.refusal.code)
    const { generation, leader, member } = answer.value
    if (generation < newest) {
      throw new Violation(`${this.name} joined ${generation}, and there was ${newest} before`)
    }
    const known = this.#truth.leaders.get(generation) ?? leader
    if (known !== leader) throw new Violation(`${generation} is led by ${known} and by ${leader}`)
    this.#member = member
    this.#joined = answer.value
    this.#isStable = false
  }

  async #sync({ broker, ask }: Stage, joined: Joined): Promise<void> {
    const { generation, member, leader, members } = joined
    const assignments = members.map((one) => ({
      member: one.member,
      assignment: bytesOf(`${member}|${generation}|${one.member}`),
    }))
    const who = { workspace, group, member, instance: null, generation }
    const answer = await ask(`${this.name}: sync ${generation}`, () =>
      broker.syncGroup({ ...who, protocolType: null, protocol: null, assignments }),
    )
    if (!answer.ok) return this.#refused('syncing', answer.refusal.code)
    const given = new TextDecoder().decode(answer.value.assignment)
    if (given !== `${leader}|${generation}|${member}`) {
      throw new Violation(`${member} was given ${given} in ${generation}, led by ${leader}`)
    }
    this.#truth.synced(generation, leader)
    this.#isStable = true
  }

  async #beat({ broker, ask }: Stage, { generation, member }: Joined): Promise<void> {
    const who = { workspace, group, member, instance: null, generation }
    const answer = await ask(`${this.name}: heartbeat`, () => broker.heartbeat(who))
    if (!answer.ok) this.#refused('a heartbeat', answer.refusal.code)
  }

  async #leave({ broker, ask }: Stage): Promise<void> {
    const members = [{ member: this.#member, instance: null }]
    this.#forget('')
    await ask(`${this.name}: leave`, () => broker.leaveGroup({ workspace, group, members }))
  }

  async #commit(stage: Stage, { generation, member }: Joined): Promise<void> {
    const code = await this.#commitAs(stage, member, generation)
    if (code === undefined) this.#hasCommitted = true
    else this.#refused('a commit', code)
  }

  /** Commits; answers why not. What is over must be refused. */
  async #commitAs(
    { broker, ask }: Stage,
    member: string,
    generation: number,
  ): Promise<string | undefined> {
    const truth = this.#truth
    const isOver = truth.newest > generation
    const offset = (truth.asked += 1)
    const offsets = [{ topic, index: 0, offset, epoch: -1, metadata: '' }]
    const order = { workspace, group, member, instance: null, generation, offsets }
    const what = `${this.name}: commit ${offset} in ${generation} as ${member}`
    const [outcome] = await ask(what, () => broker.commitOffsets(order))
    const code = outcome?.refusal?.code
    if (code === undefined) {
      if (isOver) throw new Violation(`${what}, which was over: it was taken`)
      truth.committed = Math.max(truth.committed, offset)
    }
    return code
  }

  async #haunt(
    stage: Stage,
    { member, generation }: { readonly member: string; readonly generation: number },
  ): Promise<void> {
    this.#ghost = undefined
    await this.#commitAs(stage, member, generation)
  }

  async audit({ broker }: Stage): Promise<void> {
    const [found] = await broker.committedOffsets({
      workspace,
      group,
      partitions: [{ topic, index: 0 }],
    })
    const offset = found?.offset ?? -1
    const { committed, asked } = this.#truth
    if (offset < committed || offset > asked) {
      throw new Violation(`the group is at ${offset}; it has come to ${committed} of ${asked}`)
    }
  }
}
