import { pino, destination, type DestinationStream, type Logger } from 'pino'

/** What is logged of an error: where it comes from, and never the values that a library hangs on it. */
export interface LoggedError {
  readonly type: string
  readonly message: string
  readonly code?: string
  readonly stack?: string
  readonly cause?: LoggedError
}

/** How many causes of causes are told. */
const causesMax = 5

/** An error as the log has it. A database's error would bring the row along that it is about. */
export function loggedError(error: unknown, causesLeft = causesMax): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'thrown, and no error' }
  const { name, message, stack, cause } = error
  const code = 'code' in error ? String(error.code) : undefined
  return {
    type: name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(stack === undefined ? {} : { stack }),
    ...(cause === undefined || causesLeft === 0
      ? {}
      : { cause: loggedError(cause, causesLeft - 1) }),
  }
}

/**
 * The log: one JSON line for each problem, on standard error, written before the call returns, so that
 * the last words of a process are not lost. It holds no bodies, no tokens and no e-mail addresses.
 */
export function openLog(to: DestinationStream = destination({ dest: 2, sync: true })): Logger {
  return pino({ level: 'info', base: null, serializers: { err: loggedError } }, to)
}
