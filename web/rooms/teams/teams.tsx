import { Pencil, Plus, UserRoundPlus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MemberId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { TeamView } from '@fermata/contract/teams.schema'
import { useModel, useSession } from '../../state/use-session.tsx'
import { tried } from '../../state/trouble.ts'
import { useSubmission, useTroubleText } from '../../state/use-trouble.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { FormFoot } from '../../ui/form-foot.tsx'
import { Form } from '../../ui/form.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { NameField } from '../../ui/name-field.tsx'
import { Select } from '../../ui/select.tsx'
import { useNotices } from '../../ui/toast.tsx'
import { NoThings, PageHead } from '../settings/page.tsx'
import { useLeaseLengths } from './lease-lengths.ts'

/** Who shares an inbox. */
export function Teams() {
  const { t } = useTranslation()
  const held = useModel((model) => model.state.teams)
  const [editing, setEditing] = useState<TeamView | 'new' | null>(null)
  const teams = Object.values(held)
    .filter((team) => team !== undefined)
    .toSorted((a, b) => a.name.localeCompare(b.name))
  const close = (): void => setEditing(null)
  return (
    <>
      <PageHead title={t('places.teams.title')} lead={t('places.teams.lead')}>
        <Button icon={Plus} onPress={() => setEditing('new')}>
          {t('places.teams.add')}
        </Button>
      </PageHead>
      {teams.length === 0 && <NoThings>{t('places.teams.none')}</NoThings>}
      {teams.map((team) => (
        <Team key={team.id} team={team} onEdit={() => setEditing(team)} />
      ))}
      <Dialog
        title={
          editing === 'new' || editing === null
            ? t('places.teams.add')
            : t('places.teams.edit', { name: editing.name })
        }
        isOpen={editing !== null}
        onClose={close}
      >
        <DialogBody>
          <TeamForm team={editing === 'new' ? null : editing} onClose={close} />
        </DialogBody>
      </Dialog>
    </>
  )
}

/** Does something to a team, and says why it was not done. */
function useTeamActs() {
  const { client } = useSession()
  const notices = useNotices()
  const troubleText = useTroubleText()
  const said = async (call: Parameters<typeof tried>[0]): Promise<boolean> => {
    const result = await tried(call)
    if (!result.ok) notices.say({ kind: 'failed', text: troubleText(result.refusal) })
    return result.ok
  }
  return {
    join: (team: TeamView, member: MemberId) =>
      said(() => client.teams.join({ params: { team: team.id, member } })),
    leave: (team: TeamView, member: MemberId) =>
      said(() => client.teams.leave({ params: { team: team.id, member } })),
    remove: (team: TeamView) => said(() => client.teams.remove({ params: { team: team.id } })),
  }
}

function Team(props: { team: TeamView; onEdit: () => void }) {
  const { team } = props
  const { t } = useTranslation()
  const acts = useTeamActs()
  const members = useModel((model) => model.state.members)
  const others = Object.values(members)
    .filter((member) => member !== undefined)
    .filter(({ id, deactivatedAt }) => deactivatedAt === null && !team.members.includes(id))
    .toSorted((a, b) => a.name.localeCompare(b.name))
  return (
    <section className="border-t border-line py-4">
      <div className="flex items-center gap-1">
        <h2 className="min-w-0 grow truncate font-medium">{team.name}</h2>
        {others.length > 0 && (
          <Menu
            label={t('places.teams.membersOf', { name: team.name })}
            placement="bottom end"
            onAction={(key) => void acts.join(team, key as MemberId)}
            trigger={<IconButton icon={UserRoundPlus} label={t('places.teams.addMember')} />}
          >
            {others.map(({ id, name }) => (
              <MenuItem key={id} id={id}>
                {name}
              </MenuItem>
            ))}
          </Menu>
        )}
        <IconButton
          icon={Pencil}
          label={t('places.teams.edit', { name: team.name })}
          onPress={props.onEdit}
        />
      </div>
      <p className="text-soft">{t('places.teams.members', { count: team.members.length })}</p>
      <ul
        aria-label={t('places.teams.membersOf', { name: team.name })}
        className="flex flex-wrap gap-x-5 gap-y-1 pt-2 empty:hidden"
      >
        {team.members.map((id) => (
          <li key={id} className="flex items-center gap-2">
            <Avatar name={members[id]?.name ?? ''} ours size="small" />
            {members[id]?.name}
            <IconButton
              small
              icon={X}
              label={t('places.teams.removeMember', { name: members[id]?.name ?? '' })}
              onPress={() => void acts.leave(team, id)}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}

function TeamForm(props: { team: TeamView | null; onClose: () => void }) {
  const { team, onClose } = props
  const { t } = useTranslation()
  const { client } = useSession()
  const acts = useTeamActs()
  const notices = useNotices()
  const [name, setName] = useState(team?.name ?? '')
  const [leaseMs, setLeaseMs] = useState(team?.leaseMs ?? limits.leaseMsDefault)
  const lengths = useLeaseLengths(leaseMs)
  const body = { name: name.trim(), leaseMs }
  const sending = useSubmission(['name'], () =>
    team === null
      ? client.teams.add({ body })
      : client.teams.change({ params: { team: team.id }, body }),
  )
  const isUsed = useModel((model) =>
    Object.values(model.state.inboxes).some((inbox) => inbox?.team === team?.id),
  )
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok === true) onClose()
  }
  const remove = async (gone: TeamView): Promise<void> => {
    if (!(await acts.remove(gone))) return
    notices.say({ text: t('places.teams.removed', { name: gone.name }) })
    onClose()
  }
  return (
    <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
      <NameField autoFocus label={t('places.teams.name')} value={name} onChange={setName} />
      <Select
        label={t('places.teams.lease')}
        help={t('places.teams.leaseHelp')}
        value={String(leaseMs)}
        onChange={(ms) => setLeaseMs(Number(ms))}
        options={lengths}
      />
      <FormFoot
        submit={t(team === null ? 'places.teams.add' : 'ui.save')}
        isPending={sending.isPending}
        remove={
          team && {
            text: t('places.teams.remove'),
            isDisabled: isUsed,
            onPress: () => void remove(team),
          }
        }
      />
      {team !== null && isUsed && <p className="text-small text-soft">{t('places.teams.inUse')}</p>}
    </Form>
  )
}
