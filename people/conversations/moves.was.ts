import { present } from '@fermata/base/assert'
import type { LeaseTable } from '../leases/index.ts'
import type { Stretch, Which } from './moves.layout.ts'
import { recordOf, type ConversationRecord } from './record.ts'
import type { ConversationTable, ParticipantTable } from './tables.ts'

/** What there was of the two conversations of a move at a moment; null where there was none. */
export interface Moment {
  readonly rows: Readonly<Record<Which, ConversationTable | null>>
  readonly owns: Readonly<Record<Which, readonly ParticipantTable[]>>
}

/** What a move keeps so that it can be taken back. */
export interface Was {
  readonly before: Moment
  readonly after: Moment
  /** The lease of a source that was merged; null when there was none. */
  readonly lease: LeaseTable | null
  /** Which messages of the source went, by their numbers before. */
  readonly went: readonly Stretch[]
}

/** As JSON text; bytes become `{ hex }`. */
export function wasText(was: Was): string {
  return JSON.stringify(was, (_, value: unknown) =>
    value instanceof Uint8Array ? { hex: Buffer.from(value).toString('hex') } : value,
  )
}

function isBytes(value: unknown): value is { readonly hex: string } {
  return typeof value === 'object' && value !== null && 'hex' in value
}

/** What `wasText` wrote. */
export function wasOf(text: string): Was {
  return JSON.parse(text, (_, value: unknown) =>
    isBytes(value) ? new Uint8Array(Buffer.from(value.hex, 'hex')) : value,
  ) as Was
}

/** One of the two at a moment at which it was there. */
export function recordIn(moment: Moment, which: Which): ConversationRecord {
  return recordOf(present(moment.rows[which], 'a conversation of a move'))
}
