import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '@fermata/base/limits'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'

/** What passing takes. */
export interface PassProps {
  isOpen: boolean
  onClose(): void
  onPass(reason: string): void
}

/** Asks why somebody gives a conversation back, never to get it as the next again. */
export function PassDialog(props: PassProps) {
  const { t } = useTranslation()
  return (
    <Dialog
      title={t('conversations.lease.passTitle')}
      isOpen={props.isOpen}
      onClose={props.onClose}
    >
      <DialogBody>
        <PassForm {...props} />
      </DialogBody>
    </Dialog>
  )
}

function PassForm(props: PassProps) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const words = reason.trim()
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (words === '') return
        props.onClose()
        props.onPass(words)
      }}
    >
      <TextField
        autoFocus
        isRequired
        label={t('conversations.lease.passReason')}
        maxLength={limits.reasonCharsMax}
        value={reason}
        onChange={setReason}
      />
      <div className="flex justify-end gap-2">
        <Button kind="quiet" onPress={props.onClose}>
          {t('ui.cancel')}
        </Button>
        <Button kind="primary" type="submit" isDisabled={words === ''}>
          {t('conversations.lease.passIt')}
        </Button>
      </div>
    </form>
  )
}
