import { Link, useNavigate } from '@tanstack/react-router'
import { ChevronRight, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { InboxView } from '@fermata/contract/places.schema'
import { useModel, useSession } from '../../state/use-session.tsx'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { Radios } from '../../ui/choice.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Form } from '../../ui/form.tsx'
import { NameField } from '../../ui/name-field.tsx'
import { useNotices } from '../../ui/toast.tsx'
import { NoThings, PageHead } from '../settings/page.tsx'
import { mediumIcons } from './medium.ts'

/** Where customers reach us. */
export function Inboxes() {
  const { t } = useTranslation()
  const held = useModel((model) => model.state.inboxes)
  const [isAdding, setAdding] = useState(false)
  const inboxes = Object.values(held)
    .filter((inbox) => inbox !== undefined)
    .toSorted((a, b) => a.name.localeCompare(b.name))
  const close = (): void => setAdding(false)
  return (
    <>
      <PageHead title={t('places.title')} lead={t('places.lead')}>
        <Button icon={Plus} onPress={() => setAdding(true)}>
          {t('places.add')}
        </Button>
      </PageHead>
      {inboxes.length === 0 ? (
        <NoThings>{t('places.none')}</NoThings>
      ) : (
        <ul className="border-t border-line">
          {inboxes.map((inbox) => (
            <InboxLine key={inbox.id} inbox={inbox} />
          ))}
        </ul>
      )}
      <Dialog title={t('places.add')} isOpen={isAdding} onClose={close}>
        <DialogBody>
          <NewInboxForm onClose={close} />
        </DialogBody>
      </Dialog>
    </>
  )
}

function InboxLine(props: { inbox: InboxView }) {
  const { inbox } = props
  const { t } = useTranslation()
  const team = useModel((model) => (inbox.team === null ? null : model.state.teams[inbox.team]))
  const Icon = mediumIcons[inbox.medium]
  return (
    <li className="border-b border-line">
      <Link
        to="/settings/inboxes/$inbox"
        params={{ inbox: inbox.id }}
        className="-mx-2 flex min-h-14 items-center gap-4 rounded-medium px-2 py-2 -outline-offset-2 transition-colors hover:bg-hover"
      >
        <Icon aria-hidden size={16} strokeWidth={1.75} className="shrink-0 text-soft" />
        <span className="min-w-0 grow">
          <span className="block truncate font-medium">{inbox.name}</span>
          <span className="block truncate text-soft">
            {t(`places.${inbox.medium}`)} · {team?.name ?? t('places.everybody')}
          </span>
        </span>
        <ChevronRight aria-hidden size={16} className="shrink-0 text-soft rtl:-scale-x-100" />
      </Link>
    </li>
  )
}

function NewInboxForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const { client } = useSession()
  const navigate = useNavigate()
  const notices = useNotices()
  const [name, setName] = useState('')
  const [medium, setMedium] = useState<InboxView['medium']>('widget')
  const sending = useSubmission(['name'], () =>
    client.inboxes.add({ body: { name: name.trim(), medium } }),
  )
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok !== true) return
    onClose()
    notices.say({ text: t('places.added', { name: name.trim() }) })
    void navigate({ to: '/settings/inboxes/$inbox', params: { inbox: result.value.id } })
  }
  return (
    <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
      <NameField
        autoFocus
        label={t('places.name')}
        help={t('places.nameHelp')}
        value={name}
        onChange={setName}
      />
      <Radios<InboxView['medium']>
        label={t('places.medium')}
        value={medium}
        onChange={setMedium}
        options={[
          { id: 'widget', text: t('places.widget') },
          { id: 'api', text: t('places.api') },
        ]}
      />
      <div className="flex justify-end">
        <Button type="submit" kind="primary" isPending={sending.isPending}>
          {t('places.add')}
        </Button>
      </div>
    </Form>
  )
}
