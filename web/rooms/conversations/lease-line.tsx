import { Hand, UserRoundCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { useMyId } from '../../state/use-session.tsx'
import { Button } from '../../ui/button.tsx'
import { useMoment } from '../../ui/time/time.tsx'
import { useActorName } from '../contacts/names.ts'
import type { Act } from './acts.ts'
import { useMayMoveLeases } from './use-leases.ts'

/** Says who holds a conversation and until when, with the note that it was handed over with. */
export function LeaseLine(props: {
  row: ConversationRow
  onAct: (act: Act) => void
  onHand: () => void
  onPass: () => void
}) {
  const { lease } = props.row
  const { t } = useTranslation()
  const moment = useMoment()
  const name = useHolderName()
  const me = useMyId()
  const mayMove = useMayMoveLeases()
  if (lease === null) return null
  const isMine = lease.holder.id === me
  const words = { who: name(lease.holder), time: moment(lease.until) }
  const Icon = isMine ? UserRoundCheck : Hand
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-dim px-4 py-1.5 sm:px-6">
      <Icon aria-hidden size={16} strokeWidth={1.75} className="shrink-0 text-soft" />
      <p className="figures min-w-0 grow basis-48">
        {t(isMine ? 'conversations.lease.mine' : 'conversations.lease.theirs', words)}
        {lease.note !== null && (
          <span className="block text-soft" dir="auto">
            {t('conversations.lease.note', { who: name(lease.note.by), text: lease.note.text })}
          </span>
        )}
      </p>
      {(isMine || mayMove) && (
        <span className="flex flex-wrap gap-1">
          <Button kind="quiet" onPress={props.onHand}>
            {t('conversations.lease.hand')}
          </Button>
          {isMine && (
            <Button kind="quiet" onPress={props.onPass}>
              {t('conversations.lease.pass')}
            </Button>
          )}
          <Button kind="quiet" onPress={() => props.onAct({ type: 'release' })}>
            {t(isMine ? 'conversations.lease.release' : 'conversations.lease.takeBack')}
          </Button>
        </span>
      )}
    </div>
  )
}

/** The name of whoever holds something: "You" for me, otherwise the one they had when they took it. */
export function useHolderName(): (holder: {
  id: `mbr_${string}` | `app_${string}`
  name: string
}) => string {
  const actorName = useActorName()
  const me = useMyId()
  return ({ id, name }) => (id === me || name === '' ? actorName(id) : name)
}
