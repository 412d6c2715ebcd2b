import { useCallback, useEffect, useRef, useState } from 'react'
import type { ConversationId } from '@fermata/base/ids'
import { readOf, seenUpTo } from '@fermata/contract/reading'
import { useAskModel, useMyId, useSession } from '../../state/use-session.tsx'
import { tried } from '../../state/trouble.ts'
import { useEnvironment } from '../../ui/environment.tsx'
import { ask, guessOf } from './acts.ts'
import { readNumber, type Placed } from './thread-scroll.ts'
import type { ThreadElements } from './use-thread-scroll.ts'

/** How long something must be in view before it counts as read, in milliseconds. */
const readMs = 350

function placed(content: HTMLElement): Placed[] {
  return Array.from(content.querySelectorAll<HTMLElement>('[data-number]'), (element) => ({
    number: Number(element.dataset['number']),
    top: element.offsetTop,
    height: element.offsetHeight,
  }))
}

/** Reading a conversation: up to where, and where the line before the unread messages stands. */
export interface Reading {
  /** Up to which number everything had been read when this visit began; null before that is known. */
  readonly readTo: number | null
  /** Something may have come into view. */
  look(): void
  /** Marks unread from a number on, and reads no further during this visit. */
  markUnread(number: number): void
}

/** Moves my cursor as messages come into view, while the page is looked at. */
export function useReading(id: ConversationId, { scroller, content }: ThreadElements): Reading {
  const { client, store } = useSession()
  const { clock } = useEnvironment()
  const me = useMyId()
  const askModel = useAskModel()
  const cursor = useCallback(() => askModel().state.mine[id]?.cursor ?? 0, [askModel, id])
  const [readTo, setReadTo] = useState(cursor)
  const isHeld = useRef(false)
  const isLooking = useRef(false)

  const read = useCallback(() => {
    const [box, inside] = [scroller.current, content.current]
    const seen = document.visibilityState === 'visible' && document.hasFocus()
    if (box === null || inside === null || !seen || isHeld.current) return
    const number = readNumber(placed(inside), box)
    if (number === null) return
    const known = readOf(askModel().state.mine[id])
    const upTo = seenUpTo(known, number)
    if (upTo <= known.cursor) return
    const act = { type: 'read', number: upTo } as const
    const guess = guessOf(id, act, me, clock.now())
    void tried(() => store.act(guess, () => ask(client, id, act)))
  }, [client, store, clock, me, id, askModel, scroller, content])

  const look = useCallback(() => {
    if (isLooking.current) return
    isLooking.current = true
    clock.after(readMs, () => {
      isLooking.current = false
      read()
    })
  }, [clock, read])

  useEffect(() => {
    // Whoever comes back to the page sees what was said meanwhile below a line.
    const onVisibility = (): void => {
      if (document.visibilityState === 'hidden') setReadTo(cursor())
      else look()
    }
    window.addEventListener('focus', look)
    document.addEventListener('visibilitychange', onVisibility)
    return () => {
      window.removeEventListener('focus', look)
      document.removeEventListener('visibilitychange', onVisibility)
    }
  }, [look, cursor])

  const markUnread = useCallback((number: number) => {
    isHeld.current = true
    setReadTo(number - 1)
  }, [])
  return { readTo, look, markUnread }
}
