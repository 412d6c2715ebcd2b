import type { Page } from './page.ts'

/**
 * What is kept in the host page's storage, because a frame of another site may have none of its own.
 * Reads are answered from here; the page is told of every change.
 */
export interface Kept {
  readonly get: (name: string) => string | null
  readonly set: (name: string, value: string | null) => void
  /** The names that begin so. */
  readonly names: (prefix: string) => readonly string[]
  /** Another tab has changed something, or the page has told everything afresh. */
  readonly learn: (entries: Readonly<Record<string, string | null>>) => void
}

export function keptBy(page: Pick<Page, 'hello' | 'say'>): Kept {
  const held = new Map(Object.entries(page.hello.entries))
  const hold = (name: string, value: string | null): void => {
    if (value === null) held.delete(name)
    else held.set(name, value)
  }
  return {
    get: (name) => held.get(name) ?? null,
    set(name, value) {
      if ((held.get(name) ?? null) === value) return
      hold(name, value)
      page.say({ type: 'store', name, value })
    },
    names: (prefix) => [...held.keys()].filter((name) => name.startsWith(prefix)),
    learn(entries) {
      for (const [name, value] of Object.entries(entries)) hold(name, value)
    },
  }
}
