import type { Clock } from '@fermata/base/clock'
import type { MeView } from '@fermata/contract/accounts.schema'
import type { Client } from '@fermata/sdk/client'
import { createOutbox, type Outbox } from '@fermata/sdk/outbox'
import { createStore, type Model, type Store } from '@fermata/sdk/store'
import { createUploads, type Uploads } from '@fermata/sdk/uploads'
import type { Keeping } from './keeping.ts'
import { overlaid, snapshotOf, type Snapshot } from './snapshot.ts'

/** How long after a change what is shown is kept for the next visit, in milliseconds. */
const keepAfterMs = 2_000

/** One member at work in this browser, from signing in to signing out. */
export interface Session {
  readonly client: Client
  readonly outbox: Outbox
  /** Files on their way, before the messages that will carry them are sent. */
  readonly uploads: Uploads
  readonly store: Store
  /** Everything that the screen shows; the same object until something changes. */
  getModel(): Model
  subscribe(listener: () => void): () => void
  /** Keeps what is shown now for the next visit. */
  keep(): void
  /** Ends it; what is kept stays kept. */
  stop(): void
}

/** Opens a session, with what was seen at the last visit until the server has answered. */
export function openSession(options: {
  client: Client
  me: MeView
  snapshot: Snapshot | null
  keeping: Keeping
  clock: Clock
}): Session {
  const { client, me, snapshot, keeping, clock } = options
  const outbox = createOutbox({ client, storage: keeping.outboxOf(me) })
  const uploads = createUploads({ client, storage: keeping.uploadsOf(me) })
  const store = createStore({ client, outbox })
  let seen: { model: Model; shown: Model } | null = null
  let isKeepingSoon = false

  const getModel = (): Model => {
    const model = store.getState()
    if (seen?.model !== model) seen = { model, shown: overlaid(model, me, snapshot) }
    return seen.shown
  }
  const keep = (): void => {
    const next = snapshotOf(getModel())
    // Somebody else has signed in meanwhile: what was seen before is not theirs to keep.
    if (next !== null && next.me.member?.id === me.member?.id) void keeping.keepSnapshot(next)
  }
  const cancel = store.subscribe(() => {
    if (isKeepingSoon || store.getState().me === null) return
    isKeepingSoon = true
    clock.after(keepAfterMs, () => {
      isKeepingSoon = false
      if (!isStopped) keep()
    })
  })
  let isStopped = false
  store.start()
  return {
    client,
    outbox,
    uploads,
    store,
    getModel,
    subscribe: store.subscribe,
    keep,
    stop() {
      isStopped = true
      cancel()
      outbox.stop()
      uploads.stop()
      store.stop()
    },
  }
}
