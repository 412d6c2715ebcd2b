import type { ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, type Result } from '@fermata/base/result'
import type { Refusal } from '@fermata/contract/errors'
import type { FloorKey, WindowKey } from '@fermata/contract/state'
import type { Client } from './client.ts'
import {
  fetchConversations,
  fetchNextFloor,
  fetchNextPage,
  fetchOlder,
  fetchThings,
} from './store.fetch.ts'
import type { Loads } from './store.loads.ts'
import { floorThing, threadThing, windowThing, type Shown, type ShownThing } from './store.shown.ts'
import type { Fetched, Truth } from './store.truth.ts'

/** What a screen is made with. */
export interface ScreenOptions {
  readonly client: Client
  readonly truth: Truth
  readonly shown: Shown
  readonly loads: Loads
  /** Whether members, teams and inboxes are to be fetched: a contact has none. */
  readonly hasThings: boolean
  /** The truth has changed. */
  readonly changed: () => void
}

/** Fetches what is shown, and keeps it fetched where no event can keep it fresh. */
export class Screen {
  readonly #client: Client
  readonly #truth: Truth
  readonly #shown: Shown
  readonly #loads: Loads
  readonly #hasThings: boolean
  readonly #changed: () => void
  #isRefreshing = false

  constructor(options: ScreenOptions) {
    this.#client = options.client
    this.#truth = options.truth
    this.#shown = options.shown
    this.#loads = options.loads
    this.#hasThings = options.hasThings
    this.#changed = options.changed
  }

  /** Fetches the first time. */
  begin(): void {
    if (this.#hasThings) {
      void this.#loads.run<readonly Fetched[]>({
        name: 'things',
        isWanted: () => true,
        fetch: (signal) => fetchThings(this.#client, signal),
        take: (fetched) => this.#take(fetched),
      })
    }
    for (const thing of this.#shown.things()) void this.#load(thing)
  }

  /** Something is shown that was not shown before. */
  show(thing: ShownThing): void {
    if (thing.isHeld(this.#truth.state)) this.#loads.say(thing.name, 'loaded')
    else void this.#load(thing)
  }

  /** Fetches the next page of a list. */
  async moreRows(key: WindowKey): Promise<void> {
    const { name } = windowThing(this.#client, key)
    const token = (): string | null => this.#truth.state.windows[name]?.next ?? null
    const page = token()
    if (page === null) return
    await this.#loads.run<Fetched>({
      name,
      // When the list was fetched afresh meanwhile, this page continues what is no longer there.
      isWanted: () => token() === page,
      fetch: (signal) => fetchNextPage(this.#client, key, page, signal),
      take: (fetched) => token() !== page || this.#take([fetched]),
    })
  }

  /** Fetches the next page of a list of conversations among members. */
  async moreFloor(key: FloorKey): Promise<void> {
    const { name } = floorThing(this.#client, key)
    const token = (): string | null => this.#truth.state.halls[name]?.next ?? null
    const page = token()
    if (page === null) return
    await this.#loads.run<Fetched>({
      name,
      isWanted: () => token() === page,
      fetch: (signal) => fetchNextFloor(this.#client, key, page, signal),
      take: (fetched) => token() !== page || this.#take([fetched]),
    })
  }

  /** Fetches the messages before the first that is known. */
  async olderMessages(conversation: ConversationId): Promise<void> {
    const first = (): number | undefined => {
      const thread = this.#truth.state.threads[conversation]
      return thread?.more.before === true ? thread.messages[0]?.number : undefined
    }
    const before = first()
    if (before === undefined) return
    await this.#loads.run<Fetched>({
      name: threadThing(this.#client, conversation).name,
      isWanted: () => first() === before,
      fetch: (signal) => fetchOlder(this.#client, conversation, before, signal),
      take: (fetched) => first() !== before || this.#take([fetched]),
    })
  }

  /** Fetches conversations that events have brought onto the screen, for what events do not tell. */
  acquaint(): void {
    if (this.#truth.strangers.length === 0) return
    let some: readonly ConversationId[] = []
    void this.#loads.run<readonly Fetched[]>({
      name: 'strangers',
      isWanted: () => this.#truth.strangers.length > 0,
      fetch: (signal) => {
        some = this.#truth.strangers.slice(0, limits.strangersAtOnceMax)
        return fetchConversations(this.#client, some, signal)
      },
      take: (fetched) => {
        if (!this.#truth.take(fetched)) return false
        this.#truth.acquainted(some)
        this.#changed()
        return this.#truth.strangers.length === 0
      },
    })
  }

  /**
   * Asks again for conversations that are shown but have gone from the state, to learn whether they are
   * still ours to see.
   */
  reloadVanished(): void {
    for (const thing of this.#shown.things()) {
      const wasHere = this.#loads.all[thing.name]?.state === 'loaded'
      if (wasHere && thing.kind === 'thread' && !thing.isHeld(this.#truth.state)) {
        void this.#load(thing)
      }
    }
  }

  /** Fetches everything that is shown afresh. What was there stays visible until all has come. */
  async refresh(): Promise<void> {
    if (this.#isRefreshing) return
    this.#isRefreshing = true
    let fetchedNames: ReadonlySet<string> = new Set()
    await this.#loads.run<readonly Fetched[]>({
      name: 'refresh',
      isWanted: () => true,
      fetch: (signal) => {
        const things = this.#shown.things()
        fetchedNames = new Set(things.map(({ name }) => name))
        return this.#fetchAll(things, signal)
      },
      take: (fetched) => this.#truth.replace(fetched),
    })
    this.#isRefreshing = false
    this.#changed()
    this.acquaint()
    // What began to be shown meanwhile was fetched into the state that has just been replaced.
    for (const thing of this.#shown.things()) {
      if (!fetchedNames.has(thing.name)) void this.#load(thing)
    }
  }

  #load(thing: ShownThing): Promise<void> {
    return this.#loads.run<readonly Fetched[]>({
      name: thing.name,
      isWanted: () => this.#shown.has(thing.name),
      fetch: (signal) => thing.fetch(this.#truth.state)(signal),
      take: (fetched) => this.#take(fetched),
    })
  }

  #take(fetched: readonly Fetched[]): boolean {
    if (!this.#truth.take(fetched)) return false
    this.#changed()
    this.acquaint()
    return true
  }

  async #fetchAll(
    things: readonly ShownThing[],
    signal: AbortSignal,
  ): Promise<Result<readonly Fetched[], Refusal>> {
    const named = things.map(async (thing) => {
      const result = await thing.fetch(this.#truth.state)(signal)
      if (result.ok) this.#loads.say(thing.name, 'loaded')
      else this.#loads.say(thing.name, 'refused', result.refusal)
      return result
    })
    const unnamed = this.#hasThings ? [fetchThings(this.#client, signal)] : []
    // What is refused is no longer ours to see: it is left out, and the rest goes on.
    const all = await Promise.all([...unnamed, ...named])
    return ok(all.flatMap((result) => (result.ok ? result.value : [])))
  }
}
