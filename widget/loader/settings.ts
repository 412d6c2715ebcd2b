import type { Identity, Theme } from '../link.ts'

/** What the host page asks for, from the script's attributes and from `window.fermata`. */
export interface Settings {
  readonly inbox: string
  /** Where Fermata is, with a slash at its end. */
  readonly base: URL
  readonly identity: Identity | null
  readonly theme: Theme
  readonly language: string | null
}

/** What a host may put into `window.fermata` before the script runs. */
export interface HostSettings {
  readonly inbox?: string
  readonly identity?: Identity
  readonly theme?: string
  readonly language?: string
}

function themeOf(text: string | undefined): Theme {
  return text === 'light' || text === 'dark' ? text : 'auto'
}

/** Reads the settings; an attribute of the script counts more. Throws when the inbox is not named. */
export function readSettings(script: HTMLScriptElement, host: HostSettings): Settings {
  const { inbox, theme, language } = script.dataset
  const key = inbox ?? host.inbox
  if (key === undefined || key === '') {
    throw new Error('Fermata: name the inbox in data-inbox of the script, or in window.fermata.')
  }
  return {
    inbox: key,
    base: new URL('.', script.src),
    identity: host.identity ?? null,
    theme: themeOf(theme ?? host.theme),
    language: language ?? host.language ?? null,
  }
}
