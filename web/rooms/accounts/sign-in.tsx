import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDoor } from '../../state/use-entering.tsx'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { Entrance } from './entrance.tsx'

/** Where a member comes in. */
export function SignIn(props: { why: 'ended' | 'offlineSignOut' | null }) {
  const { t } = useTranslation()
  const { entering, client } = useDoor()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const sending = useSubmission(['email'], () =>
    client.sessions.start({ body: { email: email.trim(), password } }),
  )
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok === true) await entering.enter(result.value)
  }
  return (
    <Entrance title={t('accounts.signIn.title')}>
      {props.why !== null && (
        <p role="status" className="text-soft">
          {t(props.why === 'ended' ? 'accounts.signIn.ended' : 'app.signOut.failed')}
        </p>
      )}
      <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
        <TextField
          name="email"
          type="email"
          autoComplete="username"
          autoFocus
          isRequired
          label={t('accounts.email')}
          value={email}
          onChange={setEmail}
        />
        <TextField
          name="password"
          type="password"
          autoComplete="current-password"
          isRequired
          label={t('accounts.password')}
          value={password}
          onChange={setPassword}
        />
        <div className="pt-2">
          <Button type="submit" kind="primary" wide isPending={sending.isPending}>
            {t('accounts.signIn.go')}
          </Button>
        </div>
      </Form>
    </Entrance>
  )
}
