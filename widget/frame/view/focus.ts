import { useEffect } from 'preact/hooks'

/** Touch screens open their keyboard over what one wants to read first. */
const touch = '(pointer: coarse)'

/**
 * Gives the focus to a part of the screen when it appears, and when somebody comes into the frame
 * without pointing at anything. Never takes it from the page around: only a frame that has it may.
 */
export function useFocus(part: { readonly current: HTMLElement | null }, always = false): void {
  useEffect(() => {
    const take = (): void => {
      const idle = document.activeElement === document.body || document.activeElement === null
      if (document.hasFocus() && idle && (always || !window.matchMedia(touch).matches)) {
        part.current?.focus({ preventScroll: true })
      }
    }
    take()
    window.addEventListener('focus', take)
    return () => window.removeEventListener('focus', take)
  }, [part, always])
}
