import { ok, refused, type Result } from '@fermata/base/result'
import { refusal, type Refusal } from '@fermata/contract/errors'

/** What somebody is called and how they are reached. */
export interface Facts {
  readonly name: string | null
  readonly email: string | null
  readonly timeZone: string | null
  readonly locale: string | null
}

/** A contact, as far as decisions look at it. */
export interface ContactState extends Facts {
  /** The host site's own id; null for a visitor. */
  readonly externalId: string | null
}

/** Who the host site says a visitor is. */
export interface Proof {
  readonly externalId: string
  readonly name: string | null
  readonly email: string | null
  /** Whether name and address were signed too, or are only the visitor's own word. */
  readonly factsSigned: boolean
}

/** What follows from a proof. */
export type Identified =
  /** The visitor's own record stays theirs, with these facts. */
  | { readonly type: 'same'; readonly facts: Facts; readonly changed: boolean }
  /** The visitor's record becomes that of this person. */
  | { readonly type: 'named'; readonly facts: Facts }
  /** The person is known: the visitor's tokens and conversations become theirs. */
  | { readonly type: 'merged'; readonly facts: Facts }

/**
 * Decides what a proof means for a visitor. `known` is the contact who has the proven external id, if
 * there is one. A contact who is identified stays who they are: a proof about somebody else is
 * refused, or whoever uses the browser next would take over their conversations.
 */
export function identify(
  visitor: ContactState,
  known: ContactState | undefined,
  proof: Proof,
): Result<Identified, Refusal> {
  if (visitor.externalId === proof.externalId) {
    const facts = factsAfter(visitor, proof)
    return ok({ type: 'same', facts, changed: !sameFacts(facts, visitor) })
  }
  if (visitor.externalId !== null) {
    const message = 'This visitor is identified as somebody else. Begin as a new visitor.'
    return refused(refusal('conflict', { message }))
  }
  if (known === undefined) return ok({ type: 'named', facts: factsAfter(visitor, proof) })
  const told: Facts = {
    name: known.name ?? visitor.name,
    email: known.email ?? visitor.email,
    timeZone: visitor.timeZone ?? known.timeZone,
    locale: visitor.locale ?? known.locale,
  }
  return ok({ type: 'merged', facts: factsAfter(told, proof) })
}

/** What was signed replaces what was known; what was not only fills a gap. */
function factsAfter(before: Facts, { name, email, factsSigned }: Proof): Facts {
  const { timeZone, locale } = before
  return factsSigned
    ? { name: name ?? before.name, email: email ?? before.email, timeZone, locale }
    : { name: before.name ?? name, email: before.email ?? email, timeZone, locale }
}

function sameFacts(a: Facts, b: Facts): boolean {
  return (
    a.name === b.name && a.email === b.email && a.timeZone === b.timeZone && a.locale === b.locale
  )
}
