import { isIP } from 'node:net'
import { ok, refused, type Result } from '@fermata/base/result'

/** One thing that can be set: by a flag, a variable, or both; the flag wins. */
export interface Option<T> {
  readonly flag?: string
  readonly variable?: string
  /** What stands for the value in the help; absent for a flag without one. */
  readonly value?: string
  readonly fallback: T
  /** What the help says about the fallback, where there is one to tell. */
  readonly shown?: string
  /** Reads the text, or says what would have been right. */
  readonly parse: (text: string) => Result<T, string>
  readonly help: string
}

/** Declares one. */
export function option<T>(one: Option<T>): Option<T> {
  return one
}

/** Reads the number of a port. */
export function readPort(text: string): Result<number, string> {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN
  return port <= 65_535 ? ok(port) : refused('a port number from 0 to 65535')
}

/** Reads where to listen. */
export function readHost(text: string): Result<string, string> {
  const name = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/
  return isIP(text) !== 0 || name.test(text) ? ok(text) : refused('an IP address or a host name')
}
