import assert from 'node:assert/strict'

/** What clients know of one transaction. Its texts count together or not at all. */
export interface KnownTransaction {
  /** Counts the transactions of one transactional id; it is also the offset that is committed with it. */
  readonly count: number
  readonly texts: string[]
  outcome: 'open' | 'ending' | 'committed' | 'aborted'
}

/** All that clients were told, and what they have asked for. */
export interface Facts {
  /** Texts that idempotent producers have sent, and where they are if that was answered. */
  readonly sent: Map<string, string | undefined>
  /** What lies at `topic/partition/offset`; it never changes. */
  readonly places: Map<string, string>
  /** By transactional id, in order. */
  readonly transactions: Map<string, KnownTransaction[]>
  /** How far the group has committed, by partition, as it was answered. */
  readonly committed: Map<number, number>
  /** Texts that members of the group have read. */
  readonly read: Set<string>
}

/** Facts of which there are none. */
export function noFacts(): Facts {
  return {
    sent: new Map(),
    places: new Map(),
    transactions: new Map(),
    committed: new Map(),
    read: new Set(),
  }
}

/** The facts as they are now, whatever is learned later. */
export function copyFacts(facts: Facts): Facts {
  const transactions = [...facts.transactions].map(
    ([id, list]) => [id, list.map((one) => ({ ...one, texts: [...one.texts] }))] as const,
  )
  return {
    sent: new Map(facts.sent),
    places: new Map(facts.places),
    transactions: new Map(transactions),
    committed: new Map(facts.committed),
    read: new Set(facts.read),
  }
}

/** Notes what lies at a place. Throws where something else has lain there before. */
export function notePlace({ places }: Facts, place: string, text: string): void {
  assert.equal(places.get(place) ?? text, text, `something else lies at ${place} than before`)
  places.set(place, text)
}
