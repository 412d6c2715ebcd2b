import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '@fermata/base/limits'
import { useDoor } from '../../state/use-entering.tsx'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { Entrance } from './entrance.tsx'
import { NewPasswordField } from './new-password.tsx'

/** The token of the set-up link stands behind the #, so that it is never sent by following the link. */
function tokenInAddress(): string {
  return new URLSearchParams(location.hash.slice(1)).get('token') ?? ''
}

/** The first page of a new server: it makes the workspace and its owner. */
export function Setup() {
  const { t } = useTranslation()
  const { entering, client } = useDoor()
  const [token] = useState(tokenInAddress)
  const [filled, setFilled] = useState({ workspace: '', name: '', email: '', password: '' })
  const sending = useSubmission(['workspace', 'name', 'email', 'password'], () =>
    client.setup.do({ body: { ...filled, token, email: filled.email.trim() } }),
  )
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok !== true) return
    history.replaceState(null, '', '/')
    await entering.enter(result.value)
  }
  if (token === '') {
    return (
      <Entrance title={t('accounts.setup.title')} lead={t('accounts.setup.noToken')}>
        {null}
      </Entrance>
    )
  }
  const field = (name: keyof typeof filled) => ({
    name,
    isRequired: true,
    value: filled[name],
    onChange: (value: string) => setFilled({ ...filled, [name]: value }),
  })
  return (
    <Entrance title={t('accounts.setup.title')} lead={t('accounts.setup.lead')}>
      <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
        <TextField
          {...field('workspace')}
          autoFocus
          autoComplete="organization"
          maxLength={limits.nameCharsMax}
          label={t('accounts.setup.workspace')}
          help={t('accounts.setup.workspaceHelp')}
        />
        <TextField
          {...field('name')}
          autoComplete="name"
          maxLength={limits.nameCharsMax}
          label={t('accounts.name')}
        />
        <TextField
          {...field('email')}
          type="email"
          autoComplete="username"
          label={t('accounts.email')}
        />
        <NewPasswordField
          value={filled.password}
          onChange={(password) => setFilled({ ...filled, password })}
        />
        <div className="pt-2">
          <Button type="submit" kind="primary" wide isPending={sending.isPending}>
            {t('accounts.setup.go')}
          </Button>
        </div>
      </Form>
    </Entrance>
  )
}
