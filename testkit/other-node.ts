import { existsSync, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A Node.js of the system, other than the one that runs this; null if there is none on the PATH. */
export function otherNode(): string | null {
  const own = realpathSync(process.execPath)
  const isOther = (path: string): boolean => existsSync(path) && realpathSync(path) !== own
  const places = (process.env['PATH'] ?? '').split(delimiter).map((place) => join(place, 'node'))
  return places.find((path) => isOther(path) && !path.includes('node_modules')) ?? null
}
