import type { FromFrame, Hello, Identity } from '../link.ts'
import { putFrame, type Frame } from './frame.ts'
import { drawLauncher, type Launcher } from './launcher.ts'
import { openLock, type Lock } from './lock.ts'
import type { Settings } from './settings.ts'
import { openStore, type PageStore } from './store.ts'
import { wordsFor } from './words.ts'

/** What the host page can do: `window.fermata`. */
export interface Chat {
  open(): void
  close(): void
  /** Says who the visitor is, as the host's own server has signed it. */
  identify(identity: Identity): void
  /** Forgets the visitor: token, unsent words and draft. For the host's sign-out. */
  forget(): void
}

/** Puts the chat on the page. */
export function startChat(settings: Settings): Chat {
  const chat = new PageChat(settings)
  chat.listen()
  return {
    open: () => chat.show(true),
    close: () => chat.show(false),
    identify: (identity) => chat.identify(identity),
    forget: () => chat.forget(),
  }
}

/** Browsers that deny storage throw when it is asked for. */
function storageOf(kind: 'localStorage' | 'sessionStorage'): Storage | null {
  try {
    return window[kind]
  } catch {
    return null
  }
}

class PageChat {
  readonly #settings: Settings
  readonly #title: string
  readonly #launcher: Launcher
  readonly #store: PageStore
  readonly #tab: PageStore
  readonly #lock: Lock
  #identity: Identity | null
  #frame: Frame | undefined
  /** Whether the document in the frame has proven to be ours. */
  #isAlive = false
  #isShown = false

  constructor(settings: Settings) {
    const { inbox, language, theme, identity } = settings
    const words = wordsFor(language ?? navigator.language)
    this.#settings = settings
    this.#title = words.title
    this.#launcher = drawLauncher(words, theme)
    this.#store = openStore(inbox, storageOf('localStorage'))
    this.#tab = openStore(inbox, storageOf('sessionStorage'))
    this.#lock = openLock(`fermata.${inbox}`)
    this.#identity = identity
  }

  listen(): void {
    const { button } = this.#launcher
    button.addEventListener('click', () => this.show(!this.#isShown))
    button.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.show(false)
    })
    window.addEventListener('storage', (event) => this.#learn(event))
    // The page itself comes first.
    if (document.readyState === 'complete') this.#goOn()
    else window.addEventListener('load', () => this.#goOn(), { once: true })
  }

  show(will: boolean, focus = true): void {
    if (will === this.#isShown) return
    this.#isShown = will
    this.#launcher.expand(will)
    if (will) {
      const frame = this.#needFrame()
      if (focus) frame.focus()
      frame.say({ type: 'show', focus })
    } else this.#frame?.say({ type: 'hide' })
    this.#keepShown()
  }

  identify(identity: Identity): void {
    this.#identity = identity
    this.#frame?.say({ type: 'identify', identity })
  }

  forget(): void {
    this.#identity = null
    this.show(false)
    this.#removeFrame()
    this.#store.wipe()
    this.#tab.wipe()
  }

  /** Sends what a former page left unsent, and counts answers for whoever has been here before. */
  #goOn(): void {
    const unsent = Object.keys(this.#store.all()).some((name) => name.startsWith('out.'))
    if (!this.#isMet() && !unsent) return
    this.#needFrame()
    if (this.#tab.get('shown') !== null && window.innerWidth > 480) this.show(true, false)
  }

  /** Another tab of the host has changed the storage. */
  #learn({ storageArea, key, newValue }: StorageEvent): void {
    if (storageArea !== storageOf('localStorage')) return
    const name = key === null ? 'token' : this.#store.nameOf(key)
    if (name === null) return
    this.#frame?.say({ type: 'stored', name, value: key === null ? null : newValue })
    if (name === 'token' && this.#isMet()) this.#needFrame()
  }

  #isMet(): boolean {
    return this.#store.get('token') !== null
  }

  /** The next page in this tab shows the panel again, once a word has been said. */
  #keepShown(): void {
    if (this.#isMet()) this.#tab.set('shown', this.#isShown ? 'yes' : null)
  }

  #needFrame(): Frame {
    // A document that came but never spoke is not ours: the server was away, or refuses this page.
    if (this.#frame?.loaded() === true && !this.#isAlive) this.#removeFrame()
    const { inbox, base } = this.#settings
    this.#frame ??= putFrame(this.#launcher.panel, {
      source: new URL(`widget/frame/${encodeURIComponent(inbox)}`, base),
      title: this.#title,
      hello: () => this.#hello(),
      heard: (message) => this.#hear(message),
    })
    return this.#frame
  }

  #removeFrame(): void {
    this.#frame?.remove()
    this.#frame = undefined
    this.#lock.give()
    this.#launcher.ready(false)
    this.#launcher.count(0)
  }

  #hello(): Hello {
    this.#isAlive = false
    this.#lock.give()
    const { theme, language } = this.#settings
    const [entries, identity, shown] = [this.#store.all(), this.#identity, this.#isShown]
    return { fermata: 'hello', entries, identity, theme, language, shown }
  }

  /** What will be asked for is stored before it is, so that a page that is closed then loses nothing. */
  #locked(asked: string): void {
    if (!this.#isMet() && this.#store.get('asked') === null) this.#store.set('asked', asked)
    this.#frame?.say({ type: 'locked', entries: this.#store.all() })
  }

  #hear(message: FromFrame): void {
    switch (message.type) {
      case 'ready':
        this.#isAlive = true
        this.#launcher.ready(true)
        // A document that comes into the frame takes the focus away that waited for it there.
        if (this.#isShown && this.#launcher.focused()) this.#frame?.focus()
        return
      case 'store':
        this.#store.set(message.name, message.value)
        return message.name === 'token' ? this.#keepShown() : undefined
      case 'unread':
        return this.#launcher.count(message.count)
      case 'close':
        return this.show(false)
      case 'lock':
        return this.#lock.take(() => this.#locked(message.asked))
      case 'unlock':
        return this.#lock.give()
    }
  }
}
