import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MessageId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { useModel } from '../../state/use-session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { useMoves } from './use-moves.ts'

interface SplitProps {
  row: ConversationRow
  /** The first message that goes; null for the last one of all. */
  from: MessageId | null
  isOpen: boolean
  onClose: () => void
}

/** Asks what the conversation is about that is split off. */
export function SplitDialog(props: SplitProps) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('moves.splitTitle')} isOpen={props.isOpen} onClose={props.onClose}>
      <DialogBody>
        <SplitForm {...props} />
      </DialogBody>
    </Dialog>
  )
}

function SplitForm({ row, from, onClose }: SplitProps) {
  const { t } = useTranslation()
  const moves = useMoves()
  const last = useModel((model) => model.state.threads[row.id]?.messages.at(-1)?.id)
  const [subject, setSubject] = useState('')
  const first = from ?? last
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        onClose()
        if (first !== undefined) void moves.split(row.id, first, subject.trim())
      }}
    >
      <p className="text-soft">{t('moves.splitAbout')}</p>
      <TextField
        autoFocus
        label={t('moves.subject')}
        maxLength={limits.subjectCharsMax}
        value={subject}
        onChange={setSubject}
      />
      <div className="flex justify-end gap-2">
        <Button kind="quiet" onPress={onClose}>
          {t('ui.cancel')}
        </Button>
        <Button kind="primary" type="submit">
          {t('moves.splitIt')}
        </Button>
      </div>
    </form>
  )
}
