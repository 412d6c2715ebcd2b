import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Result } from '@fermata/base/result'
import type { Refusal } from '@fermata/contract/errors'
import type { Answer } from '@fermata/contract/routes.schema'
import { useSession } from '../../state/use-session.tsx'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { CopyBlock } from '../../ui/copy.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { dateText } from '../../ui/time/format.ts'
import { useNow } from '../../ui/time/now.tsx'
import { useShown } from '../../ui/time/time.tsx'
import { useNotices } from '../../ui/toast.tsx'
import { QrCode } from './qr.tsx'
import { useLoaded } from './use-loaded.ts'

type Doing = 'turnOn' | 'turnOff' | 'renew'
type Begun = Answer<'twoFactor.begin'>

/** My second factor, on or off. */
export function SecondFactor() {
  const { t } = useTranslation()
  const { client } = useSession()
  const shown = useShown()
  const now = useNow()
  const { value, load } = useLoaded(useCallback(() => client.twoFactor.get(), [client]))
  const [doing, setDoing] = useState<Doing | null>(null)
  if (value === null) return null
  const { enabledAt, recoveryCodesLeft: count } = value
  const close = (): void => {
    setDoing(null)
    void load()
  }
  return (
    <>
      <p>
        {enabledAt === null
          ? t('access.factor.off')
          : t('access.factor.on', { date: dateText(enabledAt, now, shown) })}{' '}
        {enabledAt !== null && t('access.factor.left', { count })}
      </p>
      <div className="flex flex-wrap gap-2">
        {enabledAt === null ? (
          <Button onPress={() => setDoing('turnOn')}>{t('access.factor.turnOn')}</Button>
        ) : (
          <>
            <Button onPress={() => setDoing('renew')}>{t('access.factor.renew')}</Button>
            <Button kind="quiet" onPress={() => setDoing('turnOff')}>
              {t('access.factor.turnOff')}
            </Button>
          </>
        )}
      </div>
      <Dialog
        title={t(`access.factor.${doing ?? 'turnOn'}`)}
        isOpen={doing !== null}
        onClose={close}
      >
        <DialogBody>{doing !== null && <Steps doing={doing} onClose={close} />}</DialogBody>
      </Dialog>
    </>
  )
}

/** The password first; then what follows from it. */
function Steps(props: { doing: Doing; onClose: () => void }) {
  const { t } = useTranslation()
  const { client } = useSession()
  const notices = useNotices()
  const [password, setPassword] = useState('')
  const [begun, setBegun] = useState<Begun | null>(null)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const sending = useSubmission(['password'], async (): Promise<Result<unknown, Refusal>> => {
    const body = { password }
    if (props.doing === 'turnOn') {
      const result = await client.twoFactor.begin({ body })
      if (result.ok) setBegun(result.value)
      return result
    }
    if (props.doing === 'renew') {
      const result = await client.twoFactor.renewCodes({ body })
      if (result.ok) setCodes(result.value.recoveryCodes)
      return result
    }
    const result = await client.twoFactor.end({ body })
    if (result.ok) {
      notices.say({ text: t('access.factor.isOff') })
      props.onClose()
    }
    return result
  })
  if (codes !== null) return <Codes codes={codes} onClose={props.onClose} />
  if (begun !== null) return <Confirm begun={begun} onCodes={setCodes} />
  return (
    <Form onSubmit={() => void sending.submit()} faults={sending.faults} fault={sending.fault}>
      <TextField
        name="password"
        type="password"
        autoFocus
        isRequired
        autoComplete="current-password"
        label={t('access.factor.password')}
        value={password}
        onChange={setPassword}
      />
      <div className="flex justify-end">
        <Button type="submit" kind="primary" isPending={sending.isPending}>
          {t('access.factor.goOn')}
        </Button>
      </div>
    </Form>
  )
}

function Confirm(props: { begun: Begun; onCodes: (codes: readonly string[]) => void }) {
  const { t } = useTranslation()
  const { client } = useSession()
  const [code, setCode] = useState('')
  const sending = useSubmission(['code'], () =>
    client.twoFactor.confirm({ body: { code: code.trim() } }),
  )
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok === true) props.onCodes(result.value.recoveryCodes)
  }
  return (
    <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
      <p>{t('access.factor.scan')}</p>
      <QrCode text={props.begun.uri} label={t('access.factor.picture')} />
      <CopyBlock label={t('access.factor.key')} text={props.begun.secret} />
      <a href={props.begun.uri} className="text-accent underline-offset-2 hover:underline">
        {t('access.factor.open')}
      </a>
      <TextField
        name="code"
        isRequired
        autoComplete="one-time-code"
        inputMode="numeric"
        label={t('access.factor.code')}
        value={code}
        onChange={setCode}
      />
      <div className="flex justify-end">
        <Button type="submit" kind="primary" isPending={sending.isPending}>
          {t('access.factor.confirm')}
        </Button>
      </div>
    </Form>
  )
}

function Codes(props: { codes: readonly string[]; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <>
      <p>{t('access.factor.codesLead')}</p>
      <CopyBlock label={t('access.factor.codes')} text={props.codes.join('\n')} />
      <div className="flex justify-end">
        <Button kind="primary" onPress={props.onClose}>
          {t('access.invitations.done')}
        </Button>
      </div>
    </>
  )
}
