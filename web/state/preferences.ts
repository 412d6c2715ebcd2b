import { languages, type Language } from '../i18n/languages.ts'

/** How the app looks and behaves on this device. */
export interface Preferences {
  readonly theme: 'light' | 'dark' | 'system'
  /** Null: what the browser asks for. */
  readonly language: Language | null
  /** Whether single letters do something. */
  readonly letters: boolean
  /** What sends: Ctrl or Cmd with Enter, or Enter alone. */
  readonly sendBy: 'mod' | 'enter'
}

export const defaultPreferences: Preferences = {
  theme: 'system',
  language: null,
  letters: true,
  sendBy: 'mod',
}

/** The part of the browser's storage that is used here. */
export type TextStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** Where they stand; public/theme.js reads the theme from there before anything is painted. */
export const preferencesKey = 'fermata.preferences'

/** Reads preferences; whatever is missing or unknown is as if it had never been chosen. */
export function readPreferences(storage: TextStorage): Preferences {
  const kept = parsed(storage.getItem(preferencesKey))
  const language = languages.find(({ id }) => id === kept['language'])?.id ?? null
  return {
    theme: kept['theme'] === 'light' || kept['theme'] === 'dark' ? kept['theme'] : 'system',
    language,
    letters: kept['letters'] !== false,
    sendBy: kept['sendBy'] === 'enter' ? 'enter' : 'mod',
  }
}

/** Keeps preferences. */
export function keepPreferences(storage: TextStorage, preferences: Preferences): void {
  storage.setItem(preferencesKey, JSON.stringify(preferences))
}

function parsed(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
