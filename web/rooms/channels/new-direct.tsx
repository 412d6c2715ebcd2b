import { X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '@fermata/base/limits'
import type { MemberView } from '@fermata/contract/accounts.schema'
import { useMyId, useSession } from '../../state/use-session.tsx'
import { useGo } from '../../state/use-go.ts'
import { useSubmission } from '../../state/use-trouble.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Form } from '../../ui/form.tsx'
import { PickMember } from './pick-member.tsx'

/** Opens the direct conversation with some members. */
export function NewDirect(props: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('channels.newDirect')} isOpen={props.isOpen} onClose={props.onClose}>
      <DialogBody>
        <DirectForm onClose={props.onClose} />
      </DialogBody>
    </Dialog>
  )
}

function DirectForm(props: { onClose: () => void }) {
  const { t } = useTranslation()
  const { client } = useSession()
  const me = useMyId()
  const go = useGo()
  const [picked, setPicked] = useState<readonly MemberView[]>([])
  const members = picked.map(({ id }) => id)
  const sending = useSubmission([], () => client.directs.open({ body: { members } }))
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok !== true) return
    props.onClose()
    go.direct(result.value.conversation.id)
  }
  const isFull = picked.length >= limits.directMembersMax - 1
  return (
    <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
      {picked.length > 0 && (
        <ul className="flex flex-wrap gap-x-4 gap-y-1">
          {picked.map((member) => (
            <li key={member.id} className="flex items-center gap-2">
              <Avatar name={member.name} ours size="small" />
              {member.name}
              <IconButton
                small
                icon={X}
                label={t('channels.unpick', { name: member.name })}
                onPress={() => setPicked(picked.filter(({ id }) => id !== member.id))}
              />
            </li>
          ))}
        </ul>
      )}
      {!isFull && (
        <PickMember
          autoFocus
          label={t('channels.with')}
          without={[me, ...members]}
          onPick={(member) => setPicked([...picked, member])}
        />
      )}
      <div className="flex justify-end">
        <Button
          type="submit"
          kind="primary"
          isDisabled={picked.length === 0}
          isPending={sending.isPending}
        >
          {t('channels.talk')}
        </Button>
      </div>
    </Form>
  )
}
