import { createHash, createHmac, pbkdf2 } from 'node:crypto'
import { present } from '@fermata/base/assert'
import type { AppId } from '@fermata/base/ids'

/** The two mechanisms that Kafka clients know, by the hash that they use. */
export type ScramHash = 'sha256' | 'sha512'

const bytesOfHash = { sha256: 32, sha512: 64 } as const
const nameOfHash = { sha256: 'SCRAM-SHA-256', sha512: 'SCRAM-SHA-512' } as const
const saltBytes = 16

/**
 * How often the hash is turned: the least that RFC 7677 section 4 allows. More would only slow down guessing,
 * and a token of 256 random bits cannot be guessed.
 */
export const turns = 4_096

/** What a server keeps to check a SCRAM exchange: it can neither sign in with it nor learn the token. */
export interface Verifier {
  readonly iterations: number
  readonly salt: Uint8Array
  readonly storedKey: Uint8Array
  readonly serverKey: Uint8Array
}

function hmac(hash: ScramHash, key: Uint8Array, text: string): Buffer {
  return createHmac(hash, key).update(text).digest()
}

/**
 * Derives a verifier (RFC 5802 section 3): StoredKey = H(HMAC(SaltedPassword, "Client Key")) and
 * ServerKey = HMAC(SaltedPassword, "Server Key").
 */
export async function verifierOf(
  hash: ScramHash,
  secret: string,
  salt: Uint8Array,
  iterations: number = turns,
): Promise<Verifier> {
  const salted = await new Promise<Buffer>((resolve, reject) => {
    pbkdf2(secret, salt, iterations, bytesOfHash[hash], hash, (error, key) => {
      if (error === null) resolve(key)
      else reject(error)
    })
  })
  const storedKey = createHash(hash)
    .update(hmac(hash, salted, 'Client Key'))
    .digest()
  return { iterations, salt, storedKey, serverKey: hmac(hash, salted, 'Server Key') }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

/** A verifier as text: `SCRAM-SHA-256$4096:salt$StoredKey:ServerKey` (RFC 5803), in base 64. */
export function verifierText(hash: ScramHash, verifier: Verifier): string {
  const { iterations, salt, storedKey, serverKey } = verifier
  const keys = `${base64(storedKey)}:${base64(serverKey)}`
  return `${nameOfHash[hash]}$${iterations}:${base64(salt)}$${keys}`
}

/** Reads a verifier back from its text. */
export function verifierFrom(text: string): Verifier {
  const [, iterations, salt, keys] = present(
    /^[^$]+\$(\d+):([^$]+)\$(.+)$/.exec(text),
    'a verifier',
  )
  const [storedKey = '', serverKey = ''] = keys!.split(':')
  const bytes = (base64: string): Uint8Array => Buffer.from(base64, 'base64')
  return {
    iterations: Number(iterations),
    salt: bytes(salt!),
    storedKey: bytes(storedKey),
    serverKey: bytes(serverKey),
  }
}

/**
 * The salt of all tokens of a user name: the server must name it before it knows which of them the client has. A
 * salt keeps what was tried on one user from being of use against another, for which it need not be secret; and
 * whoever asks for a user that there is not gets one that looks like any other.
 */
export function saltOf(hash: ScramHash, user: string): Uint8Array {
  return createHash('sha256').update(`${hash}:${user}`).digest().subarray(0, saltBytes)
}

/** Both verifiers of an app's token as they are stored. */
export async function scramVerifiers(
  token: string,
  app: AppId,
): Promise<{ readonly scram_sha256: string; readonly scram_sha512: string }> {
  const made = async (hash: ScramHash): Promise<string> =>
    verifierText(hash, await verifierOf(hash, token, saltOf(hash, app)))
  return { scram_sha256: await made('sha256'), scram_sha512: await made('sha512') }
}
