import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '@fermata/base/limits'
import type { ContactId, InboxId } from '@fermata/base/ids'
import type { InboxView } from '@fermata/contract/places.schema'
import { useModel, useSession } from '../../state/use-session.tsx'
import { tried } from '../../state/trouble.ts'
import { useTroubleText } from '../../state/use-trouble.ts'
import { useGo } from '../../state/use-go.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { Select } from '../../ui/select.tsx'
import { Attached } from '../files/attached.tsx'
import { ChooseFiles } from '../files/choose.tsx'
import { useAttachments, type Attachments } from '../files/use-attachments.ts'
import { ContactPicker, type PickedContact } from '../contacts/picker.tsx'

/** Begins a conversation with a customer. */
export function Compose(props: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const held = useModel((model) => model.state.inboxes)
  const inboxes = Object.values(held).filter((inbox) => inbox !== undefined)
  return (
    <Dialog
      size="medium"
      title={t('conversations.compose.title')}
      isOpen={props.isOpen}
      onClose={props.onClose}
    >
      <DialogBody>
        {inboxes[0] === undefined ? (
          <p className="text-soft">{t('conversations.compose.noInbox')}</p>
        ) : (
          <ComposeForm inboxes={inboxes} first={inboxes[0].id} onClose={props.onClose} />
        )}
      </DialogBody>
    </Dialog>
  )
}

function ComposeForm(props: {
  inboxes: readonly InboxView[]
  first: InboxId
  onClose: () => void
}) {
  const { t } = useTranslation()
  const [inbox, setInbox] = useState(props.first)
  const [contact, setContact] = useState<PickedContact>({ text: '', id: null })
  const [subject, setSubject] = useState('')
  const [text, setText] = useState('')
  const attachments = useAttachments('new')
  const sending = useOpening(props.onClose, attachments)
  return (
    <Form
      onSubmit={() => void sending.submit({ inbox, contact, subject, text })}
      faults={sending.faults}
      fault={sending.fault}
    >
      {props.inboxes.length > 1 && (
        <Select<InboxId>
          label={t('conversations.compose.inbox')}
          value={inbox}
          onChange={setInbox}
          options={props.inboxes.map(({ id, name }) => ({ id, text: name }))}
        />
      )}
      <ContactPicker value={contact} onChange={setContact} />
      <TextField
        label={t('conversations.compose.subject')}
        maxLength={limits.subjectCharsMax}
        value={subject}
        onChange={setSubject}
      />
      <TextField
        label={t('conversations.compose.message')}
        rows={6}
        isRequired={attachments.all.length === 0}
        maxLength={limits.messageTextCharsMax}
        value={text}
        onChange={setText}
      />
      <Attached attachments={attachments} />
      <div className="flex items-center justify-end gap-2">
        <ChooseFiles onFiles={attachments.add} />
        <Button
          type="submit"
          kind="primary"
          isPending={sending.isPending}
          isDisabled={attachments.isOpen}
        >
          {t('conversations.compose.send')}
        </Button>
      </div>
    </Form>
  )
}

interface Opening {
  readonly inbox: InboxId
  readonly contact: PickedContact
  readonly subject: string
  readonly text: string
}

/** Opens a conversation, with a contact that is known or one that is added first. */
function useOpening(onDone: () => void, attachments: Attachments) {
  const { t } = useTranslation()
  const { client } = useSession()
  const troubleText = useTroubleText()
  const go = useGo()
  const [isPending, setPending] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const [faults, setFaults] = useState<Record<string, string>>({})
  // A second attempt after a lost answer must be known as the same message.
  const [message] = useState(() => client.newId())

  const contactOf = async ({ id, text }: PickedContact) => {
    if (id !== null) return { ok: true, value: { id } } as const
    return tried(() => client.contacts.add({ body: { email: text.trim() } }))
  }
  const open = (opening: Opening, contact: ContactId) =>
    tried(() =>
      client.conversations.open({
        body: {
          inbox: opening.inbox,
          contact,
          subject: opening.subject.trim(),
          message: {
            client: message,
            text: opening.text,
            files: attachments.all.flatMap(({ file }) => file?.id ?? []),
          },
        },
      }),
    )
  const submit = async (opening: Opening): Promise<void> => {
    setFault(null)
    setFaults({})
    if (opening.contact.id === null && !opening.contact.text.includes('@')) {
      setFaults({ contact: t('conversations.compose.noContact') })
      return
    }
    setPending(true)
    const contact = await contactOf(opening.contact)
    const opened = contact.ok ? await open(opening, contact.value.id) : contact
    setPending(false)
    if (!opened.ok) return setFault(troubleText(opened.refusal))
    attachments.take()
    onDone()
    go.conversation(opened.value.conversation.id)
  }
  return { submit, isPending, fault, faults }
}
