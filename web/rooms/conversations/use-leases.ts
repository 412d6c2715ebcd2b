import { useTranslation } from 'react-i18next'
import type { InboxId } from '@fermata/base/ids'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { isMyTurn } from '@fermata/contract/lists'
import { lookerOf } from '@fermata/contract/state'
import { useAskModel, useMe, useSession } from '../../state/use-session.tsx'
import { tried } from '../../state/trouble.ts'
import { useTroubleText } from '../../state/use-trouble.ts'
import { useNotices } from '../../ui/toast.tsx'
import { usePlace } from './use-place.ts'

/** Whether I may hand on, or take back, what others hold. */
export function useMayMoveLeases(): boolean {
  return useMe().permissions.includes('leases:move')
}

/**
 * Takes the most urgent conversation that is free and opens it: of the inbox that is shown, or of all whose
 * work is mine. Two of us who press at the same moment get two different ones.
 */
export function useNext(): () => Promise<void> {
  const { client } = useSession()
  const { key, open } = usePlace()
  const askModel = useAskModel()
  const notices = useNotices()
  const troubleText = useTroubleText()
  const { t } = useTranslation()
  return async () => {
    for (const inbox of key.inbox === null ? inboxesInOrder(askModel().state) : [key.inbox]) {
      const body = { client: client.newId() }
      const taken = await tried(() => client.leases.next({ params: { inbox }, body }))
      if (!taken.ok) {
        notices.say({ kind: 'failed', text: troubleText(taken.refusal) })
        return
      }
      if (taken.value.conversation !== null) return open(taken.value.conversation.id)
    }
    notices.say({ text: t('conversations.lease.nothing') })
  }
}

type State = ReturnType<ReturnType<typeof useAskModel>>['state']

/** The inboxes whose work is mine, the one first in which the most urgent is known to lie. */
function inboxesInOrder(state: State): InboxId[] {
  const looker = lookerOf(state)
  const soonest = new Map<InboxId, number>()
  for (const row of Object.values(state.rows)) {
    if (row === undefined || row.lease !== null || !isMyTurn(row, looker)) continue
    const due = row.due ?? Infinity
    soonest.set(row.inbox, Math.min(due, soonest.get(row.inbox) ?? Infinity))
  }
  const dueOf = (id: InboxId): number => soonest.get(id) ?? Infinity
  return Object.values(state.inboxes)
    .flatMap((inbox) => (inbox !== undefined && looker.serves(inbox.id) ? [inbox.id] : []))
    .toSorted((a, b) => (dueOf(a) === dueOf(b) ? 0 : dueOf(a) < dueOf(b) ? -1 : 1))
}

/** What I may do about who holds a conversation. */
export interface LeaseOffer {
  readonly take: boolean
  readonly release: boolean
  readonly hand: boolean
}

/** What somebody may do about who holds a conversation: what is free is anybody's to take and to give. */
export function leaseFor(
  row: Pick<ConversationRow, 'lease' | 'status'>,
  me: string,
  mayMove: boolean,
): LeaseOffer {
  const { lease } = row
  if (row.status === 'resolved') return { take: false, release: false, hand: false }
  const isMine = lease?.holder.id === me
  return {
    take: lease === null,
    release: isMine || (lease !== null && mayMove),
    hand: isMine || lease === null || mayMove,
  }
}
