import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '@fermata/base/limits'
import type { Result } from '@fermata/base/result'
import type { Refusal } from '@fermata/contract/errors'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'

/** What passing takes. */
export interface PassProps {
  isOpen: boolean
  onClose(): void
  /** Refused, the dialog stays with its words. */
  onPass(reason: string): Promise<Result<unknown, Refusal>>
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
  const sending = useSubmission(['reason'], () => props.onPass(words))
  const submit = async (): Promise<void> => {
    if (words !== '' && (await sending.submit())?.ok === true) props.onClose()
  }
  return (
    <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
      <TextField
        autoFocus
        isRequired
        name="reason"
        label={t('conversations.lease.passReason')}
        maxLength={limits.reasonCharsMax}
        value={reason}
        onChange={setReason}
      />
      <div className="flex justify-end gap-2">
        <Button kind="quiet" onPress={props.onClose}>
          {t('ui.cancel')}
        </Button>
        <Button
          kind="primary"
          type="submit"
          isDisabled={words === ''}
          isPending={sending.isPending}
        >
          {t('conversations.lease.passIt')}
        </Button>
      </div>
    </Form>
  )
}
