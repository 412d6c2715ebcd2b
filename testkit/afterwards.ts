import type { TestContext } from 'node:test'

const actsOf = new WeakMap<TestContext, (() => unknown)[]>()

/**
 * Does something when a test is over, the last first: what lives in a folder ends before the folder goes. A
 * test's own `after` hooks run in the order in which they were given. One that fails keeps none of the others away.
 */
export function afterwards(t: TestContext, act: () => unknown): void {
  const known = actsOf.get(t)
  if (known !== undefined) {
    known.push(act)
    return
  }
  const acts = [act]
  actsOf.set(t, acts)
  t.after(async () => {
    const errors: unknown[] = []
    for (let one = acts.pop(); one !== undefined; one = acts.pop()) {
      await Promise.resolve()
        .then(one)
        .catch((error: unknown) => errors.push(error))
    }
    if (errors.length > 0) throw errors[0]
  })
}
