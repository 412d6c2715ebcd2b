import { unreachable } from '@fermata/base/assert'
import type { Clock } from '@fermata/base/clock'
import type { ConversationId, MessageId } from '@fermata/base/ids'
import type { Result } from '@fermata/base/result'
import type { Refusal } from '@fermata/contract/errors'
import type { Client } from '@fermata/sdk/client'
import type { Outbox } from '@fermata/sdk/outbox'
import type { TextStorage } from '../../state/preferences.ts'
import { tried, type Trouble } from '../../state/trouble.ts'
import { ask, type Act } from './acts.ts'

/** What is to be done later. */
export type Deed =
  | { readonly type: 'act'; readonly act: Act }
  | { readonly type: 'delete'; readonly message: MessageId }

/**
 * Something that somebody has decided and that must still happen when this page is gone: what follows a
 * message that is not sent yet, or a deletion that may be taken back for some seconds.
 */
export interface Intent {
  readonly id: string
  readonly conversation: ConversationId
  readonly deed: Deed
  /** Once the server has accepted an entry of the outbox, or at a time. */
  readonly after: { readonly accepted: string } | { readonly at: number }
}

/** The intents of one member in this browser. */
export interface Intents {
  /** Keeps an intent and answers what came of it: null when it was dropped. */
  add(intent: Omit<Intent, 'id'>): { id: string; done: Promise<Result<unknown, Trouble> | null> }
  /** Drops an intent that has not been carried out. */
  drop(id: string): void
  /** Takes up what a former page left. */
  start(): void
  /** Carries nothing more out; what is kept is kept. */
  stop(): void
}

/** Where intents are kept; signing out forgets them with the drafts. */
export const intentsPrefix = 'fermata.intents/'

/** How long after a server that could not be reached is asked again, in milliseconds. */
const againMs = 5_000

/** Reads what is kept; anything that is no list is as if nothing were. */
export function readIntents(storage: TextStorage, key: string): readonly Intent[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(key) ?? '[]')
    return Array.isArray(kept) ? (kept as Intent[]) : []
  } catch {
    return []
  }
}

/** Carries a deed out. */
function carryOut(
  client: Client,
  { conversation, deed }: Intent,
): Promise<Result<unknown, Refusal>> {
  switch (deed.type) {
    case 'act':
      return ask(client, conversation, deed.act)
    case 'delete':
      return client.messages.delete({ params: { message: deed.message } })
    default:
      return unreachable(deed)
  }
}

/** What intents are carried out with. */
export interface IntentsOptions {
  readonly client: Client
  readonly outbox: Outbox
  readonly clock: Clock
  readonly storage: TextStorage
  /** Where in the storage they are kept. */
  readonly key: string
}

/** Takes up the intents that a former page left, and new ones. */
export function createIntents(options: IntentsOptions): Intents {
  return new Keeper(options)
}

interface Held {
  readonly intent: Intent
  isRunning: boolean
  cancel: () => void
  settle: (result: Result<unknown, Trouble> | null) => void
}

const nothing = (): void => {}

class Keeper implements Intents {
  readonly #options: IntentsOptions
  readonly #held = new Map<string, Held>()
  #unsubscribe: (() => void)[] = []
  #isLoaded = false

  constructor(options: IntentsOptions) {
    this.#options = options
  }

  start(): void {
    const { outbox, storage, key } = this.#options
    for (const intent of readIntents(storage, key)) this.#arm(intent, nothing)
    this.#unsubscribe = [
      // It is told before the entry leaves the outbox, and so before the other one looks.
      outbox.onAccepted((entry) => this.#runAfter((id) => id === entry.id)),
      outbox.subscribe(() => this.#dropOrphans()),
    ]
    void outbox.loaded.then(() => {
      this.#isLoaded = true
      const waiting = this.#waiting()
      // An entry that is gone was accepted before the former page could go on.
      this.#runAfter((id) => !waiting.has(id))
    })
  }

  add(given: Omit<Intent, 'id'>): {
    id: string
    done: Promise<Result<unknown, Trouble> | null>
  } {
    const intent: Intent = { ...given, id: this.#options.client.newId() }
    const { promise, resolve } = Promise.withResolvers<Result<unknown, Trouble> | null>()
    this.#arm(intent, resolve)
    this.#keep()
    return { id: intent.id, done: promise }
  }

  drop(id: string): void {
    this.#finish(id, null)
  }

  stop(): void {
    for (const end of this.#unsubscribe) end()
    for (const { cancel } of this.#held.values()) cancel()
  }

  #arm(intent: Intent, settle: Held['settle']): void {
    const held: Held = { intent, isRunning: false, cancel: nothing, settle }
    this.#held.set(intent.id, held)
    if ('accepted' in intent.after) return
    const { clock } = this.#options
    const delayMs = Math.max(0, intent.after.at - clock.now())
    held.cancel = clock.after(delayMs, () => void this.#run(held))
  }

  #waiting(): ReadonlySet<string> {
    return new Set(this.#options.outbox.getState().map((entry) => entry.id))
  }

  #runAfter(isMeant: (entry: string) => boolean): void {
    for (const held of this.#held.values()) {
      const { after } = held.intent
      if ('accepted' in after && isMeant(after.accepted)) void this.#run(held)
    }
  }

  /** An entry that was discarded takes with it what was to follow. */
  #dropOrphans(): void {
    if (!this.#isLoaded) return
    const waiting = this.#waiting()
    for (const { intent, isRunning } of this.#held.values()) {
      const { after } = intent
      if ('accepted' in after && !isRunning && !waiting.has(after.accepted)) this.drop(intent.id)
    }
  }

  async #run(held: Held): Promise<void> {
    if (held.isRunning) return
    held.isRunning = true
    const { client, clock } = this.#options
    const result = await tried(() => carryOut(client, held.intent))
    if (!this.#held.has(held.intent.id)) return
    if (result.ok || result.refusal.code !== 'unreachable') {
      this.#finish(held.intent.id, result)
      return
    }
    held.cancel = clock.after(againMs, () => {
      held.isRunning = false
      void this.#run(held)
    })
  }

  #finish(id: string, result: Result<unknown, Trouble> | null): void {
    const held = this.#held.get(id)
    if (held === undefined) return
    held.cancel()
    this.#held.delete(id)
    this.#keep()
    held.settle(result)
  }

  #keep(): void {
    const { storage, key } = this.#options
    const intents = [...this.#held.values()].map(({ intent }) => intent)
    if (intents.length === 0) storage.removeItem(key)
    else storage.setItem(key, JSON.stringify(intents))
  }
}
