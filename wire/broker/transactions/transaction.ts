import { limits } from '@fermata/base/limits'
import type { PartitionId } from '../../log/store.ts'
import type { BrokerRefusal } from '../refusals.ts'
import type { ProducerRef } from './port.ts'

// The transactions of one transactional id, one after the other (KIP-98, KIP-360, KIP-890 part 1), as
// values: the rules say what comes next, and whoever keeps them writes it down first.
//
//   empty, ended -> open       a partition or a group is added
//   open -> ending             its end is decided and written down; from here on there is no way back
//   ending -> ended            the markers lie in all partitions

/** Where a transactional id stands. */
export interface Transaction {
  readonly producer: ProducerRef
  /** What its producer was before, who may ask again for an answer that it has not heard. */
  readonly before: ProducerRef | undefined
  readonly timeoutMs: number
  readonly state: 'empty' | 'open' | 'ending' | 'ended'
  /** Of `ending` and `ended`: how. */
  readonly commit: boolean
  readonly partitions: ReadonlySet<PartitionId>
  readonly groups: ReadonlySet<string>
  /** Of `open` and `ending`: when it was begun, in milliseconds since 1970. */
  readonly sinceMs?: number
}

/** After this epoch a producer gets another number: markers by which it is fenced need one more. */
const epochMax = 2 ** 15 - 2

/** What a producer is to be told that begins, or begins anew. */
export type Beginning =
  | { readonly kind: 'new' }
  | { readonly kind: 'abort_first' }
  | { readonly kind: 'bump' }
  /** It has been told, and did not hear it. */
  | { readonly kind: 'again' }
  | { readonly kind: 'refused'; readonly refusal: BrokerRefusal }

/** Decides on a producer that begins with an id. */
export function decideBeginning(
  known: Transaction | undefined,
  said: ProducerRef | undefined,
): Beginning {
  if (known === undefined) return { kind: 'new' }
  const { producer, before, state } = known
  if (said !== undefined && !isSame(said, producer)) {
    const isAgain = before !== undefined && isSame(said, before)
    return isAgain ? { kind: 'again' } : refused('producer_fenced')
  }
  if (state === 'ending') return refused('concurrent_transactions')
  return { kind: state === 'open' ? 'abort_first' : 'bump' }
}

function refused(code: BrokerRefusal['code']): Beginning {
  return { kind: 'refused', refusal: { code } }
}

function isSame(a: ProducerRef, b: ProducerRef): boolean {
  return a.id === b.id && a.epoch === b.epoch
}

/** An id of which nothing is known yet. */
export function newTransaction(producer: ProducerRef, timeoutMs: number): Transaction {
  return {
    producer,
    before: undefined,
    timeoutMs,
    state: 'empty',
    commit: false,
    partitions: new Set(),
    groups: new Set(),
  }
}

/** Whether a producer's epochs are used up. */
export function isSpent({ producer }: Transaction): boolean {
  return producer.epoch >= epochMax
}

/**
 * The same id with the next epoch, which fences whoever has this one. `before` is what a producer has said it was that
 * goes on; of one that begins anew the last one must not be told, or it would come back with the same epoch.
 */
export function bumped(
  known: Transaction,
  changes: {
    readonly timeoutMs?: number
    readonly id?: number
    readonly before?: ProducerRef
  } = {},
): Transaction {
  const { timeoutMs = known.timeoutMs, id = known.producer.id, before } = changes
  const epoch = id === known.producer.id ? known.producer.epoch + 1 : 0
  return { ...newTransaction({ id, epoch }, timeoutMs), before }
}

/** Why somebody does not speak for a transaction; undefined where it does. */
export function producerFault(
  known: Transaction | undefined,
  said: ProducerRef,
): BrokerRefusal | undefined {
  if (known === undefined || known.producer.id !== said.id) return { code: 'unknown_producer' }
  return known.producer.epoch === said.epoch ? undefined : { code: 'producer_fenced' }
}

/** Why a transaction takes nothing more to write to. */
export function additionFault(
  known: Transaction,
  partitions: number,
  groups: readonly string[],
): BrokerRefusal | undefined {
  if (known.state === 'ending') return { code: 'concurrent_transactions' }
  if (groups.some((group) => group.length > limits.groupIdCharsMax))
    return { code: 'invalid_group' }
  const isOpen = known.state === 'open'
  if ((isOpen ? known.groups.size : 0) + groups.length > limits.transactionGroupsMax) {
    const reason = `a transaction commits offsets of at most ${limits.transactionGroupsMax} groups`
    return { code: 'policy', reason }
  }
  const held = isOpen ? known.partitions.size : 0
  if (held + partitions <= limits.transactionPartitionsMax) return undefined
  const reason = `a transaction writes to at most ${limits.transactionPartitionsMax} partitions`
  return { code: 'policy', reason }
}

/** The transaction, begun if it was not, with more to write to. */
export function added(
  known: Transaction,
  partitions: readonly PartitionId[],
  groups: readonly string[],
  nowMs: number,
): Transaction {
  const isOpen = known.state === 'open'
  return {
    ...known,
    sinceMs: isOpen ? (known.sinceMs ?? nowMs) : nowMs,
    state: 'open',
    commit: false,
    partitions: new Set([...(isOpen ? known.partitions : []), ...partitions]),
    groups: new Set([...(isOpen ? known.groups : []), ...groups]),
  }
}

/** What is to be done about a transaction that is to end. */
export type Ending =
  | { readonly kind: 'end' }
  /** It has ended so already. */
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly refusal: BrokerRefusal }

/** Decides on the end of a transaction. */
export function decideEnding(known: Transaction, commit: boolean): Ending {
  switch (known.state) {
    case 'open':
      return { kind: 'end' }
    case 'ending':
      return {
        kind: 'refused',
        refusal: {
          code: known.commit === commit ? 'concurrent_transactions' : 'invalid_transaction_state',
        },
      }
    case 'ended':
      if (known.commit === commit) return { kind: 'done' }
      break
    case 'empty':
      break
  }
  return { kind: 'refused', refusal: { code: 'invalid_transaction_state' } }
}

/** The transaction whose end is decided. */
export function ending(known: Transaction, commit: boolean): Transaction {
  return { ...known, state: 'ending', commit }
}

/** The transaction that has ended. */
export function ended(known: Transaction): Transaction {
  return { ...known, state: 'ended', partitions: new Set(), groups: new Set() }
}
