import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppId, MemberId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { RoleName } from '@fermata/contract/actors'
import { isRole, rolePermissions } from '@fermata/contract/permissions'
import { useModel, useMyId, useSession } from '../../state/use-session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Select } from '../../ui/select.tsx'
import { useLoaded } from '../access/use-loaded.ts'

/** What handing over takes. */
export interface HandOverProps {
  isOpen: boolean
  onClose(): void
  onHand(holder: MemberId | AppId, note: string): void
}

/** Whether a role lets anybody answer. Of a workspace's own the server knows, and says so. */
function mayAnswer(role: RoleName): boolean {
  return !isRole(role) || rolePermissions[role].includes('conversations:write')
}

/** Asks who is to get the conversation, and what they should know. */
export function HandOverDialog(props: HandOverProps) {
  const { t } = useTranslation()
  return (
    <Dialog
      title={t('conversations.lease.handTitle')}
      isOpen={props.isOpen}
      onClose={props.onClose}
    >
      <DialogBody>
        <HandOverForm {...props} />
      </DialogBody>
    </Dialog>
  )
}

function HandOverForm(props: HandOverProps) {
  const { t } = useTranslation()
  const me = useMyId()
  const members = useModel((model) => model.state.members)
  const { client } = useSession()
  const apps = useLoaded(useCallback(() => client.apps.answering(), [client]))
  const colleagues = Object.values(members)
    .filter((member) => member !== undefined)
    .filter((member) => member.deactivatedAt === null && member.id !== me)
    .filter(({ role }) => mayAnswer(role))
    .toSorted((a, b) => a.name.localeCompare(b.name))
  const programs = (apps.value?.rows ?? []).map(({ id, name }) => ({
    id,
    name: t('conversations.lease.anApp', { name }),
  }))
  const others: readonly { id: MemberId | AppId; name: string }[] = [...colleagues, ...programs]
  const [chosen, setChosen] = useState<MemberId | AppId | null>(null)
  const [note, setNote] = useState('')
  const holder = chosen ?? others[0]?.id
  if (holder === undefined)
    return <p className="text-soft">{t('conversations.lease.nobodyElse')}</p>
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        props.onClose()
        props.onHand(holder, note.trim())
      }}
    >
      <Select<MemberId | AppId>
        label={t('conversations.lease.to')}
        value={holder}
        onChange={setChosen}
        options={others.map(({ id, name }) => ({ id, text: name }))}
      />
      <TextField
        autoFocus
        label={t('conversations.lease.noteLabel')}
        placeholder={t('conversations.lease.notePlaceholder')}
        maxLength={limits.handOverCharsMax}
        value={note}
        onChange={setNote}
      />
      <div className="flex justify-end gap-2">
        <Button kind="quiet" onPress={props.onClose}>
          {t('ui.cancel')}
        </Button>
        <Button kind="primary" type="submit">
          {t('conversations.lease.handIt')}
        </Button>
      </div>
    </form>
  )
}
