import type { FillRandom } from '@fermata/base/ids'

/**
 * Makes the ids of requests: unlike those of other starts of the server by their beginning, and of
 * this one by their end. They are for finding a line in the log, not for keeping.
 */
export function requestIds(random: FillRandom): () => string {
  const bytes = new Uint8Array(6)
  random(bytes)
  const start = Buffer.from(bytes).toString('base64url')
  let count = 0
  return () => {
    count += 1
    return `${start}-${count.toString(36)}`
  }
}
