import { systemClock, type Clock } from '@fermata/base/clock'
import { whenAwake } from './awake.ts'
import { meetPage, type Page } from './page.ts'
import { countQuietly } from './quiet.ts'
import { startSession, type Session } from './session.ts'

const againMs = 5_000

/**
 * The frame begins small: it sends what is left unsent and counts unread answers. The screen is
 * fetched when somebody opens the panel for the first time.
 */
function start(page: Page): void {
  const clock = systemClock()
  const root = document.documentElement
  const languages = page.hello.language === null ? navigator.languages : [page.hello.language]
  const session = startSession({
    page,
    clock,
    key: root.dataset['key'] ?? '',
    url: window.location.origin,
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    language: languages[0] ?? 'en',
    restart: () => window.location.reload(),
    report: (error) => reportError(error),
  })
  root.dataset['theme'] = page.hello.theme
  whenAwake(() => session.wake())
  page.hear((message) => session.hear(message))
  show(page, session, clock, languages)
  page.say({ type: 'ready' })
}

/** Counts as long as nobody has opened the panel, then draws the screen, which counts by itself. */
function show(page: Page, session: Session, clock: Clock, languages: readonly string[]): void {
  const unread = (count: number): void => page.say({ type: 'unread', count })
  let stop: (() => void) | undefined
  let drawn = false
  const look = (): void => {
    const { shown, met } = session.facts.getState()
    if (drawn) return
    if (!shown) {
      if (met) stop ??= countQuietly(session.client, clock, { unread, lost: session.lost })
      return
    }
    drawn = true
    session.greet()
    import('./view/draw.tsx').then(
      ({ draw }) => {
        stop?.()
        draw({ session, clock, languages, unread, close: () => page.say({ type: 'close' }) })
      },
      // A part of the program that did not come is not asked for twice by browsers.
      () => clock.after(againMs, () => window.location.reload()),
    )
  }
  session.facts.subscribe(look)
  look()
}

void meetPage(window).then(start)
