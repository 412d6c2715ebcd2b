import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '@fermata/base/limits'
import type { ChannelView } from '@fermata/contract/channels.schema'
import { visibilities, type Visibility } from '@fermata/contract/words'
import { useSession } from '../../state/use-session.tsx'
import { useGo } from '../../state/use-go.ts'
import { useSubmission } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { Radios } from '../../ui/choice.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Form } from '../../ui/form.tsx'
import { NameField } from '../../ui/name-field.tsx'
import { useChannelActs } from './use-channel-acts.ts'

/** Makes a channel. */
export function MakeChannel(props: { isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('channels.make')} isOpen={props.isOpen} onClose={props.onClose}>
      <DialogBody>
        <ChannelForm channel={null} onClose={props.onClose} />
      </DialogBody>
    </Dialog>
  )
}

/** Changes a channel, or puts it out of use. */
export function ChangeChannel(props: {
  channel: ChannelView
  isOpen: boolean
  onClose: () => void
}) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('channels.settings')} isOpen={props.isOpen} onClose={props.onClose}>
      <DialogBody>
        <ChannelForm channel={props.channel} onClose={props.onClose} />
      </DialogBody>
    </Dialog>
  )
}

function ChannelForm(props: { channel: ChannelView | null; onClose: () => void }) {
  const { channel, onClose } = props
  const { t } = useTranslation()
  const { client } = useSession()
  const go = useGo()
  const acts = useChannelActs()
  const [name, setName] = useState(channel?.name ?? '')
  const [purpose, setPurpose] = useState(channel?.purpose ?? '')
  const [visibility, setVisibility] = useState<Visibility>(channel?.visibility ?? 'public')
  const isArchived = channel !== null && channel.archive !== null
  const sending = useSubmission(['name', 'purpose'], () => {
    const body = { name: name.trim(), purpose: purpose.trim(), visibility }
    return channel === null
      ? client.channels.add({ body })
      : client.channels.change({ params: { channel: channel.id }, body })
  })
  const submit = async (): Promise<void> => {
    const result = await sending.submit()
    if (result?.ok !== true) return
    onClose()
    if (channel === null) go.channel(result.value.id)
  }
  const use = async (known: ChannelView): Promise<void> => {
    const isDone = await (isArchived ? acts.restore(known.id) : acts.archive(known.id))
    if (isDone) onClose()
  }
  return (
    <Form onSubmit={() => void submit()} faults={sending.faults} fault={sending.fault}>
      {!isArchived && (
        <>
          <NameField autoFocus label={t('channels.name')} value={name} onChange={setName} />
          <TextField
            name="purpose"
            label={t('channels.purpose')}
            maxLength={limits.purposeCharsMax}
            value={purpose}
            onChange={setPurpose}
          />
          <Radios<Visibility>
            label={t('channels.visibility')}
            value={visibility}
            onChange={setVisibility}
            options={visibilities.map((id) => ({ id, text: t(`channels.${id}`) }))}
          />
        </>
      )}
      <div className="flex flex-wrap items-center justify-between gap-2">
        {channel === null ? (
          <span />
        ) : (
          <Button kind="quiet" onPress={() => void use(channel)}>
            {t(isArchived ? 'channels.restore' : 'channels.archive')}
          </Button>
        )}
        {!isArchived && (
          <Button type="submit" kind="primary" isPending={sending.isPending}>
            {t(channel === null ? 'channels.make' : 'ui.save')}
          </Button>
        )}
      </div>
    </Form>
  )
}
