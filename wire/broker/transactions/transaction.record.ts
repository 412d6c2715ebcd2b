import type { LedgerEntry } from '../ledger.ts'
import type { Transaction } from './transaction.ts'

/** What is written down of a transactional id. */
export function transactionEntry(
  workspace: string,
  id: string,
  known: Transaction | undefined,
  atMs: number,
): LedgerEntry {
  const key = ['transaction', workspace, id]
  if (known === undefined) return { key, value: undefined }
  const { partitions, groups, ...rest } = known
  return { key, value: { ...rest, partitions: [...partitions], groups: [...groups], atMs } }
}

/** What was written down of one, and when. */
export function transactionOf(value: unknown): {
  readonly known: Transaction
  readonly atMs: number
} {
  const { atMs, partitions, groups, ...rest } = value as Omit<
    Transaction,
    'partitions' | 'groups' | 'before'
  > & {
    readonly atMs: number
    readonly partitions: readonly number[]
    readonly groups: readonly string[]
    readonly before?: Transaction['producer']
  }
  const { before } = rest
  return {
    known: { ...rest, before, partitions: new Set(partitions), groups: new Set(groups) },
    atMs,
  }
}
