import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChannelId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { useSession } from '../../state/use-session.tsx'
import { useGo } from '../../state/use-go.ts'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'

/** Begins a titled conversation in a channel. */
export function StartTopic(props: { channel: ChannelId; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog size="medium" title={t('channels.start')} isOpen={props.isOpen} onClose={props.onClose}>
      <DialogBody>
        <StartForm channel={props.channel} onClose={props.onClose} />
      </DialogBody>
    </Dialog>
  )
}

function StartForm(props: { channel: ChannelId; onClose: () => void }) {
  const { channel } = props
  const { t } = useTranslation()
  const { client } = useSession()
  const go = useGo()
  const [subject, setSubject] = useState('')
  const [text, setText] = useState('')
  // A second attempt after a lost answer must be known as the same message.
  const [id] = useState(() => client.newId())
  const sending = useSubmission(['subject', 'message'], () =>
    client.channels.open({
      params: { channel },
      body: { subject: subject.trim(), message: { client: id, text } },
    }),
  )
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok !== true) return
    props.onClose()
    go.channel(channel, result.value.conversation.id)
  }
  return (
    <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
      <TextField
        autoFocus
        isRequired
        name="subject"
        label={t('channels.subject')}
        maxLength={limits.subjectCharsMax}
        value={subject}
        onChange={setSubject}
      />
      <TextField
        isRequired
        name="message"
        label={t('channels.message')}
        rows={6}
        maxLength={limits.messageTextCharsMax}
        value={text}
        onChange={setText}
      />
      <div className="flex justify-end">
        <Button type="submit" kind="primary" isPending={sending.isPending}>
          {t('channels.post')}
        </Button>
      </div>
    </Form>
  )
}
