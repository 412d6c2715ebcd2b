import { createHash } from 'node:crypto'
import type { FillRandom } from '@fermata/base/ids'

/** Random bytes of a token: 256 bits, which nobody guesses. */
const tokenBytes = 32

/**
 * What a token may open, by its first letters, so that a leaked one is known for what it is:
 * a member's session (a cookie), an app, a visitor, the first set-up, an inbox's identity secret, an
 * invitation (to join), the reset of a password.
 */
export type TokenPrefix = 'fms_' | 'fma_' | 'fmv_' | 'fmu_' | 'fmi_' | 'fmj_' | 'fmr_'

/** Makes a token: the prefix and 43 characters of base64url. */
export function newToken(prefix: TokenPrefix, random: FillRandom): string {
  const bytes = new Uint8Array(tokenBytes)
  random(bytes)
  return prefix + Buffer.from(bytes.buffer).toString('base64url')
}

/**
 * What is stored of a token. A single SHA-256 is enough: unlike a password, a token has so much
 * randomness that its hash cannot be searched.
 */
export function tokenHash(token: string): Uint8Array {
  return createHash('sha256').update(token).digest()
}
