import type { Clock } from '@fermata/base/clock'
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Kept } from '../kept.ts'

const keepMs = 300

/**
 * Text that is being written, kept in the host page's storage a moment after every change and when
 * the page goes away. Nothing is kept before something is written.
 */
export function useDraft(
  kept: Kept,
  clock: Clock,
  name: string,
): readonly [string, (text: string) => void] {
  const key = `draft.${name}`
  const [text, setText] = useState(() => kept.get(key) ?? '')
  const current = useRef(text)
  const former = useRef(key)
  const keep = useCallback(() => {
    kept.set(key, current.current === '' ? null : current.current)
  }, [kept, key])

  useEffect(() => (text === '' ? undefined : clock.after(keepMs, keep)), [text, clock, keep])
  useEffect(() => {
    const leave = (): void => keep()
    document.addEventListener('visibilitychange', leave)
    window.addEventListener('pagehide', leave)
    return () => {
      leave()
      document.removeEventListener('visibilitychange', leave)
      window.removeEventListener('pagehide', leave)
    }
  }, [keep])
  useEffect(() => {
    // A conversation that was about to be opened has its real name now, and the draft moves along.
    if (former.current === key) return
    kept.set(former.current, null)
    former.current = key
    keep()
  }, [kept, key, keep])
  const write = (next: string): void => {
    current.current = next
    setText(next)
    // A draft that was sent is gone at once, lest the next page show it beside the message.
    if (next === '') keep()
  }
  return [text, write]
}
