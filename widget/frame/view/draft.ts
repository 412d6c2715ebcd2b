import { useEffect, useRef, useState } from 'preact/hooks'
import type { Kept } from '../kept.ts'

/**
 * Text that is being written, kept in the host page's storage with every change: a page that goes away
 * no longer hears what its frames would say then. Nothing is kept before something is written.
 */
export function useDraft(kept: Kept, name: string): readonly [string, (text: string) => void] {
  const key = `draft.${name}`
  const [text, setText] = useState(() => kept.get(key) ?? '')
  const former = useRef(key)
  useEffect(() => {
    // A conversation that was about to be opened has its real name now, and the draft moves along.
    if (former.current === key) return
    kept.set(key, kept.get(former.current))
    kept.set(former.current, null)
    former.current = key
  }, [kept, key])
  const write = (next: string): void => {
    setText(next)
    kept.set(key, next === '' ? null : next)
  }
  return [text, write]
}
