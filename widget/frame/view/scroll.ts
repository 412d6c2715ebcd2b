import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

const nearPx = 48

/** A log that stays at its end while it is there, and where one reads while it is not. */
export interface Scrolled {
  readonly box: { current: HTMLDivElement | null }
  /** Whether the end is in sight. */
  readonly atEnd: boolean
  readonly onScroll: () => void
  readonly toEnd: () => void
}

/** `first` names the first line: when another comes before it, what is read stays where it is. */
export function useScrolled(first: string, version: unknown): Scrolled {
  const box = useRef<HTMLDivElement>(null)
  const known = useRef({ first, height: 0, pinned: true })
  const [atEnd, setAtEnd] = useState(true)

  const toEnd = (): void => {
    const element = box.current
    if (element !== null) element.scrollTop = element.scrollHeight
  }
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const before = known.current
    if (before.pinned) toEnd()
    else if (before.first !== first) element.scrollTop += element.scrollHeight - before.height
    known.current = { ...before, first, height: element.scrollHeight }
  }, [first, version])
  useEffect(() => {
    // The keyboard of a phone, or a composer that grows, takes the end out of sight.
    const element = box.current
    if (element === null) return undefined
    const observer = new ResizeObserver(() => {
      if (known.current.pinned) toEnd()
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return {
    box,
    atEnd,
    toEnd,
    onScroll() {
      const element = box.current
      // A hidden panel has no height, and says nothing about where one reads.
      if (element === null || element.clientHeight === 0) return
      const left = element.scrollHeight - element.scrollTop - element.clientHeight
      known.current.pinned = left < nearPx
      setAtEnd(known.current.pinned)
    },
  }
}
