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

/** The lists of an inbox. */
export const lists = ['ours', 'paused', 'resolved', 'all'] as const
export type List = (typeof lists)[number]
