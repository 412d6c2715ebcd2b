/** The part of the host page's storage that belongs to one inbox. */
export interface PageStore {
  readonly get: (name: string) => string | null
  /** Keeps a text, or removes it when the value is null. */
  readonly set: (name: string, value: string | null) => void
  readonly all: () => Record<string, string>
  readonly wipe: () => void
  /** The name behind a key of the storage, or null when the key is not ours. */
  readonly nameOf: (key: string) => string | null
}

/**
 * Opens the storage. Where the browser denies it, or when it is full, what is kept lasts as long as
 * the page. Nothing is written before the visitor writes.
 */
export function openStore(inbox: string, storage: Storage | null): PageStore {
  const prefix = `fermata.${inbox}.`
  const unstored = new Map<string, string>()
  const nameOf = (key: string): string | null =>
    key.startsWith(prefix) ? key.slice(prefix.length) : null
  const all = (): Record<string, string> => {
    const entries: Record<string, string> = {}
    for (const key of Object.keys(storage ?? {})) {
      const name = nameOf(key)
      if (name !== null) entries[name] = storage?.getItem(key) ?? ''
    }
    return { ...entries, ...Object.fromEntries(unstored) }
  }
  const set = (name: string, value: string | null): void => {
    unstored.delete(name)
    try {
      if (value === null) storage?.removeItem(prefix + name)
      else if (storage === null) unstored.set(name, value)
      else storage.setItem(prefix + name, value)
    } catch {
      if (value !== null) unstored.set(name, value)
    }
  }
  return {
    get: (name) => unstored.get(name) ?? storage?.getItem(prefix + name) ?? null,
    set,
    all,
    nameOf,
    wipe() {
      for (const name of Object.keys(all())) set(name, null)
    },
  }
}
