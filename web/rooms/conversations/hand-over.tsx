import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { present } from '@fermata/base/assert'
import type { AppId, MemberId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { Result } from '@fermata/base/result'
import type { RoleName } from '@fermata/contract/actors'
import type { Refusal } from '@fermata/contract/errors'
import { isRole, rolePermissions } from '@fermata/contract/permissions'
import { useModel, useMyId, useSession } from '../../state/use-session.tsx'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { Select } from '../../ui/select.tsx'
import { useLoaded } from '../access/use-loaded.ts'

/** What handing over takes. */
export interface HandOverProps {
  isOpen: boolean
  onClose(): void
  /** Refused, the dialog stays with its words. */
  onHand(holder: MemberId | AppId, note: string): Promise<Result<unknown, Refusal>>
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
  const sending = useSubmission(['note'], () =>
    props.onHand(present(holder, 'somebody to get it'), note.trim()),
  )
  const submit = async (): Promise<void> => {
    if ((await sending.submit())?.ok === true) props.onClose()
  }
  if (holder === undefined)
    return <p className="text-soft">{t('conversations.lease.nobodyElse')}</p>
  return (
    <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
      <Select<MemberId | AppId>
        label={t('conversations.lease.to')}
        value={holder}
        onChange={setChosen}
        options={others.map(({ id, name }) => ({ id, text: name }))}
      />
      <TextField
        autoFocus
        name="note"
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
        <Button kind="primary" type="submit" isPending={sending.isPending}>
          {t('conversations.lease.handIt')}
        </Button>
      </div>
    </Form>
  )
}
