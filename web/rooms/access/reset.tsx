import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useDoor } from '../../state/use-entering.tsx'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { Entrance } from '../accounts/entrance.tsx'
import { NewPasswordField } from '../accounts/new-password.tsx'

/** Where the link to a new password leads. */
export function Reset(props: { token: string; onDone: () => void }) {
  const { t } = useTranslation()
  const { client } = useDoor()
  const [password, setPassword] = useState('')
  const [isDone, setDone] = useState(false)
  const sending = useSubmission(['password'], () =>
    client.resets.use({ body: { token: props.token, password } }),
  )
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok === true) setDone(true)
  }
  if (isDone) {
    return (
      <Entrance title={t('access.reset.title')} lead={t('access.reset.done')}>
        <Button kind="primary" autoFocus onPress={props.onDone}>
          {t('access.reset.back')}
        </Button>
      </Entrance>
    )
  }
  return (
    <Entrance title={t('access.reset.title')} lead={t('access.reset.lead')}>
      <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
        <NewPasswordField autoFocus value={password} onChange={setPassword} />
        <div className="flex flex-col gap-2 pt-2">
          <Button type="submit" kind="primary" wide isPending={sending.isPending}>
            {t('access.reset.go')}
          </Button>
          <Button kind="quiet" wide onPress={props.onDone}>
            {t('access.reset.back')}
          </Button>
        </div>
      </Form>
    </Entrance>
  )
}

/** Asks for such a link. Whether anybody has the address is not told. */
export function AskReset(props: { email: string; onBack: () => void }) {
  const { t } = useTranslation()
  const { client } = useDoor()
  const [email, setEmail] = useState(props.email)
  const [isAsked, setAsked] = useState(false)
  const sending = useSubmission(['email'], () =>
    client.resets.ask({ body: { email: email.trim() } }),
  )
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok === true) setAsked(true)
  }
  return (
    <Entrance title={t('access.reset.title')} lead={t('access.reset.askLead')}>
      <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
        <TextField
          name="email"
          type="email"
          autoFocus
          isRequired
          autoComplete="username"
          label={t('accounts.email')}
          value={email}
          onChange={setEmail}
        />
        {isAsked && <p role="status">{t('access.reset.asked')}</p>}
        <div className="flex flex-col gap-2 pt-2">
          <Button
            type="submit"
            kind="primary"
            wide
            isDisabled={isAsked}
            isPending={sending.isPending}
          >
            {t('access.reset.ask')}
          </Button>
          <Button kind="quiet" wide onPress={props.onBack}>
            {t('access.reset.back')}
          </Button>
        </div>
      </Form>
    </Entrance>
  )
}
