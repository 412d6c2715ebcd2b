import { Mail, Pencil, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MemberView } from '@fermata/contract/accounts.schema'
import { useModel, useMyId, useSession } from '../../state/use-session.tsx'
import { tried } from '../../state/trouble.ts'
import { useTroubleText } from '../../state/use-trouble.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { useNotices } from '../../ui/toast.tsx'
import { Invite } from '../access/invite.tsx'
import { useRoles } from '../access/role-names.ts'
import { Waiting } from '../access/waiting.tsx'
import { PageHead, Thing, Things } from '../settings/page.tsx'
import { EditMember, NewMember } from './member.tsx'

/** Who works here. */
export function Members() {
  const { t } = useTranslation()
  const held = useModel((model) => model.state.members)
  const [isAdding, setAdding] = useState(false)
  const [isInviting, setInviting] = useState(false)
  const [round, setRound] = useState(0)
  const { nameOf } = useRoles()
  const [editing, setEditing] = useState<MemberView | null>(null)
  const members = Object.values(held)
    .filter((member) => member !== undefined)
    .toSorted((a, b) => a.name.localeCompare(b.name))
  return (
    <>
      <PageHead title={t('accounts.members.title')} lead={t('accounts.members.lead')}>
        <div className="flex flex-wrap gap-2">
          <Button icon={Mail} onPress={() => setInviting(true)}>
            {t('access.invitations.invite')}
          </Button>
          <Button icon={Plus} kind="quiet" onPress={() => setAdding(true)}>
            {t('accounts.members.add')}
          </Button>
        </div>
      </PageHead>
      <Things>
        {members.map((member) => (
          <Member
            key={member.id}
            member={member}
            role={nameOf(member.role)}
            onEdit={() => setEditing(member)}
          />
        ))}
      </Things>
      <Waiting key={round + members.length} />
      <Invite
        isOpen={isInviting}
        onClose={() => setInviting(false)}
        onInvited={() => setRound(round + 1)}
      />
      <NewMember isOpen={isAdding} onClose={() => setAdding(false)} />
      <EditMember member={editing} onClose={() => setEditing(null)} />
    </>
  )
}

function Member(props: { member: MemberView; role: string; onEdit: () => void }) {
  const { member, role } = props
  const { t } = useTranslation()
  const me = useMyId()
  const isGone = member.deactivatedAt !== null
  return (
    <Thing
      icon={
        <span className={classes(isGone && 'opacity-50')}>
          <Avatar name={member.name} ours={!isGone} />
        </span>
      }
      title={
        <span className={classes(isGone && 'text-soft')}>
          {member.name}
          {member.id === me && (
            <span className="font-normal text-soft"> ({t('accounts.members.you')})</span>
          )}
        </span>
      }
      text={member.email}
    >
      <span className="text-soft">{isGone ? t('accounts.members.deactivated') : role}</span>
      <span className="flex gap-1">
        <IconButton
          icon={Pencil}
          label={t('accounts.members.edit', { name: member.name })}
          onPress={props.onEdit}
        />
        {member.id !== me && <Activation member={member} />}
      </span>
    </Thing>
  )
}

/** Lets somebody in no more, or in again; the first can be undone by the second. */
function Activation(props: { member: MemberView }) {
  const { id, name, deactivatedAt } = props.member
  const { t } = useTranslation()
  const { client } = useSession()
  const notices = useNotices()
  const troubleText = useTroubleText()
  const set = async (isActive: boolean): Promise<void> => {
    const params = { member: id }
    const result = await tried(() =>
      isActive ? client.members.reactivate({ params }) : client.members.deactivate({ params }),
    )
    if (!result.ok) notices.say({ kind: 'failed', text: troubleText(result.refusal) })
    else if (!isActive) {
      notices.say({
        text: t('accounts.members.wasDeactivated', { name }),
        undo: () => void set(true),
      })
    }
  }
  return (
    <Button kind="quiet" onPress={() => void set(deactivatedAt !== null)}>
      {t(deactivatedAt === null ? 'accounts.members.deactivate' : 'accounts.members.reactivate')}
    </Button>
  )
}
