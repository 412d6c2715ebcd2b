import type { Cancel, Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import { ok, type Result } from '@fermata/base/result'
import type { LogStore, PartitionId } from '../../log/store.ts'
import type { Groups } from '../groups/open.ts'
import type { Ledger } from '../ledger.ts'
import { refuse, type BrokerRefusal } from '../refusals.ts'
import type { ProducerRef } from './port.ts'
import { transactionEntry } from './transaction.record.ts'
import { bumped, ended, ending, type Transaction } from './transaction.ts'

/** A transactional id as it is held. */
export interface Held {
  readonly workspace: string
  readonly id: string
  known: Transaction
  /** When it was last changed, in milliseconds since 1970. */
  atMs: number
  /** A change is being written down: no other one begins meanwhile. */
  isBusy: boolean
  /** Ends the transaction when its producer has had its time, or tries again to end it. */
  alarm: Cancel | undefined
}

/** What keeps transactions. */
export interface KeeperParts {
  readonly log: LogStore
  readonly clock: Clock
  readonly ledger: Ledger
  readonly groups: Pick<Groups, 'ended'>
}

/** Keeps transactional ids: writes down what changes, and sees every end through. */
export interface Keeper {
  find(workspace: string, id: string): Held | undefined
  /** Whether a producer's number is that of a transactional id. */
  owns(producer: number): boolean
  count(workspace: string): number
  /** What a workspace's transactions together write to, of those that are open or about to end, and all together. */
  partitionsHeld(workspace: string): { readonly own: number; readonly all: number }
  all(): readonly Held[]
  /** Takes in what was written down before. */
  restore(workspace: string, id: string, known: Transaction, atMs: number): void
  forget(held: Held): void
  /** Writes a change down, and holds it once it is on disk. */
  change(held: Held, next: Transaction): Promise<Result<void, BrokerRefusal>>
  create(workspace: string, id: string, known: Transaction): Promise<Result<Held, BrokerRefusal>>
  /** Ends the open transaction; by `fence` with the next epoch, so that its producer is heard no more. */
  end(
    held: Held,
    how: { readonly commit: boolean; readonly fence: boolean },
  ): Promise<Result<void, BrokerRefusal>>
  /** Goes on with an end that was decided before. */
  complete(held: Held): Promise<Result<void, BrokerRefusal>>
  close(): void
}

/** Begins to keep transactional ids. */
export function openKeeper({ log, clock, ledger, groups }: KeeperParts): Keeper {
  const held = new Map<string, Map<string, Held>>()
  const owned = new Set<number>()
  let isClosed = false

  const write = (one: Held, known: Transaction) =>
    ledger.write([transactionEntry(one.workspace, one.id, known, clock.now())])

  const put = (workspace: string, id: string, known: Transaction, atMs: number): Held => {
    const named = held.get(workspace) ?? new Map<string, Held>()
    held.set(workspace, named)
    const one: Held = { workspace, id, known, atMs, isBusy: false, alarm: undefined }
    named.get(id)?.alarm?.()
    named.set(id, one)
    owned.add(known.producer.id)
    return one
  }

  /** Sets the alarm that a state needs. */
  const watch = (one: Held): void => {
    one.alarm?.()
    one.alarm = undefined
    const { state, timeoutMs } = one.known
    if (isClosed || (state !== 'open' && state !== 'ending')) return
    const waitMs = state === 'open' ? timeoutMs : limits.transactionRetryMs
    one.alarm = clock.after(waitMs, () => {
      one.alarm = undefined
      // A change that is on its way sets another alarm when it is done.
      if (one.isBusy) return
      if (state === 'ending') void keeper.complete(one)
      else void keeper.end(one, { commit: false, fence: true })
    })
  }

  /** Does one thing at a time with an id. */
  const alone = async <T>(
    one: Held,
    run: () => Promise<Result<T, BrokerRefusal>>,
  ): Promise<Result<T, BrokerRefusal>> => {
    if (one.isBusy) return refuse('concurrent_transactions')
    one.isBusy = true
    try {
      return await run()
    } finally {
      one.isBusy = false
      one.atMs = clock.now()
      // The time of an open transaction runs from its beginning.
      if (one.known.state !== 'open' || one.alarm === undefined) watch(one)
    }
  }

  /** Where somebody has written with a later epoch, nothing of this one is open: the log would have refused it. */
  const isPast = (partition: PartitionId, { id, epoch }: ProducerRef): boolean =>
    log.producers(partition).some((other) => other.id === id && other.epoch > epoch)

  const markIn = (
    { producer, commit }: Transaction,
    partitions: readonly PartitionId[],
  ): ReturnType<LogStore['endTransaction']> =>
    log.endTransaction({
      producerId: producer.id,
      producerEpoch: producer.epoch,
      coordinatorEpoch: 0,
      commit,
      partitions,
    })

  const mark = async (one: Held): Promise<Result<void, BrokerRefusal>> => {
    const { known } = one
    const { producer, commit, partitions } = known
    // What was deleted meanwhile has nothing left to be ended.
    let left = [...partitions].filter((partition) => log.partition(partition) !== undefined)
    let marked = left.length > 0 ? await markIn(known, left) : undefined
    if (marked?.ok === false && marked.refusal.code === 'producer_fenced') {
      // The others are not to wait for it: what is behind an open transaction nobody sees.
      left = left.filter((partition) => !isPast(partition, producer))
      marked = left.length > 0 ? await markIn(known, left) : undefined
    }
    // It is decided, and will be done; until then its producer asks again.
    if (marked?.ok === false) return refuse('concurrent_transactions', marked.refusal.code)
    groups.ended(producer, commit)
    one.known = ended(known)
    // Should this be lost, the markers are written once more, which changes nothing.
    void write(one, one.known)
    return ok(undefined)
  }

  const keeper: Keeper = {
    find: (workspace, id) => held.get(workspace)?.get(id),
    owns: (producer) => owned.has(producer),
    count: (workspace) => held.get(workspace)?.size ?? 0,
    partitionsHeld(workspace) {
      let [own, all] = [0, 0]
      for (const [of, named] of held) {
        let sum = 0
        for (const { known } of named.values()) sum += known.partitions.size
        all += sum
        if (of === workspace) own = sum
      }
      return { own, all }
    },
    all: () => Array.from(held.values()).flatMap((named) => Array.from(named.values())),
    restore: (workspace, id, known, atMs) => watch(put(workspace, id, known, atMs)),
    forget({ workspace, id, alarm, known }) {
      alarm?.()
      owned.delete(known.producer.id)
      held.get(workspace)?.delete(id)
      void ledger.write([transactionEntry(workspace, id, undefined, clock.now())])
    },
    change: (one, next) =>
      alone(one, async () => {
        const written = await write(one, next)
        if (!written.ok) return written
        owned.delete(one.known.producer.id)
        owned.add(next.producer.id)
        one.known = next
        return ok(undefined)
      }),
    async create(workspace, id, known) {
      const one = put(workspace, id, known, clock.now())
      const created = await keeper.change(one, known)
      if (created.ok) return ok(one)
      held.get(workspace)?.delete(id)
      owned.delete(known.producer.id)
      return created
    },
    end: (one, { commit, fence }) =>
      alone(one, async () => {
        const before = one.known
        const next = fence ? { ...before, ...fencedBy(before) } : before
        // From now on nothing more is taken for it: what is behind the marker would not be part of it.
        one.known = ending(next, commit)
        const written = await write(one, one.known)
        if (!written.ok) {
          one.known = before
          return refuse('concurrent_transactions', written.refusal.code)
        }
        return mark(one)
      }),
    complete: (one) => alone(one, () => mark(one)),
    close() {
      isClosed = true
      for (const one of keeper.all()) one.alarm?.()
    },
  }
  return keeper
}

/** The next epoch; nobody is told of it, so nobody can ask for it again. */
function fencedBy(known: Transaction): {
  readonly producer: ProducerRef
  readonly before: undefined
} {
  return { producer: bumped(known).producer, before: undefined }
}
