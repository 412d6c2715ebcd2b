import type { MessageView } from '@fermata/contract/conversations.schema'
import type { Pending } from '@fermata/sdk/store'
import { dayNumber } from './times.ts'

/** A line of the log of a conversation. */
export type Line =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | {
      readonly kind: 'message'
      readonly key: string
      readonly said: {
        readonly message: MessageView
        /** First and last of what one author said in one go. */
        readonly first: boolean
        readonly last: boolean
      }
    }
  | {
      readonly kind: 'pending'
      readonly key: string
      readonly said: { readonly pending: Pending; readonly first: boolean }
    }

/** Messages of one author that come within this time of each other stand together. */
const togetherMs = 5 * 60_000

interface Spoken {
  readonly by: string
  readonly at: number
}

function together(a: Spoken | undefined, b: Spoken | undefined, zone: string): boolean {
  if (a === undefined || b === undefined || a.by !== b.by) return false
  return b.at - a.at < togetherMs && dayNumber(a.at, zone) === dayNumber(b.at, zone)
}

const spoken = (message: MessageView): Spoken => ({
  by: message.author.kind === 'contact' ? 'me' : message.author.id,
  at: message.at,
})

/**
 * The lines of a log: messages, then what still waits, with a line for every day that begins. The keys
 * are the senders' own ids, so that a message that arrives takes the place of the one that waited.
 */
export function linesOf(
  messages: readonly MessageView[],
  pending: readonly Pending[],
  zone: string,
): readonly Line[] {
  const lines: Line[] = []
  let before: Spoken | undefined
  const day = (at: number): void => {
    if (before !== undefined && dayNumber(before.at, zone) === dayNumber(at, zone)) return
    lines.push({ kind: 'day', key: `day ${dayNumber(at, zone)}`, at })
  }
  for (const [i, message] of messages.entries()) {
    const said = spoken(message)
    const after = messages[i + 1]
    const next = after === undefined ? undefined : spoken(after)
    day(said.at)
    lines.push({
      kind: 'message',
      key: message.client,
      said: {
        message,
        first: !together(before, said, zone),
        last: !together(said, next, zone),
      },
    })
    before = said
  }
  for (const one of pending) {
    // A clock that went back does not put what is written now above what was said before.
    const said = { by: 'me', at: Math.max(one.entry.at, before?.at ?? 0) }
    day(said.at)
    const first = !together(before, said, zone)
    lines.push({ kind: 'pending', key: one.entry.id, said: { pending: one, first } })
    before = said
  }
  return lines
}
