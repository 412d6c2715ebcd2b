import { UserRoundPlus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { idKind, type ConversationId, type MemberId } from '@fermata/base/ids'
import { useModel, useMyId } from '../../state/use-session.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { useActorName } from '../contacts/names.ts'
import { useActs } from './use-acts.ts'

/** Who of us takes part: whoever has written, and whoever was brought in. */
export function Participants(props: { id: ConversationId }) {
  const { id } = props
  const { t } = useTranslation()
  const me = useMyId()
  const name = useActorName()
  const acts = useActs()
  const all = useModel((model) => model.state.threads[id]?.participants) ?? []
  const members = useModel((model) => model.state.members)
  const ours = all.map(({ actor }) => actor).filter((actor) => idKind(actor) !== 'ctc')
  const others = Object.values(members)
    .filter((member) => member !== undefined)
    .filter((member) => member.deactivatedAt === null && !ours.includes(member.id))
    .toSorted((a, b) => Number(b.id === me) - Number(a.id === me) || a.name.localeCompare(b.name))
  return (
    <div className="flex flex-col gap-1">
      {ours.length === 0 && <p className="text-soft">{t('conversations.context.nobody')}</p>}
      <ul>
        {ours.map((actor) => (
          <li key={actor} className="group flex min-h-7 items-center gap-2.5">
            <Avatar
              name={actor === me ? (members[me]?.name ?? '') : name(actor)}
              ours
              size="small"
            />
            <span className="min-w-0 grow truncate">{name(actor)}</span>
            {idKind(actor) === 'mbr' && (
              <span className="opacity-0 transition-opacity group-focus-within:opacity-100 group-hover:opacity-100 coarse:opacity-100">
                <IconButton
                  small
                  icon={X}
                  label={`${t('conversations.context.leave')}: ${name(actor)}`}
                  onPress={() => acts.perform(id, { type: 'leave', member: actor as MemberId })}
                />
              </span>
            )}
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <Menu
          label={t('conversations.context.join')}
          onAction={(key) => acts.perform(id, { type: 'join', member: key as MemberId })}
          trigger={
            <IconButton
              small
              data-landing="part"
              icon={UserRoundPlus}
              label={t('conversations.context.bringIn')}
            />
          }
        >
          {others.map((member) => (
            <MenuItem key={member.id} id={member.id}>
              {member.id === me ? t('conversations.context.join') : member.name}
            </MenuItem>
          ))}
        </Menu>
      )}
    </div>
  )
}
