import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { InvitedView } from '@fermata/contract/accounts.schema'
import { isRole } from '@fermata/contract/permissions'
import { tried } from '../../state/trouble.ts'
import { useDoor } from '../../state/use-entering.tsx'
import { useSubmission, useTroubleText } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { Form } from '../../ui/form.tsx'
import { NameField } from '../../ui/name-field.tsx'
import { Entrance } from '../accounts/entrance.tsx'
import { NewPasswordField } from '../accounts/new-password.tsx'

/** Where the link of an invitation leads: who follows it chooses a name and a password. */
export function Join(props: { token: string; onDone: () => void }) {
  const { t } = useTranslation()
  const { client } = useDoor()
  const troubleText = useTroubleText()
  const [invited, setInvited] = useState<InvitedView | null>(null)
  const [fault, setFault] = useState<string | null>(null)
  const { token } = props
  useEffect(() => {
    void tried(() => client.invitations.look({ body: { token } })).then((result) => {
      if (result.ok) setInvited(result.value)
      else if (result.refusal.code === 'invalid_field') setFault(t('access.join.void'))
      else setFault(troubleText(result.refusal))
    })
  }, [client, token, t, troubleText])
  if (invited === null) {
    return (
      <Entrance title={t('accounts.signIn.title')} lead={fault ?? t('access.join.checking')}>
        <Button onPress={props.onDone}>{t('access.reset.back')}</Button>
      </Entrance>
    )
  }
  const { workspace, email, role } = invited
  const called = isRole(role) ? t(`accounts.members.${role}`) : role
  return (
    <Entrance
      title={t('access.join.title', { workspace })}
      lead={t('access.join.lead', { role: called, email })}
    >
      <JoinForm {...props} email={email} />
    </Entrance>
  )
}

function JoinForm(props: { token: string; email: string; onDone: () => void }) {
  const { t } = useTranslation()
  const { entering, client } = useDoor()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const sending = useSubmission(['name', 'password'], () =>
    client.invitations.accept({ body: { token: props.token, name: name.trim(), password } }),
  )
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok !== true) return
    props.onDone()
    await entering.enter(result.value)
  }
  return (
    <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
      <input type="hidden" autoComplete="username" value={props.email} readOnly />
      <NameField
        autoFocus
        autoComplete="name"
        label={t('accounts.name')}
        value={name}
        onChange={setName}
      />
      <NewPasswordField value={password} onChange={setPassword} />
      <div className="pt-2">
        <Button type="submit" kind="primary" wide isPending={sending.isPending}>
          {t('access.join.go')}
        </Button>
      </div>
    </Form>
  )
}
