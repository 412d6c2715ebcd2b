import { appendingContract } from './appending.contract.ts'
import { compactionContract } from './compaction.contract.ts'
import { checksOver, type OpenWorld } from './contract.world.ts'
import { idempotenceContract } from './idempotence.contract.ts'
import { partitionsContract } from './partitions.contract.ts'
import { randomContract } from './random.contract.ts'
import { readingContract } from './reading.contract.ts'
import { retentionContract } from './retention.contract.ts'
import { transactionsContract } from './transactions.contract.ts'

/** Declares the tests that every log must pass. They speak the port alone. */
export function contractOf(title: string, open: OpenWorld): void {
  const check = checksOver(title, open)
  partitionsContract(check)
  appendingContract(check)
  readingContract(check)
  idempotenceContract(check)
  transactionsContract(check)
  retentionContract(check)
  compactionContract(check)
  randomContract(check)
}
