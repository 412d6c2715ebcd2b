import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { scopes, type Scope } from '@fermata/contract/actors'
import { useSession } from '../../state/use-session.tsx'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/choice.tsx'
import { CopyBlock } from '../../ui/copy.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Form } from '../../ui/form.tsx'
import { NameField } from '../../ui/name-field.tsx'

interface NewAppProps {
  isOpen: boolean
  onClose(): void
  onAdded(): void
}

/** Adds a program; its token is shown this once. */
export function NewApp(props: NewAppProps) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('accounts.apps.add')} isOpen={props.isOpen} onClose={props.onClose}>
      <DialogBody>
        <NewAppForm {...props} />
      </DialogBody>
    </Dialog>
  )
}

function NewAppForm({ onClose, onAdded }: NewAppProps) {
  const { t } = useTranslation()
  const { client } = useSession()
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<readonly Scope[]>(['conversations:read'])
  const [made, setMade] = useState<{ token: string; user: string } | null>(null)
  const sending = useSubmission(['name', 'scopes'], () =>
    client.apps.add({ body: { name: name.trim(), scopes: [...chosen] } }),
  )
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok !== true) return
    setMade({ token: result.value.token, user: result.value.app.id })
    onAdded()
  }
  const choose = (scope: Scope, isSelected: boolean): void =>
    setChosen(isSelected ? [...chosen, scope] : chosen.filter((one) => one !== scope))
  if (made !== null) {
    return (
      <>
        <p>{t('accounts.apps.tokenOnce')}</p>
        <CopyBlock label={t('accounts.apps.token')} text={made.token} />
        {chosen.some((scope) => scope.startsWith('topics:')) && (
          <CopyBlock label={t('accounts.apps.user')} text={made.user} />
        )}
        <div className="flex justify-end">
          <Button kind="primary" onPress={onClose}>
            {t('accounts.apps.done')}
          </Button>
        </div>
      </>
    )
  }
  return (
    <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
      <NameField autoFocus label={t('accounts.apps.name')} value={name} onChange={setName} />
      <fieldset className="flex flex-col">
        <legend className="pb-1 font-medium">{t('accounts.apps.scopes')}</legend>
        {scopes.map((scope) => (
          <Checkbox
            key={scope}
            isSelected={chosen.includes(scope)}
            onChange={(isSelected) => choose(scope, isSelected)}
          >
            {t(`accounts.apps.scope.${scope}`)}
          </Checkbox>
        ))}
      </fieldset>
      <div className="flex justify-end">
        <Button
          type="submit"
          kind="primary"
          isDisabled={chosen.length === 0}
          isPending={sending.isPending}
        >
          {t('accounts.apps.add')}
        </Button>
      </div>
    </Form>
  )
}
