import { createContext, use, useLayoutEffect, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { present } from '@fermata/base/assert'
import { directionOf, pickLanguage } from '../i18n/languages.ts'
import { useEnvironment } from '../ui/environment.tsx'
import { keepPreferences, readPreferences, type Preferences } from './preferences.ts'

/** Preferences, and how to change them. */
export interface PreferencesHolder {
  readonly preferences: Preferences
  change(part: Partial<Preferences>): void
}

const PreferencesContext = createContext<PreferencesHolder | null>(null)

/** Keeps the preferences of this device, and makes the page follow them. */
export function PreferencesProvider(props: { children: ReactNode }) {
  const [preferences, setPreferences] = useState(() => readPreferences(localStorage))
  const { languages } = useEnvironment()
  const { i18n } = useTranslation()
  const language = preferences.language ?? pickLanguage(languages)
  const { theme } = preferences
  useLayoutEffect(() => {
    const page = document.documentElement
    if (theme === 'system') delete page.dataset['theme']
    else page.dataset['theme'] = theme
  }, [theme])
  useLayoutEffect(() => {
    document.documentElement.lang = language
    document.documentElement.dir = directionOf(language)
    if (i18n.language !== language) void i18n.changeLanguage(language)
  }, [language, i18n])
  const holder = useMemo(
    () => ({
      preferences,
      change(part: Partial<Preferences>) {
        const next = { ...preferences, ...part }
        keepPreferences(localStorage, next)
        setPreferences(next)
      },
    }),
    [preferences],
  )
  return <PreferencesContext value={holder}>{props.children}</PreferencesContext>
}

/** The preferences of this device. */
export function usePreferences(): PreferencesHolder {
  return present(use(PreferencesContext), 'the preferences')
}
