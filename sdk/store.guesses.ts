import type { AnyEvent } from '@fermata/contract/events.schema'
import type { MineView } from '@fermata/contract/conversations.schema'
import { withEntry, type State } from '@fermata/contract/state'
import { settle } from '@fermata/contract/windows'
import type { Guess } from './store.model.ts'

/** A guess that is being shown. */
export interface ShownGuess {
  readonly guess: Guess
  /** The server has done it: the guess goes as soon as the feed tells so. */
  readonly isDone: boolean
  /** The feed has told of an act of mine in this conversation since the guess was made. */
  readonly isTold: boolean
  /** When it is given up although nothing was told, in monotonic milliseconds. */
  readonly until: number
}

/** What a screen shows: what is true, with every guess laid over it. */
export function withGuesses(state: State, shown: readonly ShownGuess[]): State {
  let next = state
  for (const { guess } of shown) next = withGuess(next, guess)
  return next
}

function withGuess(state: State, guess: Guess): State {
  const id = guess.conversation
  const row = state.rows[id]
  if (row === undefined && state.floor[id] === undefined) return state
  let next = state
  if (guess.row && row !== undefined)
    next = { ...next, rows: withEntry(next.rows, row.id, guess.row(row)) }
  if (guess.mine) {
    const mine = guess.mine(state.mine[id] ?? nothing(id))
    next = { ...next, mine: withEntry(next.mine, id, mine) }
  }
  return settle(next, id)
}

/** My own state of a conversation that I have not touched. */
function nothing(conversation: MineView['conversation']): MineView {
  return { conversation, cursor: 0, archivedNumber: null, snoozedUntil: null }
}

/** The guesses that are left after events: those that the events confirm are over. */
export function afterEvents(
  shown: readonly ShownGuess[],
  events: readonly AnyEvent[],
  me: string,
): readonly ShownGuess[] {
  if (shown.length === 0) return shown
  const mine = new Set<string | null>()
  for (const event of events) if (event.actor === me) mine.add(event.conversation)
  return shown
    .map((one) => (mine.has(one.guess.conversation) ? { ...one, isTold: true } : one))
    .filter((one) => !(one.isDone && one.isTold))
}
