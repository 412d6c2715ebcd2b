import type { Clock } from '@fermata/base/clock'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import type { CheckTransactional } from '../produce.ts'
import type { Groups } from '../groups/open.ts'
import { findPartition } from '../partitions.ts'
import { refuse, type BrokerRefusal } from '../refusals.ts'
import type { PartitionRef } from '../records.port.ts'
import { topicsOf, type Topics } from '../topic.ts'
import type { Held, Keeper } from './coordinator.ts'
import type { ProducerIds } from './ids.ts'
import type { ProducerRef, TransactionCalls, TransactionRef, TransactionView } from './port.ts'
import {
  added,
  additionFault,
  bumped,
  decideBeginning,
  decideEnding,
  isSpent,
  newTransaction,
  producerFault,
} from './transaction.ts'

/** What transactions are kept with. */
export interface TransactionParts {
  readonly topics: Topics
  readonly clock: Clock
  readonly keeper: Keeper
  readonly ids: ProducerIds
  readonly groups: Pick<Groups, 'commitWithin' | 'ledger'>
}

type Changed = Result<void, BrokerRefusal>

/**
 * Lets through what adds so many partitions to a workspace's transactions, while there is room: of one that writes to many.
 * What is under way counts, though it is not held yet.
 */
function roomFor(
  keeper: Keeper,
): (workspace: string, more: number, change: () => Promise<Changed>) => Promise<Changed> {
  const { transactionPartitionsTotalMax: allMax, transactionPartitionsPerWorkspaceMax: ownMax } =
    limits
  const underWay = new Map<string, number>()
  const note = (workspace: string, change: number): void => {
    const left = (underWay.get(workspace) ?? 0) + change
    if (left > 0) underWay.set(workspace, left)
    else underWay.delete(workspace)
  }
  return async (workspace, more, change) => {
    let { own, all } = keeper.partitionsHeld(workspace)
    own += underWay.get(workspace) ?? 0
    for (const some of underWay.values()) all += some
    if (own + more > ownMax || all + more > allMax) {
      const reason = `a workspace's transactions together write to at most ${ownMax} partitions, and all to ${allMax}`
      return refuse('policy', reason)
    }
    note(workspace, more)
    try {
      return await change()
    } finally {
      note(workspace, -more)
    }
  }
}

type Begun = Result<ProducerRef, BrokerRefusal>

/** The calls about producers and their transactions. */
export function transactionCalls(parts: TransactionParts): TransactionCalls {
  const { topics, keeper, groups } = parts
  const counted = roomFor(keeper)
  const standing = (order: TransactionRef): Result<Held, BrokerRefusal> => {
    const held = keeper.find(order.workspace, order.transactionalId)
    const fault = producerFault(held?.known, order.producer)
    return held === undefined || fault !== undefined ? refused(fault!) : ok(held)
  }
  const add = async (
    order: TransactionRef,
    partitions: readonly number[],
    names: readonly string[],
  ): Promise<Result<void, BrokerRefusal>> => {
    const found = standing(order)
    if (!found.ok) return found
    const { known } = found.value
    const isThere =
      known.state === 'open' &&
      partitions.every((partition) => known.partitions.has(partition)) &&
      names.every((name) => known.groups.has(name))
    if (isThere && !found.value.isBusy) return ok(undefined)
    const fault = additionFault(known, partitions.length, names)
    if (fault !== undefined) return refused(fault)
    const next = added(known, partitions, names, parts.clock.now())
    const more = next.partitions.size - (known.state === 'open' ? known.partitions.size : 0)
    // Counting all of them is worth it only for one that writes to many.
    if (next.partitions.size <= limits.transactionPartitionsUncounted)
      return keeper.change(found.value, next)
    return counted(order.workspace, more, () => keeper.change(found.value, next))
  }
  return {
    async initProducer(order) {
      const { transactionalId, timeoutMs } = order
      if (transactionalId === null) {
        const taken = await parts.ids.take()
        return taken.ok ? ok({ id: taken.value, epoch: 0 }) : taken
      }
      if (transactionalId === '' || transactionalId.length > limits.transactionIdCharsMax) {
        return refuse('invalid_request', 'a transactional id is not empty, and not too long')
      }
      if (timeoutMs <= 0 || timeoutMs > limits.transactionMsMax) {
        const reason = `a transaction lasts 1 to ${limits.transactionMsMax} ms`
        return refuse('invalid_transaction_timeout', reason)
      }
      return begin(parts, { ...order, transactionalId })
    },
    async addToTransaction(order) {
      const places = order.partitions.map((ref) => ({
        ref,
        found: findPartition(topics, order.workspace, ref),
      }))
      const isWhole = places.every(({ found }) => found.ok)
      const all = places.flatMap(({ found }) => (found.ok ? [found.value] : []))
      const done = isWhole ? await add(order, all, []) : refuse('not_attempted')
      return places.map(({ ref: { topic, index }, found }) => {
        if (!found.ok) return { topic, index, refusal: found.refusal }
        return done.ok ? { topic, index } : { topic, index, refusal: done.refusal }
      })
    },
    addGroupToTransaction: (order) => add(order, [groups.ledger.partition], [order.group]),
    async commitOffsetsWithin(order) {
      const found = standing(order)
      const refuseAll = (refusal: BrokerRefusal) =>
        order.offsets.map(({ topic, index }) => ({ topic, index, refusal }))
      if (!found.ok) return refuseAll(found.refusal)
      const { known } = found.value
      const isOpen = known.state === 'open' && known.groups.has(order.group)
      if (!isOpen) return refuseAll({ code: 'invalid_transaction_state' })
      return groups.commitWithin(order.producer, order)
    },
    async endTransaction(order) {
      const found = standing(order)
      if (!found.ok) return found
      const held = found.value
      if (held.isBusy) return refuse('concurrent_transactions')
      const decided = decideEnding(held.known, order.commit)
      if (decided.kind === 'refused') return refused(decided.refusal)
      if (decided.kind === 'done') return ok(undefined)
      return keeper.end(held, { commit: order.commit, fence: false })
    },
    listTransactions: async ({ workspace }) => viewsOf(parts, workspace),
  }
}

async function begin(
  parts: TransactionParts,
  order: Parameters<TransactionCalls['initProducer']>[0] & { readonly transactionalId: string },
): Promise<Begun> {
  const { keeper, ids } = parts
  const { workspace, transactionalId, timeoutMs, producer } = order
  const held = keeper.find(workspace, transactionalId)
  if (held?.isBusy) return refuse('concurrent_transactions')
  const decided = decideBeginning(held?.known, producer)
  if (decided.kind === 'refused') return refused(decided.refusal)
  if (held === undefined || decided.kind === 'new') {
    if (keeper.count(workspace) >= limits.transactionIdsPerWorkspaceMax) {
      const reason = `at most ${limits.transactionIdsPerWorkspaceMax} transactional ids`
      return refuse('policy', reason)
    }
    const taken = await ids.take()
    if (!taken.ok) return taken
    // Another one may have begun meanwhile: then this one comes after it.
    if (keeper.find(workspace, transactionalId)) return refuse('concurrent_transactions')
    const first = { id: taken.value, epoch: 0 }
    const made = await keeper.create(workspace, transactionalId, newTransaction(first, timeoutMs))
    return made.ok ? ok(first) : made
  }
  if (decided.kind === 'again') return ok(held.known.producer)
  if (decided.kind === 'abort_first') {
    const aborted = await keeper.end(held, { commit: false, fence: true })
    if (!aborted.ok) return aborted
  }
  const spent = isSpent(held.known) ? await ids.take() : undefined
  if (spent?.ok === false) return spent
  const next = bumped(held.known, {
    timeoutMs,
    ...(spent && { id: spent.value }),
    ...(producer && { before: producer }),
  })
  const changed = await keeper.change(held, next)
  return changed.ok ? ok(next.producer) : changed
}

function viewsOf({ topics, keeper, clock }: TransactionParts, workspace: string) {
  const places = new Map<number, PartitionRef>()
  for (const { name: topic, partitions } of topicsOf(topics, workspace)) {
    for (const [index, partition] of partitions.entries()) places.set(partition, { topic, index })
  }
  const own = keeper.all().filter((held) => held.workspace === workspace)
  return own.map(({ id, known }): TransactionView => {
    const { producer, state, commit, timeoutMs, partitions } = known
    const sinceMs = (state === 'open' || state === 'ending' ? known.sinceMs : undefined) ?? -1
    const openMs = sinceMs < 0 ? 0 : Math.max(0, clock.now() - sinceMs)
    const there = [...partitions].flatMap((partition) => places.get(partition) ?? [])
    const where = { transactionalId: id, producer, partitions: there }
    return { ...where, state, commit, timeoutMs, sinceMs, openMs }
  })
}

/**
 * Whether a batch is part of a transaction that is open for its id and epoch, with its partition added
 * before (KIP-890, part 1): a batch that comes late must not begin a transaction that nobody ends.
 */
export function transactionalCheck(topics: Topics, keeper: Keeper): CheckTransactional {
  return ({ workspace, transactionalId }, { transactional, ...producer }, place) => {
    if (!transactional) {
      // Of another program, then: whoever has the number would not be heard there any more.
      const reason = 'the producer belongs to a transactional id'
      return keeper.owns(producer.id) ? { code: 'invalid_transaction_state', reason } : undefined
    }
    if (transactionalId === undefined) {
      return { code: 'invalid_transaction_state', reason: 'no transactional id was given' }
    }
    const held = keeper.find(workspace, transactionalId)
    const fault = producerFault(held?.known, producer)
    if (fault?.code === 'producer_fenced') return { code: 'stale_producer_epoch' }
    if (held === undefined || fault !== undefined) return fault
    const found = findPartition(topics, workspace, place)
    const { state, partitions } = held.known
    const isOpen = state === 'open' && found.ok && partitions.has(found.value)
    const reason = 'no transaction is open that the partition was added to'
    return isOpen ? undefined : { code: 'invalid_transaction_state', reason }
  }
}
