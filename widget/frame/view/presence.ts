import type { Clock } from '@fermata/base/clock'
import type { ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { Client } from '@fermata/sdk/client'
import { useEffect, useRef } from 'preact/hooks'

/** Said again before what was said last is no longer believed. */
const againMs = limits.presenceMs * 0.6
/** Who has done nothing for so many rounds only has the page open. */
const idleRounds = 15

type Doing = 'looking' | 'reply' | 'left'

/**
 * Tells the other side that somebody looks at a conversation, and when they write in it; the answer is
 * what to call with every key. Nothing is told while the panel is hidden.
 */
export function usePresence(
  client: Client,
  clock: Clock,
  conversation: ConversationId | null,
  visible: boolean,
): () => void {
  const typed = useRef<() => void>(() => undefined)
  useEffect(() => {
    if (conversation === null || !visible) return undefined
    let [last, typedAt, rounds] = ['left' as Doing, -Infinity, 0]
    let stop = (): void => undefined
    const tell = (doing: Doing): void => {
      last = doing
      // Nobody waits for it: what is not heard now is said again in a moment.
      client.presence
        .put({ params: { conversation }, body: { doing } }, { retry: false })
        .catch(() => undefined)
    }
    const round = (): void => {
      const writes = clock.monotonic() - typedAt < againMs
      rounds += 1
      if (rounds > idleRounds) return
      tell(writes ? 'reply' : 'looking')
      stop = clock.after(againMs, round)
    }
    typed.current = () => {
      typedAt = clock.monotonic()
      const idle = rounds > idleRounds
      rounds = 0
      if (idle) round()
      else if (last !== 'reply') tell('reply')
    }
    round()
    return () => {
      stop()
      typed.current = () => undefined
      if (last !== 'left') tell('left')
    }
  }, [client, clock, conversation, visible])
  return () => typed.current()
}
