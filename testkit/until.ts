import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises'

/** Ten times what the slowest of these effects usually takes. */
const patienceMs = 60_000
/** So many looks come one after the other; then each leaves room for whom it waits for. */
const looksAtOnce = 50
const pauseMs = 5

/**
 * Resolves as soon as a condition holds, looking again after every turn of the event loop and later
 * every few milliseconds. For effects that come over a real connection, whose arrival nothing else
 * announces. Throws when it has not come within a minute.
 */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + patienceMs
  for (let looks = 0; !(await holds()); looks++) {
    if (performance.now() > untilMs) throw new Error(`waited in vain until ${what}`)
    await (looks < looksAtOnce ? turn() : pause(pauseMs))
  }
}
