import type { Clock } from '@fermata/base/clock'
import { render } from 'preact'
import { createUploads } from '@fermata/sdk/uploads'
import { followLive } from '../live.ts'
import type { Session } from '../session.ts'
import { keptUploads } from '../uploads.ts'
import { languageOf, localeOf, sayIn } from '../words.ts'
import { App } from './app.tsx'
import { SurroundContext } from './context.ts'
import tokens from '../tokens.css?inline'
import base from '../style/base.css?inline'
import composer from '../style/composer.css?inline'
import files from '../style/files.css?inline'
import home from '../style/home.css?inline'
import thread from '../style/thread.css?inline'

/** The style comes with the program, so that nothing is ever drawn without it. */
function dress(): void {
  document.adoptedStyleSheets = [tokens, base, home, thread, composer, files].map((text) => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(text)
    return sheet
  })
}

/** Draws the screen. */
export function draw(given: {
  readonly session: Session
  readonly clock: Clock
  readonly languages: readonly string[]
  readonly unread: (count: number) => void
  readonly close: () => void
}): void {
  const { session, clock, languages, close, unread } = given
  const language = languageOf(languages)
  const place = {
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    locale: localeOf(language, languages),
  }
  document.documentElement.lang = language
  dress()
  const store = followLive(session, unread)
  const uploads = createUploads({
    client: session.client,
    storage: keptUploads(session.kept),
    before: session.meet,
  })
  const around = { session, store, uploads, clock, close, place, say: sayIn(language) }
  render(
    <SurroundContext.Provider value={around}>
      <App />
    </SurroundContext.Provider>,
    document.body,
  )
}
