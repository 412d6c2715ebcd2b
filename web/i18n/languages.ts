/** The languages that Fermata speaks, each by its own name. */
export const languages = [
  { id: 'en', name: 'English' },
  { id: 'it', name: 'Italiano' },
] as const

export type Language = (typeof languages)[number]['id']

/** The first of somebody's preferred languages that Fermata speaks; English when it speaks none. */
export function pickLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const known = languages.find(({ id }) => tag.toLowerCase().split('-')[0] === id)
    if (known) return known.id
  }
  return 'en'
}

/**
 * The locale whose dates and numbers are shown: the reader's own region where it goes with the
 * language, as `en-GB` does with English.
 */
export function localeFor(language: Language, preferred: readonly string[]): string {
  return preferred.find((tag) => tag.toLowerCase().startsWith(`${language}-`)) ?? language
}

/** Scripts that are written from right to left. */
const rightToLeft = new Set(['ar', 'fa', 'he', 'ur', 'yi', 'dv', 'ps', 'sd', 'ug', 'ckb'])

/** Which way a language is written. */
export function directionOf(language: string): 'ltr' | 'rtl' {
  return rightToLeft.has(language.split('-')[0] ?? '') ? 'rtl' : 'ltr'
}
