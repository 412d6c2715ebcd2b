import type { AuditEntry } from '@fermata/contract/audit.schema'

const columns = [
  'time',
  'actor',
  'actor name',
  'address',
  'client',
  'action',
  'target',
  'target name',
  'changes',
] as const

/**
 * A value as a field (RFC 4180 section 2). What a spreadsheet would take for a formula is put behind an
 * apostrophe: names are other people's words.
 */
function field(value: string): string {
  const plain = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}

/** Entries as a table that every program reads: the newest first, times in UTC. */
export function auditCsv(entries: readonly AuditEntry[]): string {
  const rows = entries.map((entry) => [
    Temporal.Instant.fromEpochMilliseconds(entry.at).toString(),
    entry.actor ?? '',
    entry.actorName,
    entry.address,
    entry.agent,
    entry.action,
    entry.target ?? '',
    entry.targetName,
    entry.changes.map((change) => `${change.field}: ${change.from} → ${change.to}`).join('; '),
  ])
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('')
}
