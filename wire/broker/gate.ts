/** Lets so many in at a time; the others wait in line. */
export interface Gate {
  pass<T>(run: () => Promise<T>): Promise<T>
}

/** A gate for some at a time. */
export function openGate(atOnceMax: number): Gate {
  const line: (() => void)[] = []
  let inside = 0
  return {
    async pass(run) {
      // Whoever leaves hands its place on, so that nobody slips in before those who wait.
      if (inside < atOnceMax) inside++
      else await new Promise<void>((enter) => line.push(enter))
      try {
        return await run()
      } finally {
        const next = line.shift()
        if (next === undefined) inside--
        // Not before what was read here has gone on its way; from memory all would be read in one breath.
        else setImmediate(next)
      }
    },
  }
}
