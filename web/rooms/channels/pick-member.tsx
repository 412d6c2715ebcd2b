import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MemberId } from '@fermata/base/ids'
import type { MemberView } from '@fermata/contract/accounts.schema'
import { useModel } from '../../state/use-session.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'

/** So many are offered at a time; more letters find the others. */
const offeredMax = 6

/** Finds members by their names. */
export function PickMember(props: {
  label: string
  autoFocus?: boolean
  /** Those who are not offered. */
  without: readonly MemberId[]
  onPick: (member: MemberView) => void
}) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const members = useModel((model) => model.state.members)
  const wanted = text.trim().toLocaleLowerCase()
  const offered = Object.values(members)
    .filter((member) => member !== undefined)
    .filter(({ id, deactivatedAt }) => deactivatedAt === null && !props.without.includes(id))
    .filter(({ name }) => name.toLocaleLowerCase().includes(wanted))
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .slice(0, offeredMax)
  return (
    <div className="flex flex-col gap-2">
      <TextField
        autoFocus={props.autoFocus ?? false}
        label={props.label}
        placeholder={t('channels.find')}
        value={text}
        onChange={setText}
      />
      {offered.length === 0 && <p className="text-soft">{t('channels.nobody')}</p>}
      <ul className="flex flex-wrap gap-1.5">
        {offered.map((member) => (
          <li key={member.id}>
            <Button
              aria-label={t('channels.pick', { name: member.name })}
              onPress={() => {
                setText('')
                props.onPick(member)
              }}
            >
              <Avatar name={member.name} ours size="small" />
              {member.name}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}
