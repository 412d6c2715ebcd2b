import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '@fermata/base/limits'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { useActs } from './use-acts.ts'

interface SubjectProps {
  row: ConversationRow
  isOpen: boolean
  onClose(): void
}

/** Changes what a conversation is called. */
export function SubjectDialog(props: SubjectProps) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('app.commands.subject')} isOpen={props.isOpen} onClose={props.onClose}>
      <DialogBody>
        <SubjectForm {...props} />
      </DialogBody>
    </Dialog>
  )
}

function SubjectForm({ row, onClose }: SubjectProps) {
  const { t } = useTranslation()
  const acts = useActs()
  const [subject, setSubject] = useState(row.subject)
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        onClose()
        if (subject.trim() !== row.subject) {
          acts.perform(row.id, { type: 'subject', subject: subject.trim() })
        }
      }}
    >
      <TextField
        autoFocus
        label={t('conversations.subjectEdit')}
        maxLength={limits.subjectCharsMax}
        value={subject}
        onChange={setSubject}
      />
      <div className="flex justify-end">
        <Button type="submit" kind="primary">
          {t('ui.save')}
        </Button>
      </div>
    </form>
  )
}
