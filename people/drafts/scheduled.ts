import { limits } from '@fermata/base/limits'
import type { ScheduledStop } from '@fermata/contract/words'
import type { Time } from './wall.ts'

/** What decides over a message whose timer has run. */
export interface Situation {
  /** What its time was; derived anew from what the wall was to show. */
  readonly time: Pick<Time, 'at'>
  readonly isReply: boolean
  /** It is to be sent only unless the other side answers first. */
  readonly unlessAnswered: boolean
  /** The other side has spoken since it was scheduled. */
  readonly isAnswered: boolean
  /** Its conversation was resolved since it was scheduled. */
  readonly isResolved: boolean
  /** Its sender may write there. */
  readonly maySend: boolean
}

/** What to do with it: send it, wait on until a time (ms), or leave it with its sender. */
export type Verdict =
  | { readonly do: 'send' }
  | { readonly do: 'wait'; readonly until: number }
  | { readonly do: 'stop'; readonly why: ScheduledStop }

/**
 * What becomes of a scheduled message at a time (ms). Pure. A condition counts before lateness, so that
 * whoever was answered reads that and not how late the server was.
 */
export function decide(situation: Situation, now: number): Verdict {
  const { time, isReply } = situation
  if (!situation.maySend) return { do: 'stop', why: 'sender' }
  if (time.at > now) return { do: 'wait', until: time.at }
  if (situation.unlessAnswered && situation.isAnswered) return { do: 'stop', why: 'answered' }
  if (isReply && situation.isResolved) return { do: 'stop', why: 'resolved' }
  if (now - time.at > limits.scheduledLateMsMax) return { do: 'stop', why: 'late' }
  return { do: 'send' }
}
