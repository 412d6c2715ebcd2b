import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '@fermata/base/limits'
import { useSession } from '../../state/use-session.tsx'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { useNotices } from '../../ui/toast.tsx'
import { PageHead } from '../settings/page.tsx'
import { NewPasswordField } from '../accounts/new-password.tsx'

const empty = { workspace: '', name: '', email: '', password: '' }

/** Makes one more workspace on this server. */
export function Workspaces() {
  const { t } = useTranslation()
  const { client } = useSession()
  const notices = useNotices()
  const [filled, setFilled] = useState(empty)
  const sending = useSubmission(['workspace', 'name', 'email', 'password'], () =>
    client.workspaces.add({ body: { ...filled, email: filled.email.trim() } }),
  )
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok !== true) return
    notices.say({ text: t('access.workspaces.added', { name: result.value.name }) })
    setFilled(empty)
  }
  const field = (name: keyof typeof filled) => ({
    name,
    isRequired: true,
    autoComplete: 'off',
    value: filled[name],
    onChange: (value: string) => setFilled({ ...filled, [name]: value }),
  })
  return (
    <>
      <PageHead title={t('access.workspaces.title')} lead={t('access.workspaces.lead')} />
      <div className="max-w-96">
        <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
          <TextField
            {...field('workspace')}
            maxLength={limits.nameCharsMax}
            label={t('accounts.setup.workspace')}
            help={t('accounts.setup.workspaceHelp')}
          />
          <TextField
            {...field('name')}
            maxLength={limits.nameCharsMax}
            label={t('access.workspaces.owner')}
          />
          <TextField {...field('email')} type="email" label={t('accounts.email')} />
          <NewPasswordField
            value={filled.password}
            onChange={(password) => setFilled({ ...filled, password })}
          />
          <div>
            <Button type="submit" kind="primary" isPending={sending.isPending}>
              {t('access.workspaces.add')}
            </Button>
          </div>
        </Form>
      </div>
    </>
  )
}
