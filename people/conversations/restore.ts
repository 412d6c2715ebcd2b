import type { EventBody, EventType } from '@fermata/contract/events.schema'
import type { Conversation, Decision, Happening, PauseRecord } from './conversation.ts'

function told<T extends EventType>(type: T, body: EventBody<T>, contacts: boolean): Happening {
  return { type, body, contacts }
}

/** A pause whose time has come meanwhile is over. */
function going(pause: PauseRecord | null, now: number): PauseRecord | null {
  return pause === null || (pause.until !== null && pause.until <= now) ? null : pause
}

/** The fields that a reader must be told of. */
function changed(
  before: Conversation,
  after: Conversation,
): EventBody<'conversation.changed'>['fields'] {
  const fields: EventBody<'conversation.changed'>['fields'] = []
  if (before.urgency !== after.urgency) fields.push('urgency')
  if (JSON.stringify(before.labels) !== JSON.stringify(after.labels)) fields.push('labels')
  return fields
}

/**
 * A conversation put back to a state that it was in before, at a time (ms), when nothing was said in
 * between. Who holds it is not part of it: that may have an end of its own. Pure.
 */
export function restored(state: Conversation, to: Conversation, now: number): Decision {
  const pauses = { ours: going(to.pauses.ours, now), theirs: going(to.pauses.theirs, now) }
  const isPaused = pauses.ours !== null || pauses.theirs !== null
  const status = to.status === 'resolved' ? 'resolved' : isPaused ? 'paused' : 'open'
  const { lease, token } = state
  const next: Conversation = { ...to, status, pauses, lease, token }
  const happenings: Happening[] = []
  const hand = { cause: 'hand' } as const
  if (state.status === 'resolved' && status !== 'resolved') {
    happenings.push(told('conversation.reopened', hand, true))
  } else if (state.status === 'paused' && status === 'open') {
    happenings.push(told('conversation.resumed', hand, state.pauses.theirs !== null))
  }
  for (const side of ['ours', 'theirs'] as const) {
    const pause = pauses[side]
    if (pause === null || JSON.stringify(pause) === JSON.stringify(state.pauses[side])) continue
    const { until } = pause
    happenings.push(told('conversation.paused', { side, until }, side === 'theirs'))
  }
  const fields = changed(state, next)
  if (fields.length > 0) happenings.push(told('conversation.changed', { fields }, false))
  return { state: next, happenings }
}
