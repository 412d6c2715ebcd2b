import { refusal, type Refusal } from './errors.ts'

/** What a prepared reply may name, and whether it may be missing: then the reply says what stands in its place. */
export const replyVariables = {
  'contact.name': { mayLack: true },
  'contact.first_name': { mayLack: true },
  'contact.email': { mayLack: true },
  'agent.name': { mayLack: false },
  'agent.first_name': { mayLack: false },
  'conversation.subject': { mayLack: true },
  'inbox.name': { mayLack: false },
  'workspace.name': { mayLack: false },
} as const satisfies Record<string, { readonly mayLack: boolean }>

/** The name of a variable. */
export type ReplyVariable = keyof typeof replyVariables

/** The names, in order. */
export const replyVariableNames = Object.keys(replyVariables) as ReplyVariable[]

/** What variables stand for; empty or absent where it is not known. */
export type ReplyValues = Readonly<Partial<Record<ReplyVariable, string | null>>>

/** `{{ name }}` or `{{ name | what stands there without }}`, on one line. */
const placeholder = /\{\{([^{}\n|]*)(?:\|([^{}\n]*))?\}\}/g

function isVariable(name: string): name is ReplyVariable {
  return Object.hasOwn(replyVariables, name)
}

/** What is wrong with a reply's text: a variable that there is not, or one without what stands in its place. */
export interface ReplyFault {
  readonly why: 'unknown' | 'mayLack'
  readonly variable: string
}

/** The first thing that is wrong with a reply's text; null when nothing is. */
export function replyFault(body: string): ReplyFault | null {
  for (const [, name = '', fallback] of body.matchAll(placeholder)) {
    const variable = name.trim()
    if (!isVariable(variable)) return { why: 'unknown', variable }
    if (fallback === undefined && replyVariables[variable].mayLack)
      return { why: 'mayLack', variable }
  }
  return null
}

/**
 * Refuses by name a variable that there is not, and one that may be missing without what stands there then;
 * null when a reply's text can be used.
 */
export function refusedReply(body: string): Refusal | null {
  const fault = replyFault(body)
  if (fault === null) return null
  const { why, variable } = fault
  const message =
    why === 'unknown'
      ? `There is no {{${variable}}}.`
      : `{{${variable}}} may be missing: write {{${variable}|something else}}.`
  return refusal('invalid_field', { message, field: 'body.body' })
}

/** The text of a reply with its variables filled in; what a value holds is never filled in again. */
export function filledReply(body: string, values: ReplyValues): string {
  return body.replaceAll(placeholder, (whole, name: string, fallback?: string) => {
    const variable = name.trim()
    if (!isVariable(variable)) return whole
    const value = values[variable]?.trim() ?? ''
    return value === '' ? (fallback?.trim() ?? '') : value
  })
}

/** How somebody is called: the first word of their name. */
export function firstName(name: string | null): string | null {
  return name?.trim().split(/\s+/u)[0] ?? null
}
