import { Type, type Static } from 'typebox'
import { limits } from '@fermata/base/limits'
import { fileView } from './files.schema.ts'
import { actorId, clientId, closed, id, line, nullable, oneOf, time } from './shapes.schema.ts'
import { leaseView } from './leases.schema.ts'
import { messageKinds, statuses, turns, urgencies } from './words.ts'

const subject = Type.String({ maxLength: limits.subjectCharsMax, pattern: line })
const reason = Type.String({ maxLength: limits.reasonCharsMax, pattern: line })
/** Labels by their ids. */
const labels = Type.Array(id('lbl'), {
  maxItems: limits.labelsPerConversationMax,
  uniqueItems: true,
})

/** Who said something. The name is the one they had then. */
export const author = closed({
  kind: oneOf(['member', 'contact', 'app'] as const),
  id: actorId,
  name: Type.String({ maxLength: limits.nameCharsMax }),
})
export type Author = Static<typeof author>

/** Somebody said "later". `by` is null when the viewer may not know who. */
export const pause = closed({
  by: nullable(actorId),
  side: oneOf(['ours', 'theirs'] as const),
  at: time,
  /** When it ends by itself; null means when somebody ends it. */
  until: nullable(time),
  reason,
})
export type Pause = Static<typeof pause>

export const preview = closed({
  kind: oneOf(messageKinds),
  author,
  /** The first line, cut; empty once the message is deleted. */
  text: Type.String({ maxLength: limits.previewCharsMax + 1 }),
  deleted: Type.Boolean(),
})

/**
 * A conversation as a list shows it. A contact gets the same shape with what contacts may know: numbers
 * count replies only, `labels` is empty, a pause of ours is not told, `preview` is never a note, and who
 * holds it is not told.
 */
export const conversationRow = closed({
  id: id('cnv'),
  inbox: id('ibx'),
  contact: id('ctc'),
  subject,
  status: oneOf(statuses),
  turn: oneOf(turns),
  /** Since when it has been somebody's turn. */
  turnSince: time,
  /** By when our answer is owed. Null when it is not our turn or nothing was promised. */
  due: nullable(time),
  urgency: oneOf(urgencies),
  labels,
  lastNumber: Type.Integer({ minimum: 0 }),
  lastAt: time,
  preview: nullable(preview),
  pause: nullable(pause),
  resolution: nullable(closed({ by: nullable(actorId), at: time })),
  /** Who holds it; null while it is free. */
  lease: nullable(leaseView),
  /** How often it has been held: grows with each new lease and each answer. 0 to a contact. */
  token: Type.Integer({ minimum: 0 }),
  createdAt: time,
})
export type ConversationRow = Static<typeof conversationRow>

/** My own state of a conversation, beside the team's. */
export const mineView = closed({
  conversation: id('cnv'),
  /** Up to which number I have read. */
  cursor: Type.Integer({ minimum: 0 }),
  /** What I have read beyond it, where two conversations became one; absent where there is nothing. */
  beyond: Type.Optional(
    Type.Array(closed({ from: Type.Integer({ minimum: 1 }), to: Type.Integer({ minimum: 1 }) })),
  ),
  /** I archived it when this was the last number; it comes back with the next one. */
  archivedNumber: nullable(Type.Integer({ minimum: 0 })),
  snoozedUntil: nullable(time),
})
export type MineView = Static<typeof mineView>

export const messageView = closed({
  id: id('msg'),
  conversation: id('cnv'),
  number: Type.Integer({ minimum: 1 }),
  kind: oneOf(messageKinds),
  author,
  /** Markdown; empty once deleted. */
  text: Type.String({ maxLength: limits.messageTextCharsMax }),
  at: time,
  /** How often it was edited. */
  revision: Type.Integer({ minimum: 0 }),
  editedAt: nullable(time),
  deletedAt: nullable(time),
  /** The files that it carries; none once deleted. */
  files: Type.Array(fileView),
  /** It was small talk and woke nobody; never told to a contact. */
  smallTalk: Type.Boolean(),
  /** The id that the sender's client gave it. */
  client: clientId,
})
export type MessageView = Static<typeof messageView>

/** A former text of an edited message. */
export const editView = closed({
  revision: Type.Integer({ minimum: 0 }),
  text: Type.String(),
  /** Until when it read so. */
  until: time,
})
export type EditView = Static<typeof editView>

export const participantView = closed({ actor: actorId, at: time })
export type ParticipantView = Static<typeof participantView>

const text = Type.String({
  minLength: 1,
  maxLength: limits.messageTextCharsMax,
  // PostgreSQL holds no NUL, and nobody can read one.
  pattern: String.raw`^[^\u0000]*[^\s\u0000][^\u0000]*$`,
})
export const messageBody = closed({
  client: clientId,
  kind: Type.Optional(oneOf(messageKinds)),
  /**
   * The `token` of the conversation as a member's or an app's reply knows it: the reply is refused when
   * somebody has held it since. Without it, a reply is refused only while somebody else holds it.
   */
  token: Type.Optional(Type.Integer({ minimum: 0 })),
  /** Markdown; may be empty where there are files. */
  text: Type.String({ maxLength: limits.messageTextCharsMax, pattern: String.raw`^[^\u0000]*$` }),
  /** The prepared replies that it was made of; the use of each is counted once. */
  prepared: Type.Optional(
    Type.Array(id('rpl'), { maxItems: limits.repliesPerMessageMax, uniqueItems: true }),
  ),
  /** Files of the sender's that have come as a whole and that no message carries yet. */
  files: Type.Optional(
    Type.Array(id('fil'), { maxItems: limits.filesPerMessageMax, uniqueItems: true }),
  ),
})
export type MessageBody = Static<typeof messageBody>

export const conversationBody = closed({
  inbox: id('ibx'),
  /** For members and apps: whom it is with. A contact starts its own. */
  contact: Type.Optional(id('ctc')),
  subject: Type.Optional(subject),
  message: messageBody,
})
export const conversationPatch = Type.Partial(
  closed({ subject, urgency: oneOf(urgencies), labels }),
  { additionalProperties: false, minProperties: 1 },
)
export const pauseBody = closed({
  until: Type.Optional(nullable(time)),
  reason: Type.Optional(reason),
})
export const turnBody = closed({ turn: oneOf(['ours', 'theirs'] as const) })
export const cursorBody = closed({ number: Type.Integer({ minimum: 0 }) })
export const snoozeBody = closed({ until: time })
export const editBody = closed({ text })
export const typingBody = closed({ kind: oneOf(messageKinds) })
