import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '@fermata/base/limits'
import type { ContactView } from '@fermata/contract/contacts.schema'
import { useSession } from '../../state/use-session.tsx'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'

interface ContactProps {
  contact: ContactView
  isOpen: boolean
  onClose(): void
}

/** Changes the name and the address of a contact. */
export function ContactDialog(props: ContactProps) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('conversations.context.edit')} isOpen={props.isOpen} onClose={props.onClose}>
      <DialogBody>
        <ContactForm {...props} />
      </DialogBody>
    </Dialog>
  )
}

function orNull(text: string): string | null {
  return text.trim() === '' ? null : text.trim()
}

function ContactForm({ contact, onClose }: ContactProps) {
  const { t } = useTranslation()
  const { client } = useSession()
  const [name, setName] = useState(contact.name ?? '')
  const [email, setEmail] = useState(contact.email ?? '')
  const sending = useSubmission(['name', 'email'], () =>
    client.contacts.change({
      params: { contact: contact.id },
      body: { name: orNull(name), email: orNull(email) },
    }),
  )
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok === true) onClose()
  }
  return (
    <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
      <TextField
        autoFocus
        name="name"
        label={t('conversations.context.name')}
        maxLength={limits.nameCharsMax}
        value={name}
        onChange={setName}
      />
      <TextField
        name="email"
        type="email"
        label={t('conversations.context.email')}
        maxLength={limits.emailCharsMax}
        value={email}
        onChange={setEmail}
      />
      <div className="flex justify-end">
        <Button type="submit" kind="primary" isPending={sending.isPending}>
          {t('ui.save')}
        </Button>
      </div>
    </Form>
  )
}
