import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '@fermata/base/limits'
import type { ScheduledView } from '@fermata/contract/drafts.schema'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { useScheduledActs } from './use-scheduled.ts'

/** Changes the words of a message that is not sent yet. */
export function EditScheduled(props: {
  scheduled: ScheduledView
  isOpen: boolean
  onClose(): void
}) {
  const { t } = useTranslation()
  return (
    <Dialog
      title={t('drafts.editTitle')}
      isOpen={props.isOpen}
      onClose={props.onClose}
      size="medium"
    >
      <DialogBody>
        <Form {...props} />
      </DialogBody>
    </Dialog>
  )
}

function Form(props: { scheduled: ScheduledView; onClose(): void }) {
  const { id, files, version } = props.scheduled
  const { t } = useTranslation()
  const acts = useScheduledActs()
  const [text, setText] = useState(props.scheduled.text)
  const [isBusy, setBusy] = useState(false)
  const hasWords = text.trim() !== '' || files.length > 0
  const save = async (): Promise<void> => {
    setBusy(true)
    const isSaved = await acts.change(id, { text, version })
    setBusy(false)
    if (isSaved) props.onClose()
  }
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (hasWords) void save()
      }}
    >
      <TextField
        autoFocus
        rows={6}
        label={t('drafts.words')}
        maxLength={limits.messageTextCharsMax}
        value={text}
        onChange={setText}
      />
      <div className="flex justify-end gap-2">
        <Button kind="quiet" onPress={props.onClose}>
          {t('ui.cancel')}
        </Button>
        <Button kind="primary" type="submit" isDisabled={!hasWords || isBusy}>
          {t('conversations.composer.saveEdit')}
        </Button>
      </div>
    </form>
  )
}
