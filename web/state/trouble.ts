import { refused, type Result } from '@fermata/base/result'
import type { ErrorCode, Refusal } from '@fermata/contract/errors'
import { ConnectionFailed } from '@fermata/sdk/client'

/** Why something was not done: the server refused it, or could not be reached. */
export interface Trouble extends Omit<Refusal, 'code'> {
  readonly code: ErrorCode | 'unreachable'
}

/** Makes a call whose failing connection is a value like any refusal. */
export async function tried<T>(
  call: () => Promise<Result<T, Refusal>>,
): Promise<Result<T, Trouble>> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof ConnectionFailed)) throw error
    return refused({ code: 'unreachable', message: error.message })
  }
}
