import { Type, type Static } from 'typebox'
import { limits } from '@fermata/base/limits'
import { closed, id, name, nullable, oneOf, time } from './shapes.schema.ts'
import type { urgencies } from './words.ts'

const minutes = nullable(Type.Integer({ minimum: 1, maximum: limits.answerMinutesMax }))

/** By when an answer is owed, in minutes from the start of the turn; null promises nothing. */
export const answerMinutes = closed({
  low: minutes,
  normal: minutes,
  high: minutes,
  urgent: minutes,
} satisfies Record<(typeof urgencies)[number], typeof minutes>)
export type AnswerMinutes = Static<typeof answerMinutes>

const origins = Type.Array(
  Type.String({
    maxLength: limits.originCharsMax,
    pattern: String.raw`^https?://[a-z0-9.-]+(:[0-9]{1,5})?$`,
  }),
  { maxItems: limits.originsPerInboxMax, uniqueItems: true },
)
const greeting = Type.String({
  maxLength: limits.greetingCharsMax,
  pattern: String.raw`^[^\u0000]*$`,
})

export const inboxView = closed({
  id: id('ibx'),
  name,
  medium: oneOf(['widget', 'api'] as const),
  /** The team that sees it; null for every member. */
  team: nullable(id('tea')),
  /** The public key that stands in the widget's snippet. */
  key: Type.String({ minLength: 8, maxLength: 40 }),
  greeting,
  /** The web origins whose pages may show its widget. */
  origins,
  answerMinutes,
  createdAt: time,
})
export type InboxView = Static<typeof inboxView>

export const inboxBody = closed({
  name,
  medium: oneOf(['widget', 'api'] as const),
  team: Type.Optional(nullable(id('tea'))),
  greeting: Type.Optional(greeting),
  origins: Type.Optional(origins),
  answerMinutes: Type.Optional(answerMinutes),
})
export const inboxPatch = Type.Partial(
  closed({ name, team: nullable(id('tea')), greeting, origins, answerMinutes }),
  { additionalProperties: false, minProperties: 1 },
)

/** What the widget may know of an inbox before a word is said. */
export const widgetView = closed({
  inbox: id('ibx'),
  workspace: name,
  name,
  greeting,
  /** The answer time for normal urgency, in minutes, or null. */
  answerMinutes: minutes,
})
export type WidgetView = Static<typeof widgetView>
