import type { Entry, OutboxStorage } from '@fermata/sdk/outbox'
import type { KeptUpload, UploadStorage } from '@fermata/sdk/uploads'
import { clear, createStore, del, entries, get, set, type UseStore } from 'idb-keyval'
import type { MeView } from '@fermata/contract/accounts.schema'
import type { Snapshot } from './snapshot.ts'

/** What this browser keeps between visits: who was here, what they saw, and what they have not sent. */
export interface Keeping {
  /** What was seen last, by whoever was here last. */
  lastSnapshot(): Promise<Snapshot | null>
  keepSnapshot(snapshot: Snapshot): Promise<void>
  /** Where one member's unsent words are kept. */
  outboxOf(me: MeView): OutboxStorage
  /** Where one member's unsent files are kept. */
  uploadsOf(me: MeView): UploadStorage
  /** Forgets what others have seen here; their unsent words stay theirs. */
  forgetOthers(me: MeView): Promise<void>
  /** Forgets everything, unsent words included. */
  wipe(): Promise<void>
}

const snapshotPrefix = 'snapshot/'
const outboxPrefix = 'outbox/'
const uploadsPrefix = 'upload/'

/** Keeps it in the browser's IndexedDB. Where that is refused, nothing is kept and nothing breaks. */
export function browserKeeping(): Keeping {
  const store = createStore('fermata', 'kept')
  return {
    async lastSnapshot() {
      const id = await quietly(get<string>('last', store))
      if (id === undefined) return null
      return (await quietly(get<Snapshot>(snapshotPrefix + id, store))) ?? null
    },
    async keepSnapshot(snapshot) {
      const id = snapshot.me.member?.id ?? ''
      await quietly(set(snapshotPrefix + id, snapshot, store))
      await quietly(set('last', id, store))
    },
    outboxOf: (me) => outboxStorage(store, `${outboxPrefix}${me.member?.id ?? ''}/`),
    uploadsOf: (me) => uploadStorage(store, `${uploadsPrefix}${me.member?.id ?? ''}/`),
    async forgetOthers(me) {
      const own = snapshotPrefix + (me.member?.id ?? '')
      const all = (await quietly(entries<string, unknown>(store))) ?? []
      const others = all.map(([key]) => key).filter((key) => key.startsWith(snapshotPrefix))
      for (const key of others) if (key !== own) await quietly(del(key, store))
    },
    async wipe() {
      await quietly(clear(store))
    },
  }
}

/** An outbox must know when its words are not kept, so nothing is hushed up here. */
function outboxStorage(store: UseStore, prefix: string): OutboxStorage {
  return {
    async load() {
      const all = await entries<string, Entry>(store)
      return all.filter(([key]) => key.startsWith(prefix)).map(([, entry]) => entry)
    },
    save: (entry) => set(prefix + entry.id, entry, store),
    remove: (id) => del(prefix + id, store),
  }
}

/** A file that does not fit is sent all the same; it only has to be chosen again after a reload. */
function uploadStorage(store: UseStore, prefix: string): UploadStorage {
  return {
    async load() {
      const all = (await quietly(entries<string, KeptUpload>(store))) ?? []
      return all.filter(([key]) => key.startsWith(prefix)).map(([, upload]) => upload)
    },
    async save(upload) {
      await quietly(set(prefix + upload.key, upload, store))
    },
    async remove(key) {
      await quietly(del(prefix + key, store))
    },
  }
}

/** The value, or undefined where the browser keeps nothing (a private window, a full disk). */
async function quietly<T>(kept: Promise<T>): Promise<T | undefined> {
  try {
    return await kept
  } catch {
    return undefined
  }
}
