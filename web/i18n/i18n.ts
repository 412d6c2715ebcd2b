import { createInstance, type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en.ts'
import { it } from './it.ts'
import { languages, type Language } from './languages.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
  }
}

/** The words of the screen in one language, ready at once: both languages come with the app. */
export function createWords(language: Language): i18n {
  const words = createInstance()
  void words.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    supportedLngs: languages.map(({ id }) => id),
    resources: { en: { translation: en }, it: { translation: it } },
    // Permissions have a colon in their names, which would else name a file of words.
    nsSeparator: false,
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    initAsync: false,
  })
  return words
}
