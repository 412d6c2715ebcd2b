import { Type, type Static } from 'typebox'
import { idPattern, type AppId, type MemberId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { clientId, closed, line, nullable, oneOf, time } from './shapes.schema.ts'
import { leaseBegins, leaseEnds } from './words.ts'

/** The id of whoever may hold a lease. */
const holderId = Type.Unsafe<MemberId | AppId>(
  Type.String({ pattern: idPattern('mbr', 'app'), maxLength: 30 }),
)

/** Who holds a lease, by the name that they had when they took it. */
const holder = closed({
  kind: oneOf(['member', 'app'] as const),
  id: holderId,
  name: Type.String({ maxLength: limits.nameCharsMax }),
})

/** Somebody holds the right to answer. */
export const leaseView = closed({
  holder,
  since: time,
  /** It ends by itself then; what its holder does moves it on. */
  until: time,
  /** What whoever handed it over wants its holder to know. */
  note: nullable(closed({ by: holder, text: Type.String() })),
})
export type LeaseView = Static<typeof leaseView>

/** Somebody's time with a lease. */
export const holdingView = closed({
  token: Type.Integer({ minimum: 1 }),
  holder,
  began: closed({ at: time, why: oneOf(leaseBegins), by: holderId, note: Type.String() }),
  /** Null while it lasts. `by` is null when it ended by its time. */
  ended: nullable(
    closed({ at: time, why: oneOf(leaseEnds), by: nullable(holderId), reason: Type.String() }),
  ),
})
export type HoldingView = Static<typeof holdingView>

/** How long the lease lasts from the last act of its holder; `leaseMsDefault` when absent. */
const ms = Type.Integer({ minimum: limits.leaseMsMin, maximum: limits.leaseMsMax })

const text = Type.String({
  maxLength: limits.handOverCharsMax,
  pattern: String.raw`^[^\u0000]*$`,
})

export const leaseBody = Type.Partial(closed({ ms }), { additionalProperties: false })
export const handBody = closed({
  holder: holderId,
  note: Type.Optional(text),
  ms: Type.Optional(ms),
})
export const passBody = closed({
  reason: Type.String({ minLength: 1, maxLength: limits.reasonCharsMax, pattern: line }),
})
export const nextBody = Type.Partial(
  closed({
    /** The client's own id of this request: repeated, it answers with what it took, while that is held. */
    client: clientId,
    ms,
    /** How long to wait for something to do, when there is nothing. */
    waitMs: Type.Integer({ minimum: 0, maximum: limits.nextWaitMsMax }),
  }),
  { additionalProperties: false },
)

/** What an event says of a lease's end or beginning; who wrote what is in no event. */
export const leaseTaken = closed({ holder: holderId, why: oneOf(leaseBegins) })
export const leaseEnded = closed({ holder: holderId, why: oneOf(leaseEnds) })
