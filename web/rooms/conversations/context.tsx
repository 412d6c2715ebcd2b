import { Merge, Plus, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { urgencies } from '@fermata/contract/words'
import { useMay, useModel } from '../../state/use-session.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Select } from '../../ui/select.tsx'
import { Age, Due } from '../../ui/time/time.tsx'
import { ContactCard } from '../contacts/card.tsx'
import { Holdings, useHoldings } from './holdings.tsx'
import { Labels, LabelsDialog } from './labels.tsx'
import { MergeDialog } from './merge.tsx'
import { Participants } from './participants.tsx'
import { Previous } from './previous.tsx'
import { useActs } from './use-acts.ts'

/** What is known about the contact and the conversation, beside it. */
export function ContextPane(props: { row: ConversationRow; onClose?: () => void }) {
  const { row } = props
  const { t } = useTranslation()
  const holdings = useHoldings(row)
  const mayWrite = useMay('conversations:write')
  const [isMerging, setMerging] = useState(false)
  return (
    <div className="quiet-scroll flex h-full flex-col gap-6 overflow-y-auto px-5 py-4">
      {props.onClose && (
        <div className="-mt-2 -me-3 -mb-5 flex justify-end">
          <IconButton icon={X} label={t('ui.close')} onPress={props.onClose} />
        </div>
      )}
      <ContactCard id={row.contact} />
      <Facts row={row} />
      <LabelsPart row={row} />
      <Part title={t('conversations.context.participants')}>
        <Participants id={row.id} />
      </Part>
      {holdings.length > 0 && (
        <Part title={t('conversations.held.title')}>
          <Holdings holdings={holdings} />
        </Part>
      )}
      <Part
        title={t('conversations.context.previous')}
        action={
          mayWrite && (
            <IconButton
              small
              icon={Merge}
              label={t('moves.merge')}
              onPress={() => setMerging(true)}
            />
          )
        }
      >
        <Previous row={row} />
        <MergeDialog row={row} isOpen={isMerging} onClose={() => setMerging(false)} />
      </Part>
    </div>
  )
}

/** A part of the pane under a small heading. */
export function Part(props: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2">
      <div className="flex min-h-6 items-center justify-between">
        <h3 className="text-small font-medium text-soft">{props.title}</h3>
        {props.action}
      </div>
      {props.children}
    </section>
  )
}

function Facts(props: { row: ConversationRow }) {
  const { row } = props
  const { t } = useTranslation()
  const acts = useActs()
  const inbox = useModel((model) => model.state.inboxes[row.inbox])
  return (
    <dl className="figures grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-1.5 [&>dd]:text-end [&>dt]:text-soft">
      <dt>{t('conversations.context.status')}</dt>
      <dd>{t(`conversations.status.${row.status}`)}</dd>
      <dt>{t('conversations.context.turn')}</dt>
      <dd>
        {t(`conversations.turn.${row.turn}`)}
        {row.turn !== 'nobody' && (
          <span className="text-soft">
            {' · '}
            <Age at={row.turnSince} />
          </span>
        )}
      </dd>
      {row.due !== null && (
        <>
          <dt>{t('conversations.context.due')}</dt>
          <dd>
            <Due at={row.due} />
          </dd>
        </>
      )}
      <dt>{t('conversations.context.inbox')}</dt>
      <dd className="truncate">{inbox?.name}</dd>
      <dt>{t('conversations.context.opened')}</dt>
      <dd>
        <Age at={row.createdAt} />
      </dd>
      <dt>{t('conversations.urgency.title')}</dt>
      <dd className="flex justify-end">
        <Select
          quiet
          labelHidden
          label={t('conversations.urgency.title')}
          value={row.urgency}
          onChange={(urgency) => acts.perform(row.id, { type: 'urgency', urgency })}
          options={urgencies.map((id) => ({ id, text: t(`conversations.urgency.${id}`) }))}
        />
      </dd>
    </dl>
  )
}

function LabelsPart(props: { row: ConversationRow }) {
  const { row } = props
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  return (
    <Part
      title={t('conversations.context.labels')}
      action={
        <IconButton
          small
          data-landing="part"
          icon={Plus}
          label={t('conversations.context.addLabel')}
          onPress={() => setOpen(true)}
        />
      }
    >
      <Labels row={row} />
      <LabelsDialog row={row} isOpen={isOpen} onClose={() => setOpen(false)} />
    </Part>
  )
}
