/** A broken invariant: a bug in Fermata, never a fault of the caller's input. */
export class AssertionFailure extends Error {
  override readonly name = 'AssertionFailure'
}

/** Throws when an invariant does not hold. `message` says what should have been true. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFailure(message)
}

/** Returns the value, or throws when it is absent. For values that an invariant promises. */
export function present<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new AssertionFailure(`${what} must be present`)
  return value
}

/** Stands in the last branch of a switch: compiles only when every case is handled. */
export function unreachable(value: never): never {
  throw new AssertionFailure(`unhandled case: ${JSON.stringify(value)}`)
}
