import type { FromFrame, Hello, Identity } from '../link.ts'
import { putFrame, type Frame } from './frame.ts'
import { drawLauncher } from './launcher.ts'
import { openLock } from './lock.ts'
import type { Settings } from './settings.ts'
import { openStore } from './store.ts'
import { wordsFor } from './words.ts'

/** What the host page can do: `window.fermata`. */
export interface Chat {
  readonly open: () => void
  readonly close: () => void
  /** Says who the visitor is, as the host's own server has signed it. */
  readonly identify: (identity: Identity) => void
  /** Forgets the visitor: token, unsent words and draft. For the host's sign-out. */
  readonly forget: () => void
}

/** Browsers that deny storage throw when it is asked for. */
function storageOf(kind: 'localStorage' | 'sessionStorage'): Storage | null {
  try {
    return window[kind]
  } catch {
    return null
  }
}

/** Puts the chat on the page. */
export function startChat(settings: Settings): Chat {
  const words = wordsFor(settings.language ?? navigator.language)
  const launcher = drawLauncher(words, settings.theme)
  const store = openStore(settings.inbox, storageOf('localStorage'))
  const tab = openStore(settings.inbox, storageOf('sessionStorage'))
  const lock = openLock(`fermata.${settings.inbox}`)
  let identity = settings.identity
  let frame: Frame | undefined
  /** Whether the document in the frame has proven to be ours. */
  let alive = false
  let shown = false

  const met = (): boolean => store.get('token') !== null
  /** The next page in this tab shows the panel again, once a word has been said. */
  const keepShown = (): void => {
    if (met()) tab.set('shown', shown ? 'yes' : null)
  }
  const hello = (): Hello => {
    alive = false
    lock.give()
    const { theme, language } = settings
    return { fermata: 'hello', entries: store.all(), identity, theme, language, shown }
  }
  const heard = (message: FromFrame): void => {
    switch (message.type) {
      case 'ready':
        alive = true
        launcher.ready(true)
        // A document that comes into the frame takes the focus away that waited for it there.
        if (shown && launcher.focused()) frame?.focus()
        return
      case 'store':
        store.set(message.name, message.value)
        return message.name === 'token' ? keepShown() : undefined
      case 'unread':
        return launcher.count(message.count)
      case 'close':
        return show(false)
      case 'lock':
        return lock.take(() => frame?.say({ type: 'locked', entries: store.all() }))
      case 'unlock':
        return lock.give()
    }
  }
  const removeFrame = (): void => {
    frame?.remove()
    frame = undefined
    lock.give()
    launcher.ready(false)
    launcher.count(0)
  }
  const needFrame = (): Frame => {
    // A document that came but never spoke is not ours: the server was away, or refuses this page.
    if (frame?.loaded() === true && !alive) removeFrame()
    const source = new URL(`widget/frame/${encodeURIComponent(settings.inbox)}`, settings.base)
    frame ??= putFrame(launcher.panel, { source, title: words.title, hello, heard })
    return frame
  }
  const show = (will: boolean, focus = true): void => {
    if (will === shown) return
    shown = will
    launcher.expand(will)
    if (will) {
      const shownFrame = needFrame()
      if (focus) shownFrame.focus()
      shownFrame.say({ type: 'show', focus })
    } else frame?.say({ type: 'hide' })
    keepShown()
  }

  launcher.button.addEventListener('click', () => show(!shown))
  launcher.button.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') show(false)
  })
  window.addEventListener('storage', (event) => {
    if (event.storageArea !== storageOf('localStorage')) return
    const cleared = event.key === null
    const name = cleared ? 'token' : store.nameOf(event.key)
    if (name === null) return
    frame?.say({ type: 'stored', name, value: cleared ? null : event.newValue })
    if (name === 'token' && met()) needFrame()
  })
  const greetAgain = (): void => {
    const unsent = Object.keys(store.all()).some((name) => name.startsWith('out.'))
    if (!met() && !unsent) return
    needFrame()
    if (tab.get('shown') !== null && window.innerWidth > 480) show(true, false)
  }
  // Once the page itself has loaded, what was written before goes out, and whoever has been here
  // sees how many answers wait.
  if (document.readyState === 'complete') greetAgain()
  else window.addEventListener('load', greetAgain, { once: true })

  return {
    open: () => show(true),
    close: () => show(false),
    identify(who) {
      identity = who
      frame?.say({ type: 'identify', identity: who })
    },
    forget() {
      identity = null
      show(false)
      removeFrame()
      store.wipe()
      tab.wipe()
    },
  }
}
