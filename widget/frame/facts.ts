import type { Clock } from '@fermata/base/clock'
import type { WidgetView } from '@fermata/contract/places.schema'
import { ConnectionFailed, type Client } from '@fermata/sdk/client'
import { cell, type Readable } from './cell.ts'

/** What a session knows besides the conversations. */
export interface Facts {
  /** What the inbox says of itself; null until it has. */
  readonly widget: WidgetView | null
  /** The server knows no such inbox. */
  readonly gone: boolean
  /** Whether there is a visitor, so that there may be conversations. */
  readonly met: boolean
  /** The host has said who this is. */
  readonly named: boolean
  /** Whether the panel is shown. */
  readonly shown: boolean
}

/** Facts that are learnt one after the other. */
export interface Learnt extends Readable<Facts> {
  readonly know: (news: Partial<Facts>) => void
}

export function learnt(first: Pick<Facts, 'met' | 'named' | 'shown'>): Learnt {
  const facts = cell<Facts>({ widget: null, gone: false, ...first })
  return {
    getState: facts.getState,
    subscribe: facts.subscribe,
    know: (news) => facts.set({ ...facts.getState(), ...news }),
  }
}

const againMs = 5_000

/** Asks for the inbox's words, once, and again for as long as the server cannot be reached. */
export function greeterBy(client: Client, key: string, clock: Clock, facts: Learnt): () => void {
  let asked = false
  const greet = async (): Promise<void> => {
    if (asked) return
    asked = true
    try {
      const found = await client.widget.get({ params: { key } })
      facts.know(found.ok ? { widget: found.value } : { gone: true })
    } catch (error) {
      asked = false
      if (!(error instanceof ConnectionFailed)) throw error
      clock.after(againMs, () => void greet())
    }
  }
  return () => void greet()
}
