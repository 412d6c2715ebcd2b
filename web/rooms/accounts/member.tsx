import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '@fermata/base/limits'
import type { MemberView } from '@fermata/contract/accounts.schema'
import type { RoleName } from '@fermata/contract/actors'
import { useMyId, useSession } from '../../state/use-session.tsx'
import { tried } from '../../state/trouble.ts'
import { useSubmission, useTroubleText } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { NameField } from '../../ui/name-field.tsx'
import { Select } from '../../ui/select.tsx'
import { useNotices } from '../../ui/toast.tsx'
import { HandOver } from '../access/link.tsx'
import { useRoles } from '../access/role-names.ts'
import { useAct } from '../access/use-loaded.ts'

/** Adds a member, with a password that is handed over by word of mouth. */
export function NewMember(props: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('accounts.members.add')} isOpen={props.isOpen} onClose={props.onClose}>
      <DialogBody>
        <NewMemberForm onClose={props.onClose} />
      </DialogBody>
    </Dialog>
  )
}

function NewMemberForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const { client } = useSession()
  const notices = useNotices()
  const [filled, setFilled] = useState({ name: '', email: '', password: '' })
  const [role, setRole] = useState<RoleName>('agent')
  const sending = useSubmission(['name', 'email', 'password'], () =>
    client.members.add({ body: { ...filled, email: filled.email.trim(), role } }),
  )
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok !== true) return
    notices.say({ text: t('accounts.members.added', { name: filled.name }) })
    onClose()
  }
  const field = (name: keyof typeof filled) => ({
    name,
    isRequired: true,
    autoComplete: 'off',
    value: filled[name],
    onChange: (value: string) => setFilled({ ...filled, [name]: value }),
  })
  return (
    <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
      <TextField
        {...field('name')}
        autoFocus
        maxLength={limits.nameCharsMax}
        label={t('accounts.members.name')}
      />
      <TextField {...field('email')} type="email" label={t('accounts.email')} />
      <TextField
        {...field('password')}
        minLength={limits.passwordCharsMin}
        maxLength={limits.passwordCharsMax}
        label={t('accounts.members.firstPassword')}
        help={t('accounts.members.firstPasswordHelp')}
      />
      <RoleChoice value={role} onChange={setRole} />
      <div className="flex justify-end">
        <Button type="submit" kind="primary" isPending={sending.isPending}>
          {t('accounts.members.add')}
        </Button>
      </div>
    </Form>
  )
}

function RoleChoice(props: { value: RoleName; onChange: (role: RoleName) => void }) {
  const { t } = useTranslation()
  const { givable } = useRoles()
  return (
    <Select<RoleName>
      label={t('accounts.members.role')}
      value={props.value}
      onChange={props.onChange}
      options={givable}
    />
  )
}

/** Changes a member's name or role. */
export function EditMember(props: { member: MemberView | null; onClose: () => void }) {
  const { t } = useTranslation()
  const { member, onClose } = props
  return (
    <Dialog
      title={t('accounts.members.edit', { name: member?.name ?? '' })}
      isOpen={member !== null}
      onClose={onClose}
    >
      <DialogBody>
        {member !== null && <EditMemberForm member={member} onClose={onClose} />}
      </DialogBody>
    </Dialog>
  )
}

function EditMemberForm({ member, onClose }: { member: MemberView; onClose: () => void }) {
  const { t } = useTranslation()
  const { client } = useSession()
  const me = useMyId()
  const notices = useNotices()
  const troubleText = useTroubleText()
  const act = useAct()
  const [token, setToken] = useState<string | null>(null)
  const [name, setName] = useState(member.name)
  const [role, setRole] = useState<RoleName>(member.role)
  const sending = useSubmission(['name', 'role'], () =>
    client.members.change({ params: { member: member.id }, body: { name: name.trim(), role } }),
  )
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok === true) onClose()
  }
  const makeLink = async (): Promise<void> => {
    const result = await tried(() => client.members.reset({ params: { member: member.id } }))
    if (result.ok) setToken(result.value.token)
    else notices.say({ kind: 'failed', text: troubleText(result.refusal) })
  }
  const endFactor = async (): Promise<void> => {
    const call = () => client.members.endTwoFactor({ params: { member: member.id } })
    await act(call, t('access.factor.ended', { name: member.name }))
  }
  if (token !== null) {
    return (
      <>
        <p className="text-soft">{t('access.reset.makeLead', { name: member.name })}</p>
        <HandOver kind="reset" token={token} onClose={onClose} />
      </>
    )
  }
  return (
    <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
      <NameField autoFocus label={t('accounts.members.name')} value={name} onChange={setName} />
      {member.id !== me && <RoleChoice value={role} onChange={setRole} />}
      {member.id !== me && member.deactivatedAt === null && (
        <div className="flex flex-wrap gap-2">
          <Button onPress={() => void makeLink()}>{t('access.reset.make')}</Button>
          <Button onPress={() => void endFactor()}>{t('access.factor.end')}</Button>
        </div>
      )}
      <div className="flex justify-end">
        <Button type="submit" kind="primary" isPending={sending.isPending}>
          {t('ui.save')}
        </Button>
      </div>
    </Form>
  )
}
