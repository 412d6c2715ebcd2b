import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { languages, type Language } from '../../i18n/languages.ts'
import type { Preferences } from '../../state/preferences.ts'
import { usePreferences } from '../../state/use-preferences.tsx'
import { useMe, useSession } from '../../state/use-session.tsx'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { Radios, Switch } from '../../ui/choice.tsx'
import { useEnvironment } from '../../ui/environment.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { NameField } from '../../ui/name-field.tsx'
import { Select } from '../../ui/select.tsx'
import { useNotices } from '../../ui/toast.tsx'
import { SecondFactor } from '../access/factor.tsx'
import { PageHead, PagePart } from '../settings/page.tsx'
import { NewPasswordField } from './new-password.tsx'

/** My name, my password, and how this device shows things. */
export function Profile() {
  const { t } = useTranslation()
  return (
    <>
      <PageHead title={t('accounts.profile.title')} lead={t('accounts.profile.lead')} />
      <Name />
      <PagePart title={t('accounts.profile.view')}>
        <View />
      </PagePart>
      <PagePart title={t('accounts.profile.changePassword')}>
        <Password />
      </PagePart>
      <PagePart title={t('access.factor.title')} lead={t('access.factor.lead')}>
        <SecondFactor />
      </PagePart>
    </>
  )
}

function Name() {
  const { t } = useTranslation()
  const { client } = useSession()
  const notices = useNotices()
  const { member } = useMe()
  const [name, setName] = useState(member?.name ?? '')
  const sending = useSubmission(['name'], () => client.me.change({ body: { name: name.trim() } }))
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok === true) notices.say({ text: t('ui.saved') })
  }
  return (
    <div className="max-w-96 pb-6">
      <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
        <NameField
          autoComplete="name"
          label={t('accounts.name')}
          help={member?.email}
          value={name}
          onChange={setName}
        />
        <div>
          <Button
            type="submit"
            isDisabled={name.trim() === member?.name}
            isPending={sending.isPending}
          >
            {t('ui.save')}
          </Button>
        </div>
      </Form>
    </div>
  )
}

function View() {
  const { t, i18n } = useTranslation()
  const { apple } = useEnvironment()
  const { preferences, change } = usePreferences()
  return (
    <div className="flex max-w-96 flex-col gap-4">
      <Select<Preferences['theme']>
        label={t('app.me.theme')}
        value={preferences.theme}
        onChange={(theme) => change({ theme })}
        options={[
          { id: 'system', text: t('app.me.system') },
          { id: 'light', text: t('app.me.light') },
          { id: 'dark', text: t('app.me.dark') },
        ]}
      />
      <Select<Language>
        label={t('app.me.language')}
        value={i18n.language as Language}
        onChange={(language) => change({ language })}
        options={languages.map(({ id, name }) => ({ id, text: name }))}
      />
      <Radios<Preferences['sendBy']>
        label={t('accounts.profile.sendBy')}
        value={preferences.sendBy}
        onChange={(sendBy) => change({ sendBy })}
        options={[
          {
            id: 'mod',
            text: t('accounts.profile.sendByMod', { mod: apple ? '⌘' : 'Ctrl' }),
          },
          { id: 'enter', text: t('accounts.profile.sendByEnter') },
        ]}
      />
      <p className="-mt-3 text-small text-soft">{t('accounts.profile.sendByHelp')}</p>
      <Switch isSelected={preferences.letters} onChange={(letters) => change({ letters })}>
        {t('app.me.keys')}
      </Switch>
    </div>
  )
}

function Password() {
  const { t } = useTranslation()
  const { client } = useSession()
  const notices = useNotices()
  const { member } = useMe()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const sending = useSubmission(['current', 'password'], () =>
    client.me.password({ body: { current, password } }),
  )
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok !== true) return
    setCurrent('')
    setPassword('')
    notices.say({ text: t('accounts.profile.changed') })
  }
  return (
    <div className="max-w-96">
      <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
        <input type="hidden" autoComplete="username" value={member?.email ?? ''} readOnly />
        <TextField
          name="current"
          type="password"
          isRequired
          autoComplete="current-password"
          label={t('accounts.profile.current')}
          value={current}
          onChange={setCurrent}
        />
        <NewPasswordField
          label={t('accounts.profile.next')}
          value={password}
          onChange={setPassword}
        />
        <div>
          <Button type="submit" isPending={sending.isPending}>
            {t('accounts.profile.changePassword')}
          </Button>
        </div>
      </Form>
    </div>
  )
}
