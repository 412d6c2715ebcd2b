/** Something that comes up at a steady rate, whatever the answers take. */
export interface Pace {
  readonly perSecond: number
  readonly seconds: number
  /** From 0 to 1, each time: when within its interval each is due. At the beginning where nothing is said. */
  readonly phase?: () => number
  /** Called when it is due, with the time at which it was, in milliseconds of `performance.now`. */
  act(turn: number, dueMs: number): Promise<void>
}

/**
 * Keeps a pace by the clock and not by the answers, so that a slow server is not spared; ends when all have
 * been answered. Rejects with the first failure.
 */
export async function keepPace({ perSecond, seconds, phase, act }: Pace): Promise<void> {
  const startMs = performance.now()
  const answers: Promise<void>[] = []
  for (let turn = 0; turn < perSecond * seconds; turn++) {
    const dueMs = startMs + ((turn + (phase?.() ?? 0)) * 1_000) / perSecond
    const waitMs = dueMs - performance.now()
    if (waitMs > 0) await new Promise((go) => setTimeout(go, waitMs))
    const answer = act(turn, dueMs)
    // It is awaited with the others; until then it is no failure that nobody looks at.
    answer.catch(() => {})
    answers.push(answer)
  }
  await Promise.all(answers)
}
