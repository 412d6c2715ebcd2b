import type { Refusal } from '@fermata/contract/errors'
import type { Say } from './words.ts'

/** Why the server refused something, in the visitor's language. */
export function reasonOf(refusal: Refusal | null, say: Say): string {
  switch (refusal?.code) {
    case 'not_found':
      return say('reasonGone')
    case 'too_many':
      return say('reasonOften')
    case 'too_large':
      return say('reasonLarge')
    default:
      return say('reasonOther', { code: refusal?.code ?? '' })
  }
}
