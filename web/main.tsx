import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nextProvider, useTranslation } from 'react-i18next'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { present } from '@fermata/base/assert'
import { systemClock } from '@fermata/base/clock'
import { createClient } from '@fermata/sdk/client'
import { Gate } from './app/gate.tsx'
import { intentsPrefix } from './rooms/conversations/intents.ts'
import { createWords } from './i18n/i18n.ts'
import { localeFor, pickLanguage } from './i18n/languages.ts'
import { draftsPrefix, wipeText } from './state/drafts.ts'
import { createEntering } from './state/entering.ts'
import { browserKeeping } from './state/keeping.ts'
import { readPreferences } from './state/preferences.ts'
import { DoorProvider } from './state/use-entering.tsx'
import { PreferencesProvider } from './state/use-preferences.tsx'
import './ui/base.css'
import { EnvironmentProvider, type Environment } from './ui/environment.tsx'
import { FocusProvider } from './ui/focus/provider.tsx'
import { NowProvider } from './ui/time/now.tsx'

// The only place where the browser's clock and randomness are taken.
const clock = systemClock()
const client = createClient({
  url: location.origin,
  clock,
  random: (bytes) => crypto.getRandomValues(bytes),
})
const environment: Environment = {
  clock,
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  languages: navigator.languages,
  apple: /Mac|iPhone|iPad/.test(navigator.userAgent),
}
const entering = createEntering({ client, clock, keeping: browserKeeping(), wipe })
const words = createWords(
  readPreferences(localStorage).language ?? pickLanguage(navigator.languages),
)

/** Forgets drafts and intents, and the files that the service worker keeps; it fetches those anew. */
async function wipe(): Promise<void> {
  wipeText(localStorage, [draftsPrefix, intentsPrefix])
  if (!('caches' in window)) return
  for (const name of await caches.keys()) await caches.delete(name)
}

/** The locale by which React Aria speaks and orders. */
function Localised(props: { children: React.ReactNode }) {
  const { i18n } = useTranslation()
  const locale = localeFor(pickLanguage([i18n.language]), environment.languages)
  return <I18nProvider locale={locale}>{props.children}</I18nProvider>
}

createRoot(present(document.getElementById('root'), 'the root of the page')).render(
  <StrictMode>
    <EnvironmentProvider value={environment}>
      <I18nextProvider i18n={words}>
        <PreferencesProvider>
          <Localised>
            <NowProvider>
              <FocusProvider>
                <DoorProvider value={{ entering, client }}>
                  <Gate />
                </DoorProvider>
              </FocusProvider>
            </NowProvider>
          </Localised>
        </PreferencesProvider>
      </I18nextProvider>
    </EnvironmentProvider>
  </StrictMode>,
)

void entering.begin({ wantsSetup: location.pathname === '/setup' })
if ('serviceWorker' in navigator) {
  // Without it the app works as well, only not without a network.
  navigator.serviceWorker.register('/worker.js').catch(() => {})
}
