import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RoleName } from '@fermata/contract/actors'
import { useSession } from '../../state/use-session.tsx'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { Select } from '../../ui/select.tsx'
import { HandOver } from './link.tsx'
import { useRoles } from './role-names.ts'

interface InviteProps {
  isOpen: boolean
  onClose(): void
  onInvited(): void
}

/** Invites somebody by a link. */
export function Invite(props: InviteProps) {
  const { t } = useTranslation()
  const { isOpen, onClose } = props
  return (
    <Dialog title={t('access.invitations.invite')} isOpen={isOpen} onClose={onClose}>
      <DialogBody>
        <InviteForm {...props} />
      </DialogBody>
    </Dialog>
  )
}

function InviteForm({ onClose, onInvited }: InviteProps) {
  const { t } = useTranslation()
  const { client } = useSession()
  const { givable } = useRoles()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<RoleName>('agent')
  const [token, setToken] = useState<string | null>(null)
  const sending = useSubmission(['email', 'role'], () =>
    client.invitations.add({ body: { email: email.trim(), role } }),
  )
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok !== true) return
    setToken(result.value.token)
    onInvited()
  }
  if (token !== null) return <HandOver kind="join" token={token} onClose={onClose} />
  return (
    <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
      <p className="text-soft">{t('access.invitations.lead')}</p>
      <TextField
        autoFocus
        name="email"
        type="email"
        isRequired
        autoComplete="off"
        label={t('accounts.email')}
        value={email}
        onChange={setEmail}
      />
      <Select<RoleName>
        label={t('accounts.members.role')}
        value={role}
        onChange={setRole}
        options={givable}
      />
      <div className="flex justify-end">
        <Button type="submit" kind="primary" isPending={sending.isPending}>
          {t('access.invitations.go')}
        </Button>
      </div>
    </Form>
  )
}
