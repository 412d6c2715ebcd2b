import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { ConversationId, InboxId } from '@fermata/base/ids'
import type { WindowKey } from '@fermata/contract/state'
import type { List } from '@fermata/contract/words'

/** Where in the inbox somebody is: a list, perhaps of one inbox, and perhaps an open conversation. */
export interface Place {
  readonly key: WindowKey
  readonly conversation: ConversationId | null
  /** Opens a conversation beside the same list; null closes the one that is open. */
  open(conversation: ConversationId | null): void
  /** Another list of the same inbox. */
  show(list: List): void
}

/** Where in the inbox somebody is. */
export function usePlace(): Place {
  const navigate = useNavigate()
  const { list = 'ours', conversation } = useParams({ strict: false })
  const { inbox } = useSearch({ strict: false })
  return useMemo(() => {
    const search: { inbox?: InboxId } = inbox === undefined ? {} : { inbox }
    return {
      key: { list, inbox: inbox ?? null, contact: null },
      conversation: conversation ?? null,
      open: (id) =>
        void (id === null
          ? navigate({ to: '/inbox/$list', params: { list }, search })
          : navigate({
              to: '/inbox/$list/$conversation',
              params: { list, conversation: id },
              search,
            })),
      show: (other) => void navigate({ to: '/inbox/$list', params: { list: other }, search }),
    }
  }, [navigate, list, conversation, inbox])
}
