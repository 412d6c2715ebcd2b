/** The states of a conversation. */
export const statuses = ['open', 'paused', 'resolved'] as const
export type Status = (typeof statuses)[number]

/** Whose answer is awaited. */
export const turns = ['ours', 'theirs', 'nobody'] as const
export type Turn = (typeof turns)[number]

/** The two sides of a conversation with a customer. */
export type Side = 'ours' | 'theirs'

export const urgencies = ['low', 'normal', 'high', 'urgent'] as const
export type Urgency = (typeof urgencies)[number]

/** A reply is for everybody who takes part; a note is never shown to a contact. */
export const messageKinds = ['reply', 'note'] as const
export type MessageKind = (typeof messageKinds)[number]

/**
 * The lists of an inbox. `myTurn` is what I hold and what nobody holds of my teams' work, `free` what
 * nobody holds, `ours` all that waits for an answer of ours.
 */
export const lists = ['myTurn', 'free', 'ours', 'paused', 'resolved', 'all'] as const
export type List = (typeof lists)[number]

/** Who sees a channel: every member but guests, or its members alone. */
export const visibilities = ['public', 'private'] as const
export type Visibility = (typeof visibilities)[number]

/** Why a lease began: by hand, as the next, by an answer, or because somebody handed it over. */
export const leaseBegins = ['taken', 'next', 'answer', 'handed'] as const
export type LeaseBegin = (typeof leaseBegins)[number]

/**
 * Why a lease ended. `withdrawn`: its holder may not act here any more; `merged`: what they held became part
 * of another.
 */
export const leaseEnds = [
  'answered',
  'resolved',
  'handed',
  'released',
  'passed',
  'expired',
  'withdrawn',
  'merged',
] as const
export type LeaseEnd = (typeof leaseEnds)[number]

/** What becomes of a message that is to be sent later. `removed`: its sender gave it up. */
export const scheduledStates = ['waiting', 'stopped', 'sent', 'removed'] as const
export type ScheduledState = (typeof scheduledStates)[number]

/**
 * Why a message is not sent at its time: cancelled, they answered first, somebody else holds the conversation,
 * it was resolved, its sender may not write there any more, its time was too long ago, or something else.
 */
export const scheduledStops = [
  'cancelled',
  'answered',
  'held',
  'resolved',
  'sender',
  'late',
  'refused',
] as const
export type ScheduledStop = (typeof scheduledStops)[number]

/** In whose time zone a time is said. */
export const zoneSides = ['sender', 'receiver'] as const

/** How messages change their conversation: all of them into another, or some of them into a new one. */
export const moveKinds = ['merge', 'split'] as const
export type MoveKind = (typeof moveKinds)[number]

/** The kinds of addresses at which a contact is reached. */
export const addressKinds = ['email', 'phone'] as const
export type AddressKind = (typeof addressKinds)[number]
