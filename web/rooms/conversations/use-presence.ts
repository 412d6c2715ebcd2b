import { useEffect } from 'react'
import type { ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { Presence } from '@fermata/contract/events.schema'
import { useModel, useSession } from '../../state/use-session.tsx'
import { tried } from '../../state/trouble.ts'
import { useEnvironment } from '../../ui/environment.tsx'

/** What I do in a conversation at this moment. */
export type Doing = 'looking' | 'reply' | 'note'

const none: readonly Presence[] = []

/**
 * Says what I do in a conversation, again and again while the page is seen and the server is there, and
 * that I have left when I have. Answers who else is there.
 */
export function usePresence(id: ConversationId, doing: Doing): readonly Presence[] {
  const { client } = useSession()
  const { clock } = useEnvironment()
  const isLive = useModel((model) => model.feed === 'live')
  useEffect(() => {
    if (!isLive) return
    let cancel = (): void => {}
    const say = (what: Presence['doing']): void => {
      void tried(() =>
        client.presence.put(
          { params: { conversation: id }, body: { doing: what } },
          { retry: false },
        ),
      )
    }
    const go = (): void => {
      cancel()
      if (document.visibilityState !== 'visible') return
      say(doing)
      cancel = clock.after(limits.presenceMs * 0.6, go)
    }
    go()
    document.addEventListener('visibilitychange', go)
    return () => {
      cancel()
      document.removeEventListener('visibilitychange', go)
    }
  }, [client, clock, id, doing, isLive])
  useEffect(() => {
    const leave = (): void =>
      void tried(() =>
        client.presence.put(
          { params: { conversation: id }, body: { doing: 'left' } },
          { retry: false },
        ),
      )
    return leave
  }, [client, id])
  return useModel((model) => model.presence[id]) ?? none
}
