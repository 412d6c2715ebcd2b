/**
 * What takes the focus when what had it is gone, by `data-landing` in the page: `page` is where a
 * screen begins, `part` the place in a smaller part of it, for what was lost within that part.
 */
const landings = '[data-landing]'
const screens = '[data-landing=page]'

/** Sees to it that the focus is always at something, as long as nobody takes it away on purpose. */
export interface FocusKeeper {
  /** Watches until the function that it answers is called. */
  start(): () => void
  /** What has the focus, or had it before it was lost. */
  last(): Element | null
  /** Goes to where the screen begins. */
  land(): void
  /** Another screen has come: it takes the focus, unless something else still has it. */
  arrive(): void
}

/** Keeps the focus of a page. */
export function createFocusKeeper(page: Document): FocusKeeper {
  /** What has or last had the focus, and everything that was around it, from the inside out. */
  let path: readonly Element[] = []
  let frame: number | null = null

  const isNowhere = (): boolean => {
    const at = page.activeElement
    return at === null || at === page.body || !at.checkVisibility()
  }
  const land = (): void => landingIn(page.documentElement)?.focus()
  const look = (): void => {
    frame = null
    const [lost, ...around] = path
    if (lost === undefined || !isNowhere()) return
    // Whoever leaves what is still there, by a click beside it, has meant to.
    if (canHaveFocus(lost)) path = []
    else landNear(around)
  }
  // A dialog that closes gives the focus back in the next frame. It asks for that before it is gone, so
  // whoever asks anew at every sign of a loss comes after it.
  const lookSoon = (): void => {
    if (frame !== null) cancelAnimationFrame(frame)
    frame = requestAnimationFrame(look)
  }
  const onFocus = (event: FocusEvent): void => {
    path = event.composedPath().filter((one) => one instanceof Element)
  }

  return {
    start() {
      // Not every browser tells that what has the focus is removed.
      const removals = new MutationObserver(() => page.activeElement === page.body && lookSoon())
      removals.observe(page, { childList: true, subtree: true })
      page.addEventListener('focusin', onFocus)
      page.addEventListener('focusout', lookSoon)
      return () => {
        removals.disconnect()
        page.removeEventListener('focusin', onFocus)
        page.removeEventListener('focusout', lookSoon)
        if (frame !== null) cancelAnimationFrame(frame)
        frame = null
      }
    },
    last: () => path[0] ?? null,
    land,
    arrive() {
      if (!isNowhere()) return
      if (path.length === 0) land()
      else lookSoon()
    },
  }
}

/** Whether something can have the focus: it is on the screen, and nothing forbids it. */
export function canHaveFocus(element: Element): boolean {
  return (
    element.isConnected &&
    element.checkVisibility() &&
    !element.matches(':disabled') &&
    element.closest('[inert], [aria-hidden=true]') === null
  )
}

/** Goes to the nearest landing, seen from what was around something. */
function landNear(around: readonly Element[]): void {
  for (const place of around) {
    const landing = place.isConnected ? landingIn(place) : undefined
    if (landing !== undefined) return landing.focus()
  }
}

/** Where the newest screen within a place begins; where none does, its first part that takes the focus. */
function landingIn(place: Element): HTMLElement | undefined {
  const all = [place, ...place.querySelectorAll(landings)]
    .filter((one) => one instanceof HTMLElement)
    .filter((one) => one.matches(landings) && canHaveFocus(one))
  return all.findLast((one) => one.matches(screens)) ?? all[0]
}
