import { limits } from '@fermata/base/limits'
import type { Result } from '@fermata/base/result'
import type { Refusal } from '@fermata/contract/errors'
import type { RouteName } from '@fermata/contract/routes'
import { ConnectionFailed, fraction, type Connection } from './connection.ts'
import { Naps } from './naps.ts'
import { attempt, type Attempt, type Parts } from './request.ts'
import { isRepeatable, retryMs } from './retry.ts'

/** How one call behaves. */
export interface CallOptions {
  /** Gives the call up; it then throws the signal's reason. */
  readonly signal?: AbortSignal
  /** `false` tries only once. Otherwise what is safe to repeat is tried again. */
  readonly retry?: boolean
  /** How long one attempt may take, in milliseconds; limits.requestMsMax when absent. */
  readonly timeoutMs?: number
}

/** Calls a route, again and again while that is safe and may help. */
export async function callRoute(
  connection: Connection,
  name: RouteName,
  parts: Parts = {},
  options: CallOptions = {},
): Promise<Result<unknown, Refusal>> {
  const repeats = options.retry !== false && isRepeatable(name)
  for (let attempts = 1; ; attempts++) {
    options.signal?.throwIfAborted()
    const made = await limited(connection, name, parts, options)
    options.signal?.throwIfAborted()
    const delayMs = repeats ? retryMs(attempts, made, fraction(connection.random)) : null
    if (delayMs !== null) {
      await new Naps(connection.clock).sleep(delayMs, options.signal)
      continue
    }
    if (made.result !== null) return made.result
    throw new ConnectionFailed(`${name} got no answer from ${connection.url}`, {
      cause: made.cause,
    })
  }
}

/** One attempt, cut off when it takes too long or when the caller gives up. */
async function limited(
  connection: Connection,
  name: RouteName,
  parts: Parts,
  options: CallOptions,
): Promise<Attempt> {
  const { timeoutMs = limits.requestMsMax, signal } = options
  const cut = new AbortController()
  const giveUp = (): void => cut.abort(signal?.reason)
  const stop = connection.clock.after(timeoutMs, () =>
    cut.abort(new DOMException(`no answer within ${timeoutMs} ms`, 'TimeoutError')),
  )
  signal?.addEventListener('abort', giveUp)
  try {
    return await attempt(connection, name, parts, cut.signal)
  } finally {
    stop()
    signal?.removeEventListener('abort', giveUp)
  }
}
