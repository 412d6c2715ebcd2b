import { CalendarClock } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button as AriaButton } from 'react-aria-components/Button'
import type { When } from '@fermata/contract/drafts.schema'
import { Checkbox, Segments } from '../../ui/choice.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { useEnvironment } from '../../ui/environment.tsx'
import { TextField } from '../../ui/field.tsx'
import { optionLook } from '../../ui/menu.tsx'
import { momentText } from '../../ui/time/format.ts'
import { useMoment, useShown } from '../../ui/time/time.tsx'
import { isZone } from '../../ui/time/zone.ts'
import { laterChoices, parseLater } from '../conversations/later.ts'
import { whenOf, type Whose } from './when.ts'

/** When something is to be sent, and under what condition not. */
export interface SendLater {
  readonly when: When
  readonly unless: 'answered' | null
}

/** What the choice takes. */
export interface SendLaterProps {
  isOpen: boolean
  onClose(): void
  onChoose(later: SendLater): void
  /** Whom it goes to, and the zone they are in if that is known. */
  to: string
  theirZone: string | null
  /** A note is not for the other side, so its answers do not matter. */
  isNote: boolean
  /** Whether it was to be held back by an answer before. */
  unless?: 'answered' | null
}

/** Asks when to send: in my time or theirs, by plain words or one of the usual times. */
export function SendLaterDialog(props: SendLaterProps) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('drafts.choose.title')} isOpen={props.isOpen} onClose={props.onClose}>
      <DialogBody>
        <SendLaterForm {...props} />
      </DialogBody>
    </Dialog>
  )
}

function SendLaterForm(props: SendLaterProps) {
  const { t } = useTranslation()
  const { clock } = useEnvironment()
  const { zone: myZone, locale } = useShown()
  const [now] = useState(() => clock.now())
  const [words, setWords] = useState('')
  const [whose, setWhose] = useState<Whose>('sender')
  const [unless, setUnless] = useState(props.unless === 'answered')
  const { theirZone } = props
  const hasOther = theirZone !== null && theirZone !== myZone && isZone(theirZone)
  const zone = hasOther && whose === 'receiver' ? theirZone : myZone
  const parsed = words.trim() === '' ? undefined : parseLater(words, { now, zone, locale })
  const choose = (at: number): void => {
    props.onClose()
    const isHeldBack = unless && !props.isNote
    props.onChoose({ when: whenOf(at, zone, whose), unless: isHeldBack ? 'answered' : null })
  }
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (parsed !== undefined) choose(parsed)
      }}
    >
      {hasOther && (
        <Segments<Whose>
          label={t('drafts.choose.whose')}
          value={whose}
          onChange={setWhose}
          options={[
            { id: 'sender', text: t('drafts.choose.mine') },
            { id: 'receiver', text: t('drafts.choose.theirs', { name: props.to }) },
          ]}
        />
      )}
      <TextField
        autoFocus
        label={t('conversations.later.when')}
        placeholder={t('conversations.later.placeholder')}
        value={words}
        onChange={setWords}
        autoComplete="off"
      />
      {words.trim() !== '' && parsed === undefined ? (
        <p role="status" className="min-h-8 py-1.5 text-soft">
          {t('conversations.later.unclear')}
        </p>
      ) : (
        <ul className="-mx-2.5" role={parsed === undefined ? undefined : 'status'}>
          {parsed !== undefined ? (
            <Time at={parsed} zone={zone} submits onChoose={choose} />
          ) : (
            laterChoices(now, zone).map(({ id, at }) => (
              <Time key={id} at={at} zone={zone} onChoose={choose}>
                {t(`conversations.later.${id}`)}
              </Time>
            ))
          )}
        </ul>
      )}
      {!props.isNote && (
        <Checkbox isSelected={unless} onChange={setUnless}>
          {t('drafts.choose.unless')}
        </Checkbox>
      )}
    </form>
  )
}

/** One time to choose: what it is called, when that is there, and when that is here. */
function Time(props: {
  at: number
  zone: string
  submits?: boolean
  onChoose: (at: number) => void
  children?: string
}) {
  const { t } = useTranslation()
  const moment = useMoment()
  const shown = useShown()
  const { clock } = useEnvironment()
  const { at, zone } = props
  const isThere = zone !== shown.zone
  const there = isThere ? momentText(at, clock.now(), { ...shown, zone }) : moment(at)
  return (
    <li>
      <AriaButton
        className={`${optionLook} text-start hovered:bg-hover`}
        {...(props.submits === true
          ? { type: 'submit' as const }
          : { onPress: () => props.onChoose(at) })}
      >
        <CalendarClock aria-hidden size={16} strokeWidth={1.75} className="shrink-0 text-soft" />
        {props.children !== undefined && <span>{props.children}</span>}
        <span className="figures grow text-end text-small text-soft first-letter:uppercase">
          {there}
          {isThere && (
            <span className="block">{t('drafts.choose.here', { time: moment(at) })}</span>
          )}
        </span>
      </AriaButton>
    </li>
  )
}
