import { limits } from '@fermata/base/limits'

/** The name of the list whose words count in every language. */
export const everyLanguage = 'all'

/** The words of small talk in one language, or in every one. */
export interface SmallTalkList {
  /** ISO 639, such as `it`; or `all`. */
  readonly language: string
  readonly words: readonly string[]
}

/** The question marks of the world's scripts; the Greek one looks like a semicolon. */
const questionMark = /[?¿\u037E՞؟፧᥅⁇⁈⁉‽⸘⸮꘏꛷︖﹖？❓❔]/u

/**
 * A word is a run of letters, marks and digits, also around an apostrophe; an emoji is a word, and so is any
 * other sign that is no punctuation: one that nobody has put into a list.
 */
const word =
  /[\p{L}\p{M}\p{N}]+(?:'[\p{L}\p{M}\p{N}]+)*|\p{Extended_Pictographic}(?:\u200D\p{Extended_Pictographic})*|[\p{S}\p{C}]/gu

/** What only says how an emoji looks: its colour, its variant. */
const looks = /[\p{Emoji_Modifier}\uFE0E\uFE0F]/gu

/**
 * The words of a text, alike however they are written: in capitals, with a typographic apostrophe, with an
 * accent as a sign of its own, with ß for ss.
 */
export function wordsOf(text: string): string[] {
  const plain = text
    .normalize('NFKC')
    .replaceAll(looks, '')
    .replaceAll(/[’‘ʼ＇`´]/gu, "'")
  return plain.toUpperCase().toLowerCase().normalize('NFC').match(word) ?? []
}

/** Whether a text asks something. */
export function asks(text: string): boolean {
  return questionMark.test(text)
}

/** Whether a text might be small talk, whatever the lists hold: short, and it asks nothing. */
export function isShortAndAsksNothing(text: string): boolean {
  if (text.length > limits.smallTalkCharsMax || asks(text)) return false
  const { length } = wordsOf(text)
  return length > 0 && length <= limits.smallTalkWordsMax
}

/**
 * Whether a text is small talk: at most six words, no question mark, and all its words in the list of one
 * language, where those of every language count too.
 */
export function isSmallTalk(text: string, lists: readonly SmallTalkList[]): boolean {
  if (!isShortAndAsksNothing(text)) return false
  const said = wordsOf(text)
  const shared = knownIn(lists, (language) => language === everyLanguage)
  const languages = [everyLanguage, ...lists.map(({ language }) => language)]
  return languages.some((language) => {
    const known = knownIn(lists, (one) => one === language)
    return said.every((one) => known.has(one) || shared.has(one))
  })
}

function knownIn(
  lists: readonly SmallTalkList[],
  isMeant: (language: string) => boolean,
): ReadonlySet<string> {
  const words = lists.filter(({ language }) => isMeant(language)).flatMap((list) => list.words)
  return new Set(words.flatMap((one) => wordsOf(one)))
}
