import { Archive, CircleCheck, Moon, Pause, type LucideIcon } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ConversationRow, MineView } from '@fermata/contract/conversations.schema'
import { putAway } from '@fermata/contract/lists'
import { Button } from '../../ui/button.tsx'
import { useMoment } from '../../ui/time/time.tsx'
import { useActorName } from '../contacts/names.ts'
import type { Act } from './acts.ts'

interface Said {
  readonly icon: LucideIcon
  readonly text: string
  readonly reason?: string
  readonly act: Act
  readonly button: string
}

/** Says why a conversation is not in the list where one would look for it, and takes it back. */
export function StateLine(props: {
  row: ConversationRow
  mine: MineView | undefined
  onAct: (act: Act) => void
}) {
  const said = useSaid(props.row, props.mine)
  if (said === null) return null
  const Icon = said.icon
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-dim px-4 py-1.5 sm:px-6">
      <Icon aria-hidden size={16} strokeWidth={1.75} className="shrink-0 text-soft" />
      <p className="figures min-w-0 grow">
        {said.text}
        {said.reason !== undefined && said.reason !== '' && (
          <span className="text-soft"> · {said.reason}</span>
        )}
      </p>
      <Button kind="quiet" onPress={() => props.onAct(said.act)}>
        {said.button}
      </Button>
    </div>
  )
}

function useSaid(row: ConversationRow, mine: MineView | undefined): Said | null {
  const { t } = useTranslation()
  const moment = useMoment()
  const name = useActorName()
  if (mine?.snoozedUntil != null) {
    const time = moment(mine.snoozedUntil)
    return {
      icon: Moon,
      text: t('conversations.state.snoozed', { time }),
      act: { type: 'unsnooze' },
      button: t('app.commands.unsnooze'),
    }
  }
  if (row.status === 'paused' && row.pause !== null) {
    const { until, reason, side, by } = row.pause
    const [time, who] = [until === null ? '' : moment(until), name(by)]
    const words = side === 'ours' ? 'paused' : 'customerPaused'
    return {
      icon: Pause,
      text: t(`conversations.state.${until === null ? (`${words}Open` as const) : words}`, {
        time,
        who,
      }),
      reason,
      act: { type: 'resume' },
      button: t('conversations.resume'),
    }
  }
  if (row.status === 'resolved' && row.resolution !== null) {
    const { at, by } = row.resolution
    return {
      icon: CircleCheck,
      text: t('conversations.state.resolved', { time: moment(at), who: name(by) }),
      act: { type: 'reopen' },
      button: t('conversations.reopen'),
    }
  }
  if (!putAway(row, mine)) return null
  return {
    icon: Archive,
    text: t('conversations.state.archived'),
    act: { type: 'unarchive' },
    button: t('app.commands.unarchive'),
  }
}
