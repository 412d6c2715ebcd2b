import type { FillRandom } from '@fermata/base/ids'
import { ok, type Result } from '@fermata/base/result'
import type { Refusal } from '@fermata/contract/errors'
import type { Client } from '@fermata/sdk/client'
import type { Kept } from './kept.ts'
import type { Lock } from './lock.ts'

/** Who writes here: nobody yet, until the first word is sent. */
export interface Visitor {
  readonly token: () => string | null
  /**
   * Becomes a visitor, unless there is one. However often it is asked, and by however many tabs, one
   * visitor is made, even if a page was closed before it heard the answer. Throws ConnectionFailed when the server cannot be reached.
   */
  readonly become: () => Promise<Result<void, Refusal>>
  /** Another tab has become the visitor: nothing is to be waited for. */
  met(): void
  /** The visitor turned out to be this contact. Answers whether that is news. */
  readonly is: (contact: string) => boolean
  /** The server no longer knows the token. */
  readonly lose: () => void
}

/** What the server may know of a visitor's browser. */
export interface Surroundings {
  readonly zone: string
  readonly language: string
}

/** A token as the server would make it: 32 random bytes in base64url. */
function newToken(random: FillRandom): string {
  const bytes = new Uint8Array(32)
  random(bytes)
  const text = btoa(String.fromCharCode(...bytes))
  return `fmv_${text.replaceAll('+', '-').replaceAll('/', '_').replace('=', '')}`
}

export function visitorBy(
  client: Client,
  key: string,
  kept: Kept,
  lock: Lock,
  { zone, language }: Surroundings,
): Visitor {
  const body = {
    timeZone: zone,
    ...(/^[A-Za-z0-9-]{1,35}$/.test(language) ? { locale: language } : {}),
  }
  const token = (): string | null => kept.get('token')
  const ask = async (asked: string): Promise<Result<void, Refusal>> => {
    const made = await client.visitors.add({ params: { key }, body: { ...body, token: asked } })
    if (!made.ok) {
      // This token will never do; the next attempt brings another.
      const isBad = ['invalid_field', 'already_exists'].includes(made.refusal.code)
      if (isBad) kept.set('asked', null)
      return made
    }
    kept.set('contact', made.value.contact.id)
    kept.set('token', made.value.token)
    kept.set('asked', null)
    return ok(undefined)
  }
  const add = async (): Promise<Result<void, Refusal>> => {
    const fresh = newToken(client.connection.random)
    await lock.take(fresh)
    let isMade = false
    try {
      if (token() !== null) return ok(undefined)
      const made = await ask(kept.get('asked') ?? fresh)
      isMade = made.ok
      return made
    } finally {
      // Browsers hand a lock on sooner than what was stored under it. So whoever made the visitor
      // holds on to the lock as long as the page lives; other tabs hear of the token by and by.
      if (!isMade) lock.give()
    }
  }
  let adding: Promise<Result<void, Refusal>> | undefined
  return {
    token,
    async become() {
      if (token() !== null) return ok(undefined)
      adding ??= add().finally(() => (adding = undefined))
      return adding
    },
    met: () => lock.give(),
    is(contact) {
      const isNews = kept.get('contact') !== contact
      kept.set('contact', contact)
      return isNews
    },
    lose() {
      kept.set('asked', null)
      kept.set('token', null)
    },
  }
}
