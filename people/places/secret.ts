import { present } from '@fermata/base/assert'
import { bytesOf, type FillRandom, type InboxId, type WorkspaceId } from '@fermata/base/ids'
import type { ReadTx } from '@fermata/storage/port'
import type { Keys } from '../access/index.ts'
import { newToken } from '../accounts/index.ts'
import { sealedSecret } from './store.sql.ts'

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

/** Reads and opens the secret of an inbox that is there. Throws `SealBroken` under another key file. */
export async function identitySecret(
  tx: ReadTx,
  keys: Keys,
  workspace: WorkspaceId,
  inbox: InboxId,
): Promise<string> {
  const key = { workspace: bytesOf(workspace), id: bytesOf(inbox) }
  const row = present(await tx.get(sealedSecret, key), 'an inbox')
  return keys.open(row.secret_sealed, contextOf(inbox))
}

function contextOf(inbox: InboxId): string {
  return `identity secret of ${inbox}`
}
