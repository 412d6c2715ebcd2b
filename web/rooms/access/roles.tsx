import { Pencil, Plus, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RoleView } from '@fermata/contract/accounts.schema'
import { permissions, roles, type Permission } from '@fermata/contract/permissions'
import { usePermissions, useSession } from '../../state/use-session.tsx'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/choice.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { FormFoot } from '../../ui/form-foot.tsx'
import { Form } from '../../ui/form.tsx'
import { NameField } from '../../ui/name-field.tsx'
import { NoThings, PageHead, Thing, Things } from '../settings/page.tsx'
import { useRoles } from './role-names.ts'
import { useAct } from './use-loaded.ts'

/** What members may do. */
export function Roles() {
  const { t } = useTranslation()
  const { own, load } = useRoles()
  const [editing, setEditing] = useState<RoleView | 'new' | null>(null)
  const close = (): void => setEditing(null)
  return (
    <>
      <PageHead title={t('access.roles.title')} lead={t('access.roles.lead')}>
        <Button icon={Plus} onPress={() => setEditing('new')}>
          {t('access.roles.add')}
        </Button>
      </PageHead>
      <Things>
        {roles.map((role) => (
          <Thing key={role} icon={<Shield />} title={t(`accounts.members.${role}`)}>
            <p className="basis-72 text-soft">{t(`access.roles.about.${role}`)}</p>
          </Thing>
        ))}
      </Things>
      <section className="pt-10">
        <h2 className="pb-3 font-semibold">{t('access.roles.own')}</h2>
        {own?.length === 0 && <NoThings>{t('access.roles.none')}</NoThings>}
        {own !== null && own.length > 0 && (
          <Things>
            {own.map((role) => (
              <Thing
                key={role.id}
                icon={<Shield />}
                title={role.name}
                text={t('access.roles.allowed', { count: role.permissions.length })}
              >
                <IconButton
                  icon={Pencil}
                  label={t('access.roles.edit', { name: role.name })}
                  onPress={() => setEditing(role)}
                />
              </Thing>
            ))}
          </Things>
        )}
      </section>
      <Dialog
        title={
          editing === null || editing === 'new'
            ? t('access.roles.add')
            : t('access.roles.edit', { name: editing.name })
        }
        isOpen={editing !== null}
        onClose={close}
      >
        <DialogBody>
          {editing !== null && (
            <RoleForm
              role={editing === 'new' ? null : editing}
              onDone={() => {
                close()
                void load()
              }}
            />
          )}
        </DialogBody>
      </Dialog>
    </>
  )
}

function Shield() {
  return <ShieldCheck aria-hidden size={16} className="shrink-0 text-soft" />
}

function RoleForm(props: { role: RoleView | null; onDone: () => void }) {
  const { role, onDone } = props
  const { t } = useTranslation()
  const { client } = useSession()
  const act = useAct()
  const held = usePermissions()
  const [name, setName] = useState(role?.name ?? '')
  const [chosen, setChosen] = useState<readonly Permission[]>(
    role?.permissions ?? ['conversations:read', 'feed:read'],
  )
  const body = { name: name.trim(), permissions: [...chosen] }
  const sending = useSubmission(['name'], () =>
    role === null
      ? client.roles.add({ body })
      : client.roles.change({ params: { role: role.id }, body }),
  )
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok === true) onDone()
  }
  const remove = async (gone: RoleView): Promise<void> => {
    const done = t('access.roles.removed', { name: gone.name })
    if (await act(() => client.roles.remove({ params: { role: gone.id } }), done)) onDone()
  }
  const choose = (one: Permission, isSelected: boolean): void =>
    setChosen(isSelected ? [...chosen, one] : chosen.filter((other) => other !== one))
  return (
    <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
      <NameField autoFocus label={t('access.roles.name')} value={name} onChange={setName} />
      <fieldset className="flex flex-col">
        <legend className="pb-1 font-medium">{t('access.roles.allows')}</legend>
        {permissions
          .filter((one) => held.includes(one))
          .map((one) => (
            <Checkbox
              key={one}
              isSelected={chosen.includes(one)}
              onChange={(isSelected) => choose(one, isSelected)}
            >
              {t(`access.permission.${one}`)}
            </Checkbox>
          ))}
        <p className="pt-2 text-small text-soft">{t('access.roles.more')}</p>
      </fieldset>
      <FormFoot
        submit={t(role === null ? 'access.roles.add' : 'ui.save')}
        isPending={sending.isPending}
        remove={role && { text: t('access.roles.remove'), onPress: () => void remove(role) }}
      />
    </Form>
  )
}
