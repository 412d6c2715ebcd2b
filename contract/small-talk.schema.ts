import { Type, type Static } from 'typebox'
import { limits } from '@fermata/base/limits'
import { closed } from './shapes.schema.ts'

/** The code of a language (ISO 639), or `all` for the words that count in every one. */
export const listName = Type.String({ pattern: '^[a-z]{2,3}$', maxLength: 3 })

/** One word: no spaces, and something to compare. */
const word = Type.String({
  minLength: 1,
  maxLength: limits.smallTalkWordCharsMax,
  pattern: String.raw`^[^\s\u0000-\u001f\u007f]+$`,
})

const words = Type.Array(word, { maxItems: limits.smallTalkWordsPerListMax, uniqueItems: true })

export const smallTalkView = closed({
  language: listName,
  words,
  /** Whether these are the words that Fermata comes with. */
  usual: Type.Boolean(),
})
export type SmallTalkView = Static<typeof smallTalkView>

export const smallTalkBody = closed({ words })
