import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from 'react-aria-components/Button'
import type { EditView, MessageView } from '@fermata/contract/conversations.schema'
import { useSession } from '../../state/use-session.tsx'
import { tried } from '../../state/trouble.ts'
import { useTroubleText } from '../../state/use-trouble.ts'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Fault } from '../../ui/form.tsx'
import { Prose } from '../../ui/prose.tsx'
import { useMoment } from '../../ui/time/time.tsx'

/** Says that a message was edited, and shows how it read before. */
export function Edited(props: { message: MessageView }) {
  const { message } = props
  const { t } = useTranslation()
  const { client } = useSession()
  const troubleText = useTroubleText()
  const moment = useMoment()
  const [edits, setEdits] = useState<readonly EditView[] | null>(null)
  const [fault, setFault] = useState<string | null>(null)
  const [isOpen, setOpen] = useState(false)
  const open = async (): Promise<void> => {
    setOpen(true)
    setFault(null)
    const result = await tried(() => client.messages.edits({ params: { message: message.id } }))
    if (result.ok) setEdits(result.value.edits.toSorted((a, b) => b.revision - a.revision))
    else setFault(troubleText(result.refusal))
  }
  return (
    <>
      <Button
        onPress={() => void open()}
        className="text-small text-soft underline decoration-faint decoration-dotted underline-offset-3 hovered:text-ink"
      >
        {t('conversations.edited')}
      </Button>
      <Dialog
        title={t('conversations.versions')}
        size="medium"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
      >
        <DialogBody>
          <Fault text={fault} />
          {edits?.map((edit) => (
            <section key={edit.revision} className="flex flex-col gap-1">
              <h3 className="text-small text-soft">
                {t('conversations.versionUntil', { time: moment(edit.until) })}
              </h3>
              <Prose text={edit.text} />
            </section>
          ))}
        </DialogBody>
      </Dialog>
    </>
  )
}
