import { CalendarClock, Infinity as Endless } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '@fermata/base/limits'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Segments } from '../../ui/choice.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { useEnvironment } from '../../ui/environment.tsx'
import { TextField } from '../../ui/field.tsx'
import { optionLook } from '../../ui/menu.tsx'
import { useMoment, useShown } from '../../ui/time/time.tsx'
import { laterChoices, parseLater } from './later.ts'

/** For whom something is put off: for the whole team, or only out of my own lists. */
export type LaterFor = 'everybody' | 'mine'

/** A time to come back to something; null: when somebody says so. */
export interface Later {
  readonly until: number | null
  readonly reason: string
  readonly whom: LaterFor
}

/** What the choice of a time takes. */
export interface LaterProps {
  title: string
  isOpen: boolean
  onClose(): void
  onChoose(later: Later): void
  /** Whom it is for at first; without it nobody is asked, and it is for everybody. */
  whom?: LaterFor
}

/** Asks until when: by plain words, or by one of the times that people mostly mean. */
export function LaterDialog(props: LaterProps) {
  return (
    <Dialog title={props.title} isOpen={props.isOpen} onClose={props.onClose}>
      <DialogBody>
        <LaterForm {...props} />
      </DialogBody>
    </Dialog>
  )
}

function LaterForm(props: LaterProps) {
  const { t } = useTranslation()
  const { clock } = useEnvironment()
  const { zone, locale } = useShown()
  const [now] = useState(() => clock.now())
  const [words, setWords] = useState('')
  const [reason, setReason] = useState('')
  const [whom, setWhom] = useState<LaterFor>(props.whom ?? 'everybody')
  const parsed = words.trim() === '' ? undefined : parseLater(words, { now, zone, locale })
  const choose = (until: number | null): void => {
    props.onClose()
    props.onChoose({ until, reason: reason.trim(), whom })
  }
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (parsed !== undefined) choose(parsed)
      }}
    >
      {props.whom !== undefined && (
        <Segments<LaterFor>
          label={t('conversations.later.whom')}
          value={whom}
          onChange={setWhom}
          options={[
            { id: 'everybody', text: t('conversations.later.everybody') },
            { id: 'mine', text: t('conversations.later.mine') },
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
      {words.trim() === '' ? (
        <Choices now={now} endless={whom === 'everybody'} onChoose={choose} />
      ) : (
        <Parsed at={parsed} onChoose={choose} />
      )}
      {whom === 'everybody' && (
        <TextField
          label={t('conversations.later.reason')}
          placeholder={t('conversations.later.reasonPlaceholder')}
          maxLength={limits.reasonCharsMax}
          value={reason}
          onChange={setReason}
        />
      )}
    </form>
  )
}

/** What the words mean, so that nobody is surprised. */
function Parsed(props: { at: number | undefined; onChoose: (at: number) => void }) {
  const { t } = useTranslation()
  const moment = useMoment()
  const { at } = props
  return (
    <div role="status" className="-mx-2.5 min-h-8">
      {at === undefined ? (
        <p className="px-2.5 py-1.5 text-soft">{t('conversations.later.unclear')}</p>
      ) : (
        <AriaButton type="submit" className={choiceLook}>
          <CalendarClock aria-hidden size={16} className="shrink-0 text-accent" />
          <span className="figures font-medium first-letter:uppercase">{moment(at)}</span>
          <span className="grow text-end text-small text-soft" aria-hidden>
            ↵
          </span>
        </AriaButton>
      )}
    </div>
  )
}

const choiceLook = `${optionLook} text-start hovered:bg-hover`

function Choices(props: { now: number; endless: boolean; onChoose: (at: number | null) => void }) {
  const { t } = useTranslation()
  const { zone } = useEnvironment()
  const moment = useMoment()
  return (
    <ul className="-mx-2.5">
      {laterChoices(props.now, zone).map(({ id, at }) => (
        <li key={id}>
          <AriaButton onPress={() => props.onChoose(at)} className={choiceLook}>
            <CalendarClock
              aria-hidden
              size={16}
              strokeWidth={1.75}
              className="shrink-0 text-soft"
            />
            <span>{t(`conversations.later.${id}`)}</span>
            <span className="figures grow text-end text-small text-soft">{moment(at)}</span>
          </AriaButton>
        </li>
      ))}
      {props.endless && (
        <li>
          <AriaButton onPress={() => props.onChoose(null)} className={choiceLook}>
            <Endless aria-hidden size={16} strokeWidth={1.75} className="shrink-0 text-soft" />
            <span>{t('conversations.later.open')}</span>
            <span className="grow text-end text-small text-soft">
              {t('conversations.later.openHelp')}
            </span>
          </AriaButton>
        </li>
      )}
    </ul>
  )
}
