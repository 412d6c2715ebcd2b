import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { WorkspaceId } from '@fermata/base/ids'
import type { Result } from '@fermata/base/result'
import { limits } from '@fermata/base/limits'
import type { MeView } from '@fermata/contract/accounts.schema'
import type { Refusal } from '@fermata/contract/errors'
import type { Trouble } from '../../state/trouble.ts'
import { useDoor } from '../../state/use-entering.tsx'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { Radios } from '../../ui/choice.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { AskReset } from '../access/reset.tsx'
import { Entrance } from './entrance.tsx'

type Choices = NonNullable<Refusal['choices']>

/** Where a member comes in. */
export function SignIn(props: { why: 'ended' | 'offlineSignOut' | null }) {
  const { t } = useTranslation()
  const [email, setEmail] = useState('')
  const [isForgotten, setForgotten] = useState(false)
  if (isForgotten) return <AskReset email={email} onBack={() => setForgotten(false)} />
  return (
    <Entrance title={t('accounts.signIn.title')}>
      {props.why !== null && (
        <p role="status" className="text-soft">
          {t(props.why === 'ended' ? 'accounts.signIn.ended' : 'app.signOut.failed')}
        </p>
      )}
      <SignInForm email={email} onEmail={setEmail} onForgotten={() => setForgotten(true)} />
    </Entrance>
  )
}

interface SignInFormProps {
  readonly email: string
  onEmail(email: string): void
  onForgotten(): void
}

/** The password first; then, where it takes them, which workspace and a code of the second factor. */
function SignInForm({ email, onEmail, onForgotten }: SignInFormProps) {
  const { t } = useTranslation()
  const { entering, client } = useDoor()
  const [password, setPassword] = useState('')
  const [choices, setChoices] = useState<Choices>([])
  const [workspace, setWorkspace] = useState<WorkspaceId | null>(null)
  const [code, setCode] = useState<string | null>(null)
  const sending = useSubmission(['email', 'code'], () =>
    client.sessions.start({
      body: {
        ...{ email: email.trim(), password },
        ...(workspace === null ? {} : { workspace }),
        ...(code === null || code === '' ? {} : { code: code.trim() }),
      },
    }),
  )
  const goOn = async (result: Result<MeView, Trouble>): Promise<void> => {
    if (result.ok) return entering.enter(result.value)
    const { refusal } = result
    if (refusal.code === 'code_needed') setCode('')
    if (refusal.code !== 'choose_workspace') return
    setChoices(refusal.choices ?? [])
    setWorkspace(refusal.choices?.[0]?.id ?? null)
  }
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result !== null) await goOn(result)
  }
  const startAnew = (): void => {
    setChoices([])
    setWorkspace(null)
    setCode(null)
  }
  return (
    <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
      <TextField
        name="email"
        type="email"
        autoComplete="username"
        autoFocus
        isRequired
        label={t('accounts.email')}
        value={email}
        onChange={(value) => {
          startAnew()
          onEmail(value)
        }}
      />
      <TextField
        name="password"
        type="password"
        autoComplete="current-password"
        isRequired
        label={t('accounts.password')}
        value={password}
        onChange={(value) => {
          startAnew()
          setPassword(value)
        }}
      />
      {choices.length > 0 && (
        <Radios<WorkspaceId>
          label={t('access.choose')}
          value={workspace ?? choices[0]!.id}
          onChange={setWorkspace}
          options={choices.map(({ id, name }) => ({ id, text: name }))}
        />
      )}
      {code !== null && (
        <TextField
          name="code"
          autoFocus
          isRequired
          autoComplete="one-time-code"
          maxLength={limits.secondFactorCodeCharsMax}
          label={t('access.factor.code')}
          help={t('access.factor.signIn')}
          value={code}
          onChange={setCode}
        />
      )}
      <div className="flex flex-col gap-2 pt-2">
        <Button type="submit" kind="primary" wide isPending={sending.isPending}>
          {t('accounts.signIn.go')}
        </Button>
        <Button kind="quiet" wide onPress={onForgotten}>
          {t('access.reset.forgot')}
        </Button>
      </div>
    </Form>
  )
}
