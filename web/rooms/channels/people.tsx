import { UserMinus } from 'lucide-react'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChannelMemberView, ChannelView } from '@fermata/contract/channels.schema'
import { useMay, useMyId, useSession } from '../../state/use-session.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { useLoaded } from '../access/use-loaded.ts'
import { useActorName } from '../contacts/names.ts'
import { PickMember } from './pick-member.tsx'
import { useChannelActs } from './use-channel-acts.ts'
import { useChannel } from './use-floor.ts'

/** Who is in a channel, and who else may be. */
export function MembersDialog(props: {
  channel: ChannelView
  isOpen: boolean
  onClose: () => void
}) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('channels.people')} isOpen={props.isOpen} onClose={props.onClose}>
      <DialogBody>
        {/* Somebody came or went: who, the server says. */}
        <People key={props.channel.members} channel={props.channel} />
      </DialogBody>
    </Dialog>
  )
}

function People(props: { channel: ChannelView }) {
  const { channel } = props
  const { t } = useTranslation()
  const { client } = useSession()
  const me = useMyId()
  const acts = useChannelActs()
  const { seat } = useChannel(channel.id)
  const mayOpen = useMay('channels:open')
  const mayManage = useMay('channels:manage') || (channel.by === me && seat !== undefined)
  const ask = useCallback(
    () => client.channels.members({ params: { channel: channel.id } }),
    [client, channel.id],
  )
  const { value } = useLoaded(ask)
  const people = value?.rows ?? []
  const mayInvite = seat !== undefined && mayOpen && channel.archive === null
  return (
    <>
      <p className="text-soft">{t('channels.members', { count: channel.members })}</p>
      <ul aria-label={t('channels.people')} className="flex flex-col gap-1">
        {people.map((person) => (
          <Person
            key={person.member}
            person={person}
            isRemovable={mayManage && person.member !== me}
            onRemove={() => void acts.leave(channel.id, person.member)}
          />
        ))}
      </ul>
      {mayInvite && (
        <PickMember
          label={t('channels.letIn')}
          without={people.map(({ member }) => member)}
          onPick={({ id }) => void acts.join(channel.id, id)}
        />
      )}
      {seat !== undefined && (
        <div className="flex justify-end">
          <Button kind="quiet" onPress={() => void acts.leave(channel.id, me)}>
            {t('channels.leave')}
          </Button>
        </div>
      )}
    </>
  )
}

function Person(props: { person: ChannelMemberView; isRemovable: boolean; onRemove: () => void }) {
  const { t } = useTranslation()
  const nameOf = useActorName()
  const name = nameOf(props.person.member)
  return (
    <li className="flex min-h-8 items-center gap-2">
      <Avatar name={name} ours size="small" />
      <span className="min-w-0 grow truncate">{name}</span>
      {props.isRemovable && (
        <IconButton
          small
          icon={UserMinus}
          label={t('channels.takeOut', { name })}
          onPress={props.onRemove}
        />
      )}
    </li>
  )
}
