import { CalendarClock, CircleAlert, Paperclip } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ScheduledView } from '@fermata/contract/drafts.schema'
import { useModel } from '../../state/use-session.tsx'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Prose } from '../../ui/prose.tsx'
import { useMoment } from '../../ui/time/time.tsx'
import { useContactName } from '../contacts/names.ts'
import { EditScheduled } from './edit.tsx'
import { SendLaterDialog } from './send-later.tsx'
import { useScheduledActs } from './use-scheduled.ts'

/** A message of mine that waits for its time, or was stopped: what it says, when, and what can be done. */
export function Scheduled(props: { scheduled: ScheduledView }) {
  const { scheduled } = props
  const { id, kind, text, files } = scheduled
  const { t } = useTranslation()
  const acts = useScheduledActs()
  const row = useModel((model) => model.state.rows[scheduled.conversation])
  const contact = useModel((model) => (row ? model.state.contacts[row.contact] : undefined))
  const contactName = useContactName()
  const [asking, setAsking] = useState<'time' | 'text' | null>(null)
  const close = (): void => setAsking(null)
  const isWaiting = scheduled.state === 'waiting'
  return (
    <article
      data-scheduled={scheduled.state}
      aria-label={t(isWaiting ? 'drafts.waiting' : 'drafts.stopped')}
      className={classes(
        'mt-3 rounded-large px-3 py-2 ring-1 ring-inset',
        kind === 'note' ? 'bg-note ring-note-line/50' : 'bg-dim ring-line',
      )}
    >
      <State scheduled={scheduled} />
      {text !== '' && <Prose text={text} />}
      {files.length > 0 && (
        <p className="flex items-center gap-1.5 pt-0.5 text-soft">
          <Paperclip aria-hidden size={14} />
          {files.map(({ name }) => name).join(', ')}
        </p>
      )}
      <div className="-mx-3 flex flex-wrap gap-1 pt-1">
        <Button kind="quiet" onPress={() => acts.send(id)}>
          {t('drafts.sendNow')}
        </Button>
        <Button kind="quiet" onPress={() => setAsking('text')}>
          {t('drafts.edit')}
        </Button>
        <Button kind="quiet" onPress={() => setAsking('time')}>
          {t('drafts.newTime')}
        </Button>
        {isWaiting ? (
          <Button kind="quiet" onPress={() => acts.cancel(id)}>
            {t('ui.cancel')}
          </Button>
        ) : (
          <Button kind="quiet" onPress={() => acts.remove(id)}>
            {t('drafts.remove')}
          </Button>
        )}
      </div>
      <SendLaterDialog
        isOpen={asking === 'time'}
        onClose={close}
        onChoose={(later) => void acts.change(id, later)}
        to={row ? contactName(row.contact) : ''}
        theirZone={contact?.timeZone ?? null}
        isNote={kind === 'note'}
        unless={scheduled.unless}
      />
      <EditScheduled scheduled={scheduled} isOpen={asking === 'text'} onClose={close} />
    </article>
  )
}

/** When it is sent, or why it was not. */
function State(props: { scheduled: ScheduledView }) {
  const { at, unless, stopped, wall } = props.scheduled
  const { t } = useTranslation()
  const moment = useMoment()
  const [time, holder] = [moment(at), stopped?.holder ?? '']
  const Icon = stopped === null ? CalendarClock : CircleAlert
  return (
    <p role="status" className="flex items-center gap-1.5 pb-1 text-small font-medium text-soft">
      <Icon aria-hidden size={14} className="shrink-0" />
      <span className="figures" {...(wall === null ? {} : { title: `${wall.wall} ${wall.zone}` })}>
        {stopped === null
          ? t(unless === 'answered' ? 'drafts.atUnless' : 'drafts.at', { time })
          : t(`drafts.why.${stopped.why}`, { time, holder })}
      </span>
    </p>
  )
}
