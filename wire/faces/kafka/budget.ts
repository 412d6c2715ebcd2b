/** What is held for many, bounded over all of them together. */
export interface Budget<Owner> {
  /** Notes what is held for somebody by now. While all together hold too much, one after the other is dropped. */
  note(owner: Owner, bytes: number): void
}

/** How a budget is kept. */
export interface BudgetOptions<Owner> {
  readonly bytesMax: number
  /** Who is to go, of those for whom anything is held. */
  readonly choose: (held: ReadonlyMap<Owner, number>) => Owner | undefined
  readonly drop: (owner: Owner) => void
}

/** A budget of which nothing is used yet. */
export function newBudget<Owner>(options: BudgetOptions<Owner>): Budget<Owner> {
  const { bytesMax, choose, drop } = options
  const held = new Map<Owner, number>()
  let total = 0
  const set = (owner: Owner, bytes: number): void => {
    total += bytes - (held.get(owner) ?? 0)
    if (bytes === 0) held.delete(owner)
    else held.set(owner, bytes)
  }
  return {
    note(owner, bytes) {
      set(owner, bytes)
      while (total > bytesMax) {
        const chosen = choose(held)
        if (chosen === undefined) return
        set(chosen, 0)
        drop(chosen)
      }
    },
  }
}

/** The one of whom a number is the highest. */
export function highest<Owner>(
  held: ReadonlyMap<Owner, number>,
  of: (owner: Owner, bytes: number) => number,
): Owner | undefined {
  let chosen: Owner | undefined
  let most = -Infinity
  for (const [owner, bytes] of held) {
    const number = of(owner, bytes)
    if (number > most) [chosen, most] = [owner, number]
  }
  return chosen
}
