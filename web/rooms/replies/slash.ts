import type { ReplyView } from '@fermata/contract/replies.schema'

/** A slash in a text, and what was typed behind it: the search for a reply. */
export interface Slash {
  readonly from: number
  readonly query: string
}

/** How much may be typed behind a slash before it is no search any more. */
const slashed = /(?:^|\s)\/((?:[^\s/][^\n/]{0,39})?)$/

/** The search that the caret stands in; null where a slash is only a slash, as in and/or. */
export function slashAt(text: string, caret: number): Slash | null {
  const query = slashed.exec(text.slice(0, caret))?.[1]
  return query === undefined ? null : { from: caret - query.length - 1, query }
}

function plain(text: string): string {
  return text.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '')
}

interface Plain {
  readonly shortcut: string
  readonly title: string
  readonly body: string
}

/** What is searched at each key is made plain once. */
const known = new WeakMap<ReplyView, Plain>()

function plainOf(reply: ReplyView): Plain {
  const { shortcut, title, body } = reply
  const made = known.get(reply) ?? {
    shortcut: plain(shortcut),
    title: plain(title),
    body: plain(body),
  }
  known.set(reply, made)
  return made
}

/** How well a reply fits, the smaller the better; null when it does not. */
function fit(reply: ReplyView, query: string): number | null {
  const { shortcut, title, body } = plainOf(reply)
  if (shortcut !== '' && shortcut === query) return 0
  if (shortcut.startsWith(query)) return 1
  if (title.startsWith(query)) return 2
  const words = query.split(/\s+/)
  if (words.every((word) => title.includes(word) || shortcut.includes(word))) return 3
  return words.every((word) => body.includes(word)) ? 4 : null
}

/** The replies that fit a query, the best first. */
export function matching(
  replies: readonly ReplyView[],
  typed: string,
  max: number,
): readonly ReplyView[] {
  const query = plain(typed.trim())
  return replies
    .flatMap((reply) => {
      const rank = query === '' ? 0 : fit(reply, query)
      return rank === null ? [] : [{ reply, rank }]
    })
    .toSorted((a, b) => a.rank - b.rank || a.reply.title.localeCompare(b.reply.title))
    .slice(0, max)
    .map(({ reply }) => reply)
}

/** The text with words in the place of a slash and its query, and where the caret then stands. */
export function withWords(
  text: string,
  { from, query }: Slash,
  words: string,
): { readonly text: string; readonly caret: number } {
  const end = from + 1 + query.length
  return { text: text.slice(0, from) + words + text.slice(end), caret: from + words.length }
}
