import { pino, destination, type Logger } from 'pino'

/**
 * The log: one JSON line for each problem, on standard error, written before the call returns, so that
 * the last words of a process are not lost. It holds no bodies, no tokens and no e-mail addresses.
 */
export function openLog(): Logger {
  return pino({ level: 'info', base: null }, destination({ dest: 2, sync: true }))
}
