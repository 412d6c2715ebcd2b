/**
 * Resolves as soon as a condition holds, looking again after every turn of the event loop. For effects
 * that come over a real connection, whose arrival nothing else announces. Throws when it has not come
 * within ten seconds.
 */
export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + 10_000
  while (!(await holds())) {
    if (performance.now() > untilMs) throw new Error(`waited in vain until ${what}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
