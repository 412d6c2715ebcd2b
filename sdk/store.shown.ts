import type { ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { floorName, floorRows } from '@fermata/contract/floor'
import { windowName, type FloorKey, type State, type WindowKey } from '@fermata/contract/state'
import type { Client } from './client.ts'
import { fetchFloor, fetchThread, fetchWindow, type Fetch } from './store.fetch.ts'
import type { InUse } from './store.prune.ts'

/** Something that a screen shows. */
export interface ShownThing {
  readonly name: string
  readonly kind: 'window' | 'thread'
  /** Whether the state has it already, fit to be shown. */
  isHeld(state: State): boolean
  /** How to fetch it, as much of it as the state has. */
  fetch(state: State): Fetch
}

/** What is shown, by how many, and what was shown before. */
export class Shown {
  readonly #users = new Map<string, { thing: ShownThing; count: number }>()
  readonly #used = { windows: new Set<string>(), threads: new Set<string>() }

  /** Begins to show something. Answers whether it was not shown before. */
  add(thing: ShownThing): boolean {
    const known = this.#users.get(thing.name)
    this.#users.set(thing.name, { thing, count: (known?.count ?? 0) + 1 })
    const used = thing.kind === 'window' ? this.#used.windows : this.#used.threads
    // What was used last stands last.
    used.delete(thing.name)
    used.add(thing.name)
    const [oldest] = used
    if (used.size > limits.shownNamesMax && oldest !== undefined) used.delete(oldest)
    return known === undefined
  }

  remove(name: string): void {
    const known = this.#users.get(name)
    if (known === undefined) return
    if (known.count === 1) this.#users.delete(name)
    else this.#users.set(name, { ...known, count: known.count - 1 })
  }

  has(name: string): boolean {
    return this.#users.has(name)
  }

  things(): readonly ShownThing[] {
    return [...this.#users.values()].map(({ thing }) => thing)
  }

  /** The names by when they were used, last ones last; what is shown now counts as used now. */
  inUse(): InUse {
    const rank = (names: ReadonlySet<string>): string[] => [
      ...[...names].filter((name) => !this.has(name)),
      ...[...names].filter((name) => this.has(name)),
    ]
    return { windows: rank(this.#used.windows), threads: rank(this.#used.threads) }
  }
}

/** A list, from its beginning. */
export function windowThing(client: Client, key: WindowKey): ShownThing {
  const name = windowName(key)
  return {
    name,
    kind: 'window',
    isHeld: (state) => state.windows[name]?.stale === false,
    fetch: (state) => {
      const rows = state.windows[name]?.ids.length ?? 0
      return (signal) => fetchWindow(client, key, rows, signal)
    },
  }
}

/** A list of conversations among members, from its beginning. */
export function floorThing(client: Client, key: FloorKey): ShownThing {
  const name = floorName(key)
  return {
    name,
    kind: 'window',
    isHeld: (state) => state.halls[name]?.stale === false,
    fetch: (state) => {
      const rows = floorRows(state, key).length
      return (signal) => fetchFloor(client, key, rows, signal)
    },
  }
}

/** A conversation and its last messages. */
export function threadThing(client: Client, conversation: ConversationId): ShownThing {
  return {
    name: conversation,
    kind: 'thread',
    isHeld: (state) =>
      state.threads[conversation] !== undefined || state.moved[conversation] !== undefined,
    fetch: (state) => {
      const messages = state.threads[conversation]?.messages.length ?? 0
      const isOurs = !state.me.startsWith('ctc_')
      return (signal) => fetchThread(client, conversation, { messages, isOurs }, signal)
    },
  }
}
