import { CircleAlert, Clock, Copy, Paperclip, RotateCw, Trash2 } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Pending } from '@fermata/sdk/store'
import { useMe, useMyId, useSession } from '../../state/use-session.tsx'
import { useTroubleText } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Prose } from '../../ui/prose.tsx'
import { ClockTime } from '../../ui/time/time.tsx'
import { Frame, Head } from './message.tsx'

/** A message of mine on its way: it stands where it will stand, and says how it goes. */
export const PendingMessage = memo(function PendingMessage(props: {
  pending: Pending
  continues: boolean
}) {
  const { entry, state } = props.pending
  const { member } = useMe()
  const { t } = useTranslation()
  const id = useMyId()
  const body = entry.send.kind === 'open' ? entry.send.body.message : entry.send.body
  const kind = body.kind ?? 'reply'
  const author = { kind: 'member', id, name: member?.name ?? '' } as const
  return (
    <article data-pending={state} className={classes(props.continues ? 'pt-1' : 'pt-3')}>
      <Frame kind={kind} author={author} continues={props.continues}>
        {!props.continues && (
          <Head author={author} kind={kind}>
            <ClockTime at={entry.at} />
          </Head>
        )}
        <Prose text={body.text} dim={state === 'waiting' || state === 'refused'} />
        {body.files !== undefined && body.files.length > 0 && (
          <p className="flex items-center gap-1.5 pt-0.5 text-soft">
            <Paperclip aria-hidden size={14} />
            {t('files.files', { count: body.files.length })}
          </p>
        )}
        <State pending={props.pending} text={body.text} />
      </Frame>
    </article>
  )
})

function State(props: { pending: Pending; text: string }) {
  const { entry, state } = props.pending
  const { t } = useTranslation()
  const { outbox } = useSession()
  const troubleText = useTroubleText()
  if (state === 'refused') {
    return (
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 pt-1">
        <p role="status" className="flex items-center gap-1.5 text-small font-medium">
          <CircleAlert aria-hidden size={14} />
          {t('conversations.pending.refused')}
          {entry.refusal !== null && `. ${troubleText(entry.refusal)}`}
        </p>
        <div className="flex gap-1">
          <Button kind="quiet" icon={RotateCw} onPress={() => outbox.retry(entry.id)}>
            {t('conversations.pending.retry')}
          </Button>
          <Button
            kind="quiet"
            icon={Copy}
            onPress={() => void navigator.clipboard.writeText(props.text)}
          >
            {t('conversations.pending.copy')}
          </Button>
          <Button kind="quiet" icon={Trash2} onPress={() => outbox.discard(entry.id)}>
            {t('conversations.pending.discard')}
          </Button>
        </div>
      </div>
    )
  }
  // A first attempt takes a moment: a word about it would only flicker.
  if (state === 'sent' || (entry.failures === 0 && entry.trouble === null && state === 'sending')) {
    return null
  }
  return (
    <p role="status" className="flex items-center gap-1.5 pt-0.5 text-small text-soft">
      <Clock aria-hidden size={12} />
      {t('conversations.pending.waiting')}
    </p>
  )
}
