import type { Entry, OutboxStorage } from '@fermata/sdk/outbox'
import type { Kept } from './kept.ts'

const prefix = 'out.'

/** Unsent words in the host page's storage, each under a name of its own, so that tabs do not mix. */
export function keptOutbox(kept: Kept): OutboxStorage {
  return {
    load: () =>
      Promise.resolve(kept.names(prefix).flatMap((name) => readEntry(kept.get(name)) ?? [])),
    save: (entry) => Promise.resolve(kept.set(prefix + entry.id, JSON.stringify(entry))),
    remove: (id) => Promise.resolve(kept.set(prefix + id, null)),
  }
}

/** The host page shares its storage with its own scripts: what cannot be read is passed over. */
function readEntry(text: string | null): Entry | null {
  try {
    const entry: unknown = JSON.parse(text ?? '')
    return typeof entry === 'object' && entry !== null && 'send' in entry ? (entry as Entry) : null
  } catch {
    return null
  }
}
