import { createHmac, timingSafeEqual } from 'node:crypto'
import { compactVerify } from 'jose'
import { Value } from 'typebox/value'
import { limits } from '@fermata/base/limits'
import { ok, refused, type Result } from '@fermata/base/result'
import { refusal, type Refusal } from '@fermata/contract/errors'
import { email, name } from '@fermata/contract/shapes.schema'
import type { Proof } from './contact.ts'

/** What a visitor brings to prove who they are: a JWT, or an HMAC of their external id. */
export type Brought =
  | { readonly jwt: string }
  | {
      readonly externalId: string
      readonly hmac: string
      readonly name?: string
      readonly email?: string
    }

/**
 * Checks what a visitor brought against the secret that their inbox shares with the host site. A
 * JWT (RFC 7519) is signed with HS256 and nothing else, names the person in `sub`, and ends (`exp`)
 * within `identityTokenMsMax`. An HMAC is the SHA-256 one (RFC 2104) of the external id, in
 * hexadecimal digits; it never runs out.
 */
export async function checkProof(
  brought: Brought,
  secret: string,
  now: number,
): Promise<Result<Proof, Refusal>> {
  return 'jwt' in brought ? checkJwt(brought.jwt, secret, now) : checkHmac(brought, secret)
}

function checkHmac(
  brought: Exclude<Brought, { readonly jwt: string }>,
  secret: string,
): Result<Proof, Refusal> {
  const { externalId } = brought
  const wanted = createHmac('sha256', secret).update(externalId).digest()
  const found = Buffer.from(brought.hmac, 'hex')
  if (found.length !== wanted.length || !timingSafeEqual(found, wanted)) {
    return wrong('body.hmac', "The HMAC was not made with this inbox's secret.")
  }
  const told = { name: brought.name ?? null, email: brought.email ?? null }
  return ok({ externalId, ...told, factsSigned: false })
}

async function checkJwt(jwt: string, secret: string, now: number): Promise<Result<Proof, Refusal>> {
  const claims = await verified(jwt, secret)
  if (claims === null) {
    return wrong('body.jwt', "The token is no JWT signed by HS256 with this inbox's secret.")
  }
  const { sub, exp, nbf } = claims
  if (typeof exp !== 'number') return wrong('body.jwt', 'The token lacks the claim `exp`.')
  if (exp * 1_000 <= now) return wrong('body.jwt', 'The token has expired.')
  if (exp * 1_000 > now + limits.identityTokenMsMax) {
    const message = 'The claim `exp` lies too far ahead.'
    const limit = limits.identityTokenMsMax
    return refused(refusal('invalid_field', { field: 'body.jwt', message, limit }))
  }
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf * 1_000 <= now)) {
    return wrong('body.jwt', 'The token is not valid yet.')
  }
  const max = limits.externalIdCharsMax
  if (typeof sub !== 'string' || sub === '' || sub.length > max || /\p{Cc}/u.test(sub)) {
    return wrong('body.jwt', `The claim \`sub\` must be a text of 1 to ${max} characters.`)
  }
  if (claims.name !== undefined && !Value.Check(name, claims.name)) {
    return wrong('body.jwt', 'The claim `name` is no name.')
  }
  if (claims.email !== undefined && !Value.Check(email, claims.email)) {
    return wrong('body.jwt', 'The claim `email` is no e-mail address.')
  }
  const told = { name: claims.name ?? null, email: claims.email ?? null }
  return ok({ externalId: sub, ...told, factsSigned: true })
}

interface Claims {
  readonly sub?: unknown
  readonly exp?: unknown
  readonly nbf?: unknown
  readonly name?: unknown
  readonly email?: unknown
}

/** The claims of a JWT with the right signature, or null. Times are not looked at here. */
async function verified(jwt: string, secret: string): Promise<Claims | null> {
  try {
    const key = new TextEncoder().encode(secret)
    const { payload } = await compactVerify(jwt, key, { algorithms: ['HS256'] })
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
    return typeof claims === 'object' && claims !== null ? claims : null
  } catch {
    return null
  }
}

function wrong(field: string, message: string): Result<never, Refusal> {
  return refused(refusal('invalid_field', { field, message }))
}
