/**
 * A refusal is a value, not an exception: whoever calls must look at it before going on.
 */
export type Result<T, R> = Ok<T> | Refused<R>

/** The call did what it was asked. */
export interface Ok<T> {
  readonly ok: true
  readonly value: T
}

/** The call was refused; nothing was changed. */
export interface Refused<R> {
  readonly ok: false
  readonly refusal: R
}

/** Wraps a value as the successful half of a result. */
export function ok<T>(value: T): Ok<T> {
  return { ok: true, value }
}

/** Wraps a reason as the refused half of a result. */
export function refused<R>(refusal: R): Refused<R> {
  return { ok: false, refusal }
}
