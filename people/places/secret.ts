import type { FillRandom, InboxId } from '@fermata/base/ids'
import type { Keys } from '../access/index.ts'
import { newToken } from '../accounts/index.ts'

/** A new identity secret. The host site's key is the UTF-8 bytes of the whole text. */
export function newSecret(random: FillRandom): string {
  return newToken('fmi_', random)
}

/** A new public key: random only so that inboxes cannot be listed by guessing. */
export function newInboxKey(random: FillRandom): string {
  const bytes = new Uint8Array(16)
  random(bytes)
  return `fmw_${Buffer.from(bytes.buffer).toString('base64url')}`
}

/** Seals a secret so that it opens for this inbox alone. */
export function sealSecret(keys: Keys, inbox: InboxId, secret: string): Uint8Array {
  return keys.seal(secret, contextOf(inbox))
}

/** Opens an inbox's secret. Throws `SealBroken` when the key file is another. */
export function openSecret(keys: Keys, inbox: InboxId, sealed: Uint8Array): string {
  return keys.open(sealed, contextOf(inbox))
}

function contextOf(inbox: InboxId): string {
  return `identity secret of ${inbox}`
}
