import { assert } from '@fermata/base/assert'

// Which versions of a message something holds for, as the protocol guide writes it: `4` is that version alone,
// `2-7` from 2 to 7, both included, and `3+` from 3 on.

/** Versions in a row, both ends included. */
export interface Versions {
  readonly min: number
  /** `Infinity` where no end is known yet. */
  readonly max: number
}

/** No version at all. */
export const noVersions: Versions = { min: Infinity, max: -Infinity }

/** Reads `4`, `2-7`, `3+` or `none`; anything else is a mistake in a declaration. */
export function versionsOf(text: string): Versions {
  if (text === 'none') return noVersions
  const found = /^(\d+)(?:(\+)|-(\d+))?$/.exec(text)
  assert(found, `"${text}" names no versions`)
  const min = Number(found[1])
  if (found[2]) return { min, max: Infinity }
  return { min, max: found[3] === undefined ? min : Number(found[3]) }
}

/** Whether a version is one of them. */
export function includes(versions: Versions, version: number): boolean {
  return version >= versions.min && version <= versions.max
}
