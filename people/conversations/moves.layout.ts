import { present } from '@fermata/base/assert'
import type { Run } from '@fermata/contract/reading'

/** One of the two conversations between which messages are moved. */
export type Which = 'source' | 'target'

/** A message as far as its place matters; `reply` is its number among the replies, 0 for a note. */
export interface Placed {
  readonly number: number
  readonly reply: number
}

/** Neighbouring messages of one conversation, first and last by their numbers there. */
export interface Stretch {
  readonly in: Which
  readonly first: number
  readonly last: number
}

/** A stretch and where it goes: its first message becomes number `at` there. Replies likewise. */
export interface Piece extends Stretch {
  readonly to: Which
  readonly at: number
  readonly replies: { readonly first: number; readonly count: number; readonly at: number }
}

/** In what order each of the two is to hold which messages, by where they are now. */
export type Order = Readonly<Record<Which, readonly Stretch[]>>

/** A whole conversation as one stretch, or none where there is nothing. */
export function whole(which: Which, length: number, from = 1): readonly Stretch[] {
  return length < from ? [] : [{ in: which, first: from, last: length }]
}

/** Where every message goes. The messages of each stretch are numbered on, without a gap. */
export function piecesOf(
  threads: Readonly<Record<Which, readonly Placed[]>>,
  order: Order,
): readonly Piece[] {
  return (['source', 'target'] as const).flatMap((to) => {
    let at = 1
    let replyAt = 1
    return order[to].map((stretch): Piece => {
      const { in: from, first, last } = stretch
      const said = threads[from].slice(first - 1, last).filter(({ reply }) => reply > 0)
      const replies = { first: said[0]?.reply ?? 0, count: said.length, at: replyAt }
      const piece = { ...stretch, to, at, replies }
      at += last - first + 1
      replyAt += said.length
      return piece
    })
  })
}

/** Numbers, some of which are chosen, as stretches in their order: those that are, or those that are not. */
export function stretchesOf(
  which: Which,
  length: number,
  isIn: (number: number) => boolean,
): readonly Stretch[] {
  const found: Stretch[] = []
  for (let number = 1; number <= length; number++) {
    if (!isIn(number)) continue
    const before = found.at(-1)
    if (before?.last === number - 1) found[found.length - 1] = { ...before, last: number }
    else found.push({ in: which, first: number, last: number })
  }
  return found
}

function moved(runs: readonly Run[], first: number, count: number, at: number): readonly Run[] {
  return runs.flatMap(({ from, to }) => {
    const run = { from: Math.max(from, first), to: Math.min(to, first + count - 1) }
    return run.from > run.to ? [] : [{ from: run.from - first + at, to: run.to - first + at }]
  })
}

/** Which numbers of `to` somebody has read, who had read these of the two. `as` is how they count. */
export function readAfter(
  pieces: readonly Piece[],
  read: Readonly<Record<Which, readonly Run[]>>,
  to: Which,
  as: 'messages' | 'replies',
): readonly Run[] {
  return pieces
    .filter((piece) => piece.to === to)
    .flatMap((piece) => {
      const runs = read[piece.in]
      if (as === 'messages') {
        return moved(runs, piece.first, piece.last - piece.first + 1, piece.at)
      }
      const { first, count, at } = piece.replies
      return moved(runs, first, count, at)
    })
}

/** Where a message that is in a stretch now goes. */
export function placeAfter(
  pieces: readonly Piece[],
  which: Which,
  number: number,
): { readonly to: Which; readonly number: number } {
  const piece = pieces.find((one) => one.in === which && one.first <= number && number <= one.last)
  const { to, at, first } = present(piece, 'every message goes somewhere')
  return { to, number: number - first + at }
}
