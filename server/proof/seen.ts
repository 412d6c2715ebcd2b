import type { SentText } from '@fermata/testkit/powercut/answers'

/** Something that a client was shown, and must therefore never be taken back. */
export type Fact =
  | {
      readonly kind: 'message'
      readonly id: string
      readonly conversation: string
      readonly number: number
      readonly client: string
      readonly text: string
    }
  | { readonly kind: 'event'; readonly position: number; readonly type: string }
  /** The feed had at least this many positions. */
  | { readonly kind: 'head'; readonly position: number }
  /** A thing with this id existed: a conversation, a contact, an app, an inbox. */
  | { readonly kind: 'thing'; readonly id: string }
  /** A secret that is kept under seal. */
  | { readonly kind: 'secret'; readonly text: string }

type Json = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const thing = /^(?:cnv|ctc|app|ibx|mbr)_[0-9a-z]{26}$/

/** Everything that a text told whoever read it. */
export function factsIn({ text }: Pick<SentText, 'text'>): Fact[] {
  const facts: Fact[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) visit(one)
    if (!isObject(value)) return
    const { id, position, type, client, number, secret } = value
    if (typeof secret === 'string') facts.push({ kind: 'secret', text: secret })
    if (typeof id === 'string' && typeof client === 'string' && typeof number === 'number') {
      const { conversation, text: said } = value
      facts.push({
        kind: 'message',
        id,
        client,
        number,
        conversation: String(conversation),
        text: String(said),
      })
    } else if (typeof id === 'string' && thing.test(id)) {
      facts.push({ kind: 'thing', id })
    }
    if (typeof position === 'number') {
      const isEvent = typeof type === 'string' && 'actor' in value
      facts.push(isEvent ? { kind: 'event', position, type } : { kind: 'head', position })
    }
    for (const part of Object.values(value)) visit(part)
  }
  visit(JSON.parse(text))
  return facts
}
