import { Type, type Static } from 'typebox'
import { limits } from '@fermata/base/limits'
import { auditActions } from './audit.ts'
import { closed, id, nullable, oneOf, time } from './shapes.schema.ts'

const text = Type.String({ maxLength: limits.agentCharsMax })

/** Something that was done to who may do what, as the audit log keeps it. */
export const auditEntry = closed({
  id: id('aud'),
  at: time,
  /** Who did it, by id; null for Fermata itself and for somebody who is not known. */
  actor: nullable(text),
  /** Their name at that time. */
  actorName: text,
  /** The network address it came from, and what the client called itself; empty for Fermata itself. */
  address: text,
  agent: text,
  action: oneOf(auditActions),
  /** What or whom it was done to, by id, and the name of that at the time. */
  target: nullable(text),
  targetName: text,
  /** What it changed: fields, and their values in words. */
  changes: Type.Array(closed({ field: text, from: text, to: text })),
})
export type AuditEntry = Static<typeof auditEntry>
