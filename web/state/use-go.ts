import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { ConversationId, InboxId } from '@fermata/base/ids'
import type { List } from '@fermata/contract/words'

/** Goes to other screens. */
export interface Go {
  list(list: List, inbox?: InboxId | null): void
  conversation(id: ConversationId): void
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
      settings: () => void navigate({ to: '/settings' }),
    }),
    [navigate],
  )
}
