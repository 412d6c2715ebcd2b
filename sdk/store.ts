import type { ConversationId, InboxId } from '@fermata/base/ids'
import type { Result } from '@fermata/base/result'
import type { MeView } from '@fermata/contract/accounts.schema'
import type { Refusal } from '@fermata/contract/errors'
import type { AnyEvent } from '@fermata/contract/events.schema'
import { emptyState, type FloorKey, type WindowKey } from '@fermata/contract/state'
import type { Client } from './client.ts'
import type { FeedState, Following, Transport } from './feed.ts'
import type { Outbox } from './outbox.port.ts'
import { CountsKeeper, UnreadKeeper } from './store.counts.ts'
import { Echo } from './store.echo.ts'
import { Loads } from './store.loads.ts'
import type { Guess, Model, Store } from './store.model.ts'
import { pruned } from './store.prune.ts'
import { Screen } from './store.screen.ts'
import { floorThing, Shown, threadThing, windowThing, type ShownThing } from './store.shown.ts'
import { Truth } from './store.truth.ts'
import { viewOf } from './store.view.ts'

export type { Counts, Guess, Load, Model, Pending, Store } from './store.model.ts'

/** What a store needs. */
export interface StoreOptions {
  readonly client: Client
  /** Its waiting messages are shown, and the feed confirms them. */
  readonly outbox?: Outbox
  /** By what the feed comes; the best there is when absent. */
  readonly transport?: Transport
}

/** Makes a store. It asks for nothing until it is started. */
export function createStore(options: StoreOptions): Store {
  return new LiveStore(options)
}

const nothing: Model = {
  me: null,
  state: emptyState('', 0),
  feed: 'connecting',
  ended: null,
  loads: {},
  counts: {},
  pending: {},
  unread: {},
  presence: {},
}

/** What there is once the server has said who we are. */
interface Live {
  readonly truth: Truth
  readonly screen: Screen
  readonly following: Following
}

class LiveStore implements Store {
  readonly #client: Client
  readonly #outbox: Outbox | null
  readonly #transport: Transport | null
  readonly #listeners = new Set<() => void>()
  readonly #cut = new AbortController()
  readonly #shown = new Shown()
  readonly #loads: Loads
  readonly #counts: CountsKeeper
  readonly #unread: UnreadKeeper
  readonly #echo: Echo
  readonly #view = viewOf()
  #live: Live | null = null
  #model = nothing
  #unsubscribe: (() => void)[] = []

  constructor(options: StoreOptions) {
    const { client, outbox = null, transport = null } = options
    this.#client = client
    this.#outbox = outbox
    this.#transport = transport
    this.#loads = new Loads(client, this.#cut.signal, () => this.#compose())
    this.#echo = new Echo(client.connection.clock, () => this.#compose())
    this.#unread = new UnreadKeeper(client, this.#cut.signal, (unread) => this.#set({ unread }))
    this.#counts = new CountsKeeper(client, this.#cut.signal, (key, counts) =>
      this.#set({ counts: { ...this.#model.counts, [key]: counts } }),
    )
  }

  // React and Preact call these two without the store before the dot.
  readonly getState = (): Model => this.#model

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  start(): void {
    const outbox = this.#outbox
    if (outbox !== null) {
      this.#unsubscribe = [
        outbox.onAccepted((entry, conversation) => this.#echo.accept(entry, conversation)),
        outbox.subscribe(() => this.#compose()),
      ]
    }
    this.#compose()
    void this.#introduce()
  }

  stop(): void {
    this.#cut.abort()
    this.#live?.following.stop()
    this.#echo.stop()
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    this.#listeners.clear()
  }

  wake(): void {
    this.#live?.following.wake()
    this.#outbox?.wake()
    this.#loads.wake()
  }

  showWindow(key: WindowKey): () => void {
    return this.#show(windowThing(this.#client, key))
  }

  showFloor(key: FloorKey): () => void {
    return this.#show(floorThing(this.#client, key))
  }

  showUnread(): () => void {
    return this.#unread.show()
  }

  async moreFloor(key: FloorKey): Promise<void> {
    await this.#live?.screen.moreFloor(key)
  }

  showThread(conversation: ConversationId): () => void {
    return this.#show(threadThing(this.#client, conversation))
  }

  showCounts(inbox: InboxId | null): () => void {
    return this.#counts.show(inbox ?? '*')
  }

  async moreRows(key: WindowKey): Promise<void> {
    await this.#live?.screen.moreRows(key)
  }

  async olderMessages(conversation: ConversationId): Promise<void> {
    await this.#live?.screen.olderMessages(conversation)
  }

  act<T>(guess: Guess, call: () => Promise<Result<T, Refusal>>): Promise<Result<T, Refusal>> {
    return this.#echo.act(guess, call)
  }

  /** Asks who we are, until somebody answers; everything else follows from that. */
  async #introduce(): Promise<void> {
    await this.#loads.run<MeView>({
      name: 'me',
      isWanted: () => true,
      fetch: (signal) => this.#client.me.get({}, { signal }),
      take: (me) => {
        this.#begin(me)
        return true
      },
    })
    const refusal = this.#loads.all['me']?.refusal ?? null
    if (refusal !== null) this.#feedIs('ended', refusal)
  }

  /** Asks anew what we may do: a role has changed, ours perhaps. */
  async #know(): Promise<void> {
    await this.#loads.run<MeView>({
      name: 'me',
      isWanted: () => true,
      fetch: (signal) => this.#client.me.get({}, { signal }),
      take: (me) => {
        this.#set({ me })
        return true
      },
    })
  }

  #begin(me: MeView): void {
    const id = me.member?.id ?? me.contact ?? me.app?.id ?? ''
    const truth = new Truth(id, me.position)
    const screen = new Screen({
      client: this.#client,
      truth,
      shown: this.#shown,
      loads: this.#loads,
      hasThings: me.kind !== 'contact',
      changed: () => this.#compose(),
    })
    const following = this.#client.follow({
      since: me.position,
      ...(this.#transport === null ? {} : { transport: this.#transport }),
      onEvents: (events, position) => this.#hear(events, position),
      onReset: (position) => {
        truth.reset(position)
        this.#counts.touch()
        this.#unread.touch()
        void screen.refresh()
      },
      onPresence: (presence) => {
        if (presence.actor !== id) this.#echo.see(presence)
      },
      onState: (feed, ended) => this.#feedIs(feed, ended),
    })
    this.#live = { truth, screen, following }
    this.#set({ me })
    this.#compose()
    screen.begin()
  }

  #hear(events: readonly AnyEvent[], position: number): void {
    if (this.#live === null) return
    const { truth, screen } = this.#live
    truth.hear(events, position)
    for (const event of events) this.#heed(event)
    const roles = events.some((event) => event.type === 'access.changed' && event.body.directory)
    if (roles) void this.#know()
    this.#echo.hear(events, truth.state)
    if (events.some((event) => mayMove(event, /^(?:inbox|team|access)\./))) this.#counts.touch()
    if (events.some((event) => mayMove(event, /^(?:channel|access)\./))) this.#unread.touch()
    if (events.length > 0) truth.forget((state) => pruned(state, this.#shown.inUse()))
    this.#compose()
    screen.reloadVanished()
    // No event tells what lies in an inbox that was gained.
    if (events.some((event) => isGain(event, truth.state.me))) void screen.refresh()
    screen.acquaint()
  }

  /** Takes from an event what the state does not hold. */
  #heed({ type, conversation, now }: AnyEvent): void {
    const { me } = this.#model
    if (type === 'message.posted' && conversation !== null && now.message) {
      this.#outbox?.confirm(now.message.client, conversation)
    }
    if (me !== null && now.member && now.member.id === me.member?.id) {
      this.#set({ me: { ...me, member: now.member } })
    }
  }

  #feedIs(feed: FeedState, ended: Refusal | null): void {
    this.#set({ feed, ended })
    if (feed !== 'live') return
    this.#loads.wake()
    this.#outbox?.wake()
    this.#counts.touch()
    this.#unread.touch()
  }

  #show(thing: ShownThing): () => void {
    if (this.#shown.add(thing)) this.#live?.screen.show(thing)
    let isShown = true
    return () => {
      if (isShown) this.#shown.remove(thing.name)
      isShown = false
    }
  }

  /** Brings the model up to date with everything it is made of. */
  #compose(): void {
    const truth = this.#live?.truth.state ?? nothing.state
    this.#echo.settle(truth)
    const view = this.#view(truth, this.#outbox?.getState() ?? none, this.#echo)
    this.#set({ ...view, loads: this.#loads.all })
  }

  /** Changes the model, and tells it only when something differs. */
  #set(change: Partial<Model>): void {
    const before = this.#model
    const names = Object.keys(change) as (keyof Model)[]
    if (names.every((name) => before[name] === change[name])) return
    this.#model = { ...before, ...change }
    for (const listener of this.#listeners) listener()
  }
}

/** Whether an event may change what is counted: by a conversation, or by something of these kinds. */
function mayMove({ conversation, type }: AnyEvent, kinds: RegExp): boolean {
  return conversation !== null || kinds.test(type)
}

/** Whether an event may let me see what I did not see before. */
function isGain(event: AnyEvent, me: string): boolean {
  if (event.type === 'access.changed') return event.now.channel !== null
  return event.type === 'channel.joined' && event.body.member === me
}

const none: readonly never[] = []
