import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { ChannelId, ConversationId, InboxId } from '@fermata/base/ids'
import type { List } from '@fermata/contract/words'

/** Goes to other screens. */
export interface Go {
  list(list: List, inbox?: InboxId | null): void
  conversation(id: ConversationId): void
  channels(): void
  channel(channel: ChannelId, conversation?: ConversationId): void
  direct(conversation: ConversationId): void
  settings(): void
}

/** The ways to other screens. */
export function useGo(): Go {
  const navigate = useNavigate()
  return useMemo(
    () => ({
      list: (list, inbox) =>
        void navigate({ to: '/inbox/$list', params: { list }, search: inbox ? { inbox } : {} }),
      conversation: (conversation) =>
        void navigate({ to: '/inbox/$list/$conversation', params: { list: 'all', conversation } }),
      channels: () => void navigate({ to: '/channels' }),
      channel: (channel, conversation) =>
        void (conversation === undefined
          ? navigate({ to: '/channels/$channel', params: { channel } })
          : navigate({
              to: '/channels/$channel/$conversation',
              params: { channel, conversation },
            })),
      direct: (conversation) =>
        void navigate({ to: '/directs/$conversation', params: { conversation } }),
      settings: () => void navigate({ to: '/settings' }),
    }),
    [navigate],
  )
}
