import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { ok, refused, type Result } from '@fermata/base/result'
import type { Identity, ScramHash, ScramKeys } from './identity.ts'

// The server's side of SCRAM (RFC 5802 section 3 and 7, RFC 7677), without channel binding, as Kafka speaks it:
//
//   client-first => ("n" | "y") "," [ "a=" user ] "," "n=" user ",r=" nonce [ "," extensions ]
//   server-first => "r=" nonce server-nonce ",s=" base64 ",i=" digits
//   client-final => "c=" base64 ",r=" nonce server-nonce [ "," extensions ] ",p=" base64
//   server-final => "v=" base64

/** What the client has said first. */
export interface ClientFirst {
  readonly user: string
  /** What the channel's header was, which it repeats at the end. */
  readonly header: string
  readonly bare: string
  readonly nonce: string
}

const firstForm = /^(?<header>[ny],(?:a=(?<as>[^,]*))?,)(?<bare>n=(?<user>[^,]+),r=(?<nonce>[!-+\--~]+)(?:,.*)?)$/ // prettier-ignore
const finalForm = /^(?<without>c=(?<channel>[^,]+),r=(?<nonce>[^,]+)(?:,.*)?),p=(?<proof>[^,]+)$/

/** Reads what the client says first. */
export function readClientFirst(token: Uint8Array): Result<ClientFirst, string> {
  const parts = firstForm.exec(textOf(token))?.groups
  if (parts === undefined) return refused('this is no beginning of SCRAM')
  const { header = '', bare = '', nonce = '' } = parts
  const user = unescaped(parts['user'] ?? '')
  const as = parts['as'] === undefined ? user : unescaped(parts['as'])
  if (user === undefined || as !== user) return refused('a user name is wrong')
  return ok({ user, header, bare, nonce })
}

/** What the server answers. */
export function serverFirst(nonce: string, { salt, iterations }: ScramKeys): string {
  return `r=${nonce},s=${base64(salt)},i=${iterations}`
}

/** What has been said so far. */
export interface Exchange {
  readonly hash: ScramHash
  readonly first: ClientFirst
  /** Both nonces. */
  readonly nonce: string
  readonly serverFirst: string
  readonly keys: ScramKeys
}

/** Checks the client's proof against each of the user's passwords; answers who it is, and the server's own proof. */
export function finish(
  { hash, first, nonce, serverFirst, keys }: Exchange,
  token: Uint8Array,
): Result<{ readonly identity: Identity; readonly token: string }, string> {
  const parts = finalForm.exec(textOf(token))?.groups
  if (parts === undefined) return refused('this is no end of SCRAM')
  const { without = '', channel = '', proof: said = '' } = parts
  // librdkafka before 2.6 puts its own nonce in front of both; Kafka looks at the end for that reason, and so do we.
  const isOurs = parts['nonce']?.endsWith(nonce) === true
  if (!isOurs || channel !== base64(Buffer.from(first.header))) {
    return refused('the end does not go with the beginning')
  }
  const message = `${first.bare},${serverFirst},${without}`
  const proof = Buffer.from(said, 'base64')
  for (const { storedKey, serverKey, identity } of keys.keys) {
    const signature = createHmac(hash, storedKey).update(message).digest()
    if (proof.length !== signature.length) break
    const clientKey = proof.map((byte, at) => byte ^ signature[at]!)
    const found = createHash(hash).update(clientKey).digest()
    if (found.length !== storedKey.length || !timingSafeEqual(found, storedKey)) continue
    const ours = createHmac(hash, serverKey).update(message).digest()
    return ok({ identity, token: `v=${base64(ours)}` })
  }
  return refused('user and password do not belong together')
}

function textOf(token: Uint8Array): string {
  return Buffer.from(token).toString('utf8')
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

/** A name as it was before commas and equals signs were written as =2C and =3D. */
function unescaped(name: string): string | undefined {
  if (/=(?!2C|3D)/.test(name)) return undefined
  return name.replaceAll('=2C', ',').replaceAll('=3D', '=')
}
