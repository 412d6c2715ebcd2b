import type { Theme } from '../link.ts'
import { darkStyle, style } from './style.ts'
import type { LoaderWords } from './words.ts'

/** The launcher and the panel that the frame lies in. */
export interface Launcher {
  readonly panel: HTMLElement
  readonly button: HTMLButtonElement
  /** Shows or hides the panel. Focus that was in a panel that goes returns to the launcher. */
  readonly expand: (shown: boolean) => void
  /** How many unread answers the launcher tells of. */
  readonly count: (unread: number) => void
  /** Whether the focus is in the launcher or the panel. */
  readonly focused: () => boolean
  /** Shows the frame instead of the words that stand behind it. */
  readonly ready: (is: boolean) => void
}

// Both icons are from lucide (ISC licence).
const bubble =
  'M2.992 16.342a2 2 0 0 1 .094 1.167l-1.065 3.29a1 1 0 0 0 1.236 1.168l3.413-.998a2 2 0 0 1 1.099.092 10 10 0 1 0-4.777-4.719'
const chevron = 'm6 9 6 6 6-6'

/** Elements are made one by one: pages that forbid markup in scripts (Trusted Types) allow this. */
function icon(path: string, name: string): SVGElement {
  const space = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(space, 'svg')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  svg.setAttribute('class', name)
  svg.appendChild(document.createElementNS(space, 'path')).setAttribute('d', path)
  return svg
}

function sheets(theme: Theme): CSSStyleSheet[] {
  const light = new CSSStyleSheet()
  light.replaceSync(style)
  const dark = new CSSStyleSheet({
    media: theme === 'auto' ? '(prefers-color-scheme: dark)' : 'all',
  })
  dark.replaceSync(darkStyle)
  return theme === 'light' ? [light] : [light, dark]
}

/**
 * Draws the launcher. It hangs on the root element, not on the body, so that styles of the body and
 * scripts that replace it do not reach it, and stands in the top layer, above every z-index.
 */
export function drawLauncher(words: LoaderWords, theme: Theme): Launcher {
  const host = document.createElement('fermata-chat')
  const root = host.attachShadow({ mode: 'open' })
  root.adoptedStyleSheets = sheets(theme)

  const panel = document.createElement('section')
  panel.id = 'panel'
  panel.hidden = true
  const silent = document.createElement('p')
  silent.textContent = words.silent
  panel.append(silent)

  const button = document.createElement('button')
  button.type = 'button'
  button.setAttribute('aria-controls', 'panel')
  const badge = document.createElement('b')
  badge.setAttribute('aria-hidden', 'true')
  button.append(icon(bubble, 'closed'), icon(chevron, 'opened'), badge)
  root.append(panel, button)

  let unread = 0
  const label = (): void => {
    const shown = !panel.hidden
    const waiting = unread > 0 && !shown
    badge.textContent = waiting ? (unread > 9 ? '9+' : String(unread)) : ''
    const text = shown ? words.close : words.open
    const news = unread === 1 ? words.answer : words.answers
    button.setAttribute('aria-expanded', String(shown))
    button.setAttribute('aria-label', waiting ? `${text} (${unread} ${news})` : text)
  }
  label()

  document.documentElement.append(host)
  // Browsers without popovers still have the highest z-index of the style.
  if ('popover' in host) {
    host.popover = 'manual'
    host.showPopover()
  }
  const focused = (): boolean => root.activeElement !== null
  return {
    panel,
    button,
    focused,
    expand(shown) {
      const within = focused()
      panel.hidden = !shown
      label()
      if (within && !shown) button.focus()
    },
    count(number) {
      unread = number
      label()
    },
    ready: (is) => void panel.classList.toggle('ready', is),
  }
}
