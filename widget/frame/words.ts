import { english, type Dictionary, type Word } from './words.en.ts'
import { italian } from './words.it.ts'

/** The languages of the frame. */
export const dictionaries = { en: english, it: italian } as const
export type Language = keyof typeof dictionaries

/** Says a sentence: fills in what stands in braces, and chooses by `count` where there is a choice. */
export type Say = (word: Word, values?: Readonly<Record<string, string | number>>) => string

/** The first language in the visitor's order that there is a dictionary for. */
export function languageOf(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const language = tag.toLowerCase().split('-')[0]
    if (language === 'it' || language === 'en') return language
  }
  return 'en'
}

/**
 * The tag that dates are written by: the visitor's own regional form of the language, if they have
 * one, so that an English sentence holds British times for the British.
 */
export function localeOf(language: Language, preferred: readonly string[]): string {
  return preferred.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language
}

/** The sentences of a language. */
export function sayIn(language: Language): Say {
  const dictionary: Dictionary = dictionaries[language]
  const plural = new Intl.PluralRules(language)
  return (word, values = {}) => {
    const [one = '', other = one] = dictionary[word].split('|')
    const count = values['count']
    const isOne = typeof count !== 'number' || plural.select(count) === 'one'
    return (isOne ? one : other).replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
      String(values[name] ?? whole),
    )
  }
}
