import type { Finding, PartitionReport, VerifyReport } from './verify.findings.ts'

/** What a look at a log has found, as lines to be read: losses first. */
export function verifyText(report: VerifyReport): string {
  const { partitions, journal, quarantined, findings } = report
  const lines = partitions.flatMap(partitionLines)
  lines.push(
    `checkpoint ${report.checkpoint ?? 'none'}; journal: ${journal.frames} frames of ${journal.bytes} bytes to replay`,
    ...quarantined.map(({ file, bytes }) => `set aside: ${file}, ${bytes} bytes`),
    ...findings.toSorted((a, b) => Number(b.isLoss) - Number(a.isLoss)).map(lineOf),
  )
  const losses = findings.filter(({ isLoss }) => isLoss).length
  const others = findings.length - losses
  lines.push(
    losses === 0
      ? `nothing is lost${others > 0 ? `; ${others} things are worth knowing` : ''}`
      : `${losses} places where records are or may be lost`,
  )
  return `${lines.join('\n')}\n`
}

function partitionLines(one: PartitionReport): string[] {
  const parts = [
    `${one.partition} ${one.name}: offsets ${one.start} to ${one.end - 1}`,
    `${one.records} records in ${one.batches} batches`,
    `${one.bytes} bytes in ${one.segments} segments`,
  ]
  if (one.journalBatches > 0) parts.push(`${one.journalBatches} batches in the journal alone`)
  if (one.openTransactions > 0) parts.push(`${one.openTransactions} transactions open`)
  const gaps = one.gaps.map(({ from, to, reason }) => `  gap ${from} to ${to - 1}: ${reason}`)
  return [parts.join(', '), ...gaps]
}

function lineOf({ kind, file, position, what, isLoss }: Finding): string {
  return `${isLoss ? 'LOSS' : 'note'} ${kind} ${file} at ${position}: ${what}`
}
