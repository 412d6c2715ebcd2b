import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'
import { earlierPx, isAtEnd } from './thread-scroll.ts'
import type { TimelineItem } from './timeline.ts'

/** The box that scrolls, and what scrolls in it. */
export interface ThreadElements {
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly content: RefObject<HTMLDivElement | null>
}

/** How a thread scrolls. */
export interface ThreadScroll {
  /** How many messages have come below what is in view. */
  readonly below: number
  readonly isAtEnd: boolean
  toEnd(): void
}

const isWords = (item: TimelineItem): boolean => item.kind === 'message' || item.kind === 'pending'

/** A key for the first row that is not made up: days and dividers come and go. */
function firstKey(items: readonly TimelineItem[]): string | undefined {
  return items.find(isWords)?.key
}

/**
 * Keeps a thread where its reader is: at the end when they are there or have just written, else where they
 * read, also when earlier messages come in above. It opens at the first unread message.
 */
export function useThreadScroll(
  { scroller, content }: ThreadElements,
  items: readonly TimelineItem[],
  options: { onScroll(): void; onNearStart(): void },
): ThreadScroll {
  const before = useRef<{ first: string | undefined; count: number; height: number } | null>(null)
  const atEnd = useRef(true)
  const [shownAtEnd, setShownAtEnd] = useState(true)
  const [below, setBelow] = useState(0)
  const latest = useRef(options)
  useLayoutEffect(() => {
    latest.current = options
  })

  const look = useCallback(() => {
    const box = scroller.current
    if (box === null) return
    atEnd.current = isAtEnd(box)
    setShownAtEnd(atEnd.current)
    if (atEnd.current) setBelow(0)
    if (box.scrollTop < earlierPx) latest.current.onNearStart()
    latest.current.onScroll()
  }, [scroller])

  const toEnd = useCallback(() => {
    const box = scroller.current
    if (box === null) return
    box.scrollTop = box.scrollHeight
    look()
  }, [scroller, look])

  const count = items.filter(isWords).length
  const last = items.at(-1)
  const isMineLast = last?.kind === 'pending'
  useLayoutEffect(() => {
    const box = scroller.current
    const first = firstKey(items)
    if (box === null || first === undefined) return
    const was = before.current
    before.current = { first, count, height: box.scrollHeight }
    if (was === null) {
      const divider = box.querySelector<HTMLElement>('[data-unread]')
      box.scrollTop = divider === null ? box.scrollHeight : divider.offsetTop - 24
      look()
    } else if (was.first !== first && count > was.count) {
      // Earlier messages have come in above: what was read stays where it was.
      box.scrollTop += box.scrollHeight - was.height
    } else if (count > was.count) {
      if (atEnd.current || isMineLast) box.scrollTop = box.scrollHeight
      else setBelow((some) => some + count - was.count)
      look()
    }
  }, [scroller, items, count, isMineLast, look])

  useEffect(() => {
    const box = scroller.current
    if (box === null || content.current === null) return
    // The composer grows, the window changes, a message unfolds: the end stays the end.
    const observer = new ResizeObserver(() => {
      if (atEnd.current) box.scrollTop = box.scrollHeight
      if (before.current) before.current = { ...before.current, height: box.scrollHeight }
      look()
    })
    observer.observe(box)
    observer.observe(content.current)
    box.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      box.removeEventListener('scroll', look)
    }
  }, [scroller, content, look])

  return { below, isAtEnd: shownAtEnd, toEnd }
}
