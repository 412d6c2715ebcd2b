import { ok, refused, type Result } from '@fermata/base/result'
import { refusal, type Refusal } from '@fermata/contract/errors'
import type { AddressKind } from '@fermata/contract/words'
import { emailKey } from '../accounts/index.ts'

/** Digits alone, with the sign of an international number before them: as telephone numbers are compared. */
function phoneKey(text: string): string | null {
  const digits = text.replaceAll(/[^0-9+]/g, '').replace(/^00/, '+')
  return /^\+?[0-9]{5,15}$/.test(digits) ? digits : null
}

/** An address as it is compared. Refuses what is no telephone number. */
export function addressKey(kind: AddressKind, value: string): Result<string, Refusal> {
  if (kind === 'email') return ok(emailKey(value))
  const key = phoneKey(value)
  if (key !== null) return ok(key)
  const message = 'A telephone number has 5 to 15 digits.'
  return refused(refusal('invalid_field', { field: 'body.value', message }))
}
