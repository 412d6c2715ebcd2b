import type { AuditEntry } from '@fermata/contract/audit.schema'

/** The fields that have a name of their own on the screen. */
export const auditFields = [
  'name',
  'role',
  'team',
  'member',
  'purpose',
  'visibility',
  'medium',
  'greeting',
  'origins',
  'scopes',
  'permissions',
  'words',
  'answerMinutes.low',
  'answerMinutes.normal',
  'answerMinutes.high',
  'answerMinutes.urgent',
] as const

/** One of them. */
export type AuditField = (typeof auditFields)[number]

const known: ReadonlySet<string> = new Set(auditFields)

/** Whether the field has a name on the screen; others are shown as they are called in the API. */
export function isAuditField(field: string): field is AuditField {
  return known.has(field)
}

/** A change with ids replaced by the names of what they stand for, as far as those are known, and gaps by dashes. */
export function changeInWords(
  { field, from, to }: AuditEntry['changes'][number],
  names: Readonly<Record<string, { readonly name: string } | undefined>>,
): { readonly field: string; readonly from: string; readonly to: string } {
  const worded = (value: string): string => names[value]?.name ?? (value === '' ? '–' : value)
  return { field, from: worded(from), to: worded(to) }
}
