import type { Cancel } from '@fermata/base/clock'
import type { ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { Client } from './client.ts'
import { ConnectionFailed, fraction } from './connection.ts'
import {
  afterwards,
  due,
  dueAt,
  isPassing,
  laneOf,
  type Entry,
  type Happening,
  type OpenSend,
  type PostSend,
} from './outbox.entries.ts'
import type {
  Accepted,
  NewOpen,
  NewPost,
  Outbox,
  OutboxOptions,
  Said,
  SendEntry,
} from './outbox.port.ts'
import { backOffMs } from './retry.ts'

/** Sends the entries of an outbox, and keeps its storage like them. */
export class OutboxDriver implements Outbox {
  readonly #options: OutboxOptions
  readonly #client: Client
  readonly #send: SendEntry
  readonly #listeners = new Set<() => void>()
  readonly #acceptedListeners = new Set<Accepted>()
  readonly #opened = new Map<string, ConversationId>()
  readonly loaded: Promise<void>
  #entries: readonly Entry[] = []
  #saving: Promise<void> = Promise.resolve()
  readonly #unsaved = new Set<string>()
  #inFlight = 0
  #isLoaded = false
  #isStopped = false
  #cancelTimer: Cancel = () => {}

  constructor(options: OutboxOptions, send: SendEntry) {
    this.#options = options
    this.#client = options.client
    this.#send = send
    this.loaded = this.#load()
  }

  getState(): readonly Entry[] {
    return this.#entries
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  onAccepted(listener: Accepted): () => void {
    this.#acceptedListeners.add(listener)
    return () => this.#acceptedListeners.delete(listener)
  }

  open(body: NewOpen): Result<Entry, Refusal> {
    const client = this.#client.newId()
    return this.#add(client, {
      kind: 'open',
      body: { ...body, message: { ...body.message, client } },
    })
  }

  post(to: string, body: NewPost): Result<Entry, Refusal> {
    const client = this.#client.newId()
    // The open may have been accepted while the words were being written.
    return this.#add(client, {
      kind: 'post',
      to: this.#opened.get(to) ?? to,
      body: { ...body, client },
    })
  }

  retry(id: string): void {
    this.#happen({ type: 'retried', id })
    void this.#keep(id)
    this.#pump()
  }

  discard(id: string): void {
    const before = this.#entries
    this.#happen({ type: 'discarded', id })
    const left = new Set(this.#entries.map((entry) => entry.id))
    for (const entry of before) if (!left.has(entry.id)) this.#forget(entry.id)
    this.#pump()
  }

  confirm(client: string, conversation: ConversationId): void {
    if (this.#entries.some((entry) => entry.id === client)) this.#accept(client, conversation)
  }

  conversationOf(opening: string): ConversationId | null {
    return this.#opened.get(opening) ?? null
  }

  wake(): void {
    this.#happen({ type: 'woken' })
    this.#pump()
  }

  stop(): void {
    this.#isStopped = true
    this.#cancelTimer()
  }

  async #load(): Promise<void> {
    try {
      const entries = await this.#options.storage.load()
      this.#happen({ type: 'loaded', entries })
    } catch (error) {
      this.#options.onStorageFailed?.(error)
    }
    this.#isLoaded = true
    this.#pump()
  }

  #add(id: string, send: OpenSend | PostSend): Result<Entry, Refusal> {
    if (this.#entries.length >= limits.outboxEntriesMax) {
      return refused(refusal('limit_reached', { field: 'outbox', limit: limits.outboxEntriesMax }))
    }
    const at = this.#client.connection.clock.now()
    // Orders outlive a reload; a clock that went back must not put a later entry first.
    const order = Math.max(at, (this.#entries.at(-1)?.order ?? 0) + 1)
    const entry: Entry = {
      id,
      order,
      at,
      send,
      state: 'waiting',
      refusal: null,
      trouble: null,
      failures: 0,
      retryAt: 0,
    }
    this.#happen({ type: 'added', entry })
    // It is kept before it is sent, so that a reload in between does not lose it.
    this.#unsaved.add(id)
    void this.#keep(id).then(() => {
      this.#unsaved.delete(id)
      this.#pump()
    })
    return ok(entry)
  }

  #happen(what: Happening): void {
    const next = afterwards(this.#entries, what)
    this.#entries = next
    for (const listener of this.#listeners) listener()
  }

  /** Saves an entry as it now is. Writes go one after the other, so that the last one wins. */
  #keep(id: string): Promise<void> {
    return this.#write(() => {
      const entry = this.#entries.find((one) => one.id === id)
      return entry === undefined ? Promise.resolve() : this.#options.storage.save(entry)
    })
  }

  #forget(id: string): void {
    void this.#write(() => this.#options.storage.remove(id))
  }

  #write(run: () => Promise<void>): Promise<void> {
    this.#saving = this.#saving.then(run).catch((error: unknown) => {
      this.#options.onStorageFailed?.(error)
    })
    return this.#saving
  }

  #pump(): void {
    if (this.#isStopped || !this.#isLoaded) return
    this.#cancelTimer()
    const { clock } = this.#client.connection
    const nowMs = clock.monotonic()
    const free = limits.outboxSendsAtOnceMax - this.#inFlight
    for (const entry of due(this.#entries, nowMs, free)) {
      if (!this.#unsaved.has(entry.id)) void this.#attempt(entry)
    }
    const nextMs = dueAt(this.#entries)
    if (nextMs !== null && nextMs > nowMs) {
      this.#cancelTimer = clock.after(nextMs - nowMs, () => this.#pump())
    }
  }

  async #attempt(entry: Entry): Promise<void> {
    this.#happen({ type: 'sending', id: entry.id })
    this.#inFlight += 1
    try {
      this.#settle(entry, await this.#send(entry))
    } catch (error) {
      this.#fail(entry, null)
      if (!(error instanceof ConnectionFailed)) throw error
    } finally {
      this.#inFlight -= 1
      this.#pump()
    }
  }

  #settle(entry: Entry, result: Result<Said, Refusal>): void {
    if (result.ok) this.#accept(entry.id, result.value.conversation.id)
    else if (isPassing(result.refusal)) this.#fail(entry, result.refusal)
    else {
      this.#happen({ type: 'refused', id: entry.id, refusal: result.refusal })
      void this.#keep(entry.id)
    }
  }

  #fail(entry: Entry, trouble: Refusal | null): void {
    const { clock, random } = this.#client.connection
    const retryAt = clock.monotonic() + backOffMs(entry.failures + 1, fraction(random))
    this.#happen({ type: 'failed', id: entry.id, retryAt, trouble })
  }

  #accept(id: string, conversation: ConversationId): void {
    const entry = this.#entries.find((one) => one.id === id)
    // The feed may have been faster than the answer, or the other way round.
    if (entry === undefined) return
    if (entry.send.kind === 'open') this.#opened.set(id, conversation)
    for (const listener of this.#acceptedListeners) listener(entry, conversation)
    const followers = this.#entries.filter((one) => one.id !== id && laneOf(one) === id)
    this.#happen({ type: 'accepted', id, conversation })
    // Those who waited for it are kept under its id before it is forgotten: a reload in between then
    // sends it once more, which is harmless, instead of losing the way to it.
    for (const follower of followers) void this.#keep(follower.id)
    this.#forget(id)
    this.#pump()
  }
}
