import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { InboxId } from '@fermata/base/ids'
import { useSession } from '../../state/use-session.tsx'
import { tried } from '../../state/trouble.ts'
import { useTroubleText } from '../../state/use-trouble.ts'
import { Button } from '../../ui/button.tsx'
import { CopyBlock } from '../../ui/copy.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { useNotices } from '../../ui/toast.tsx'

/** The secret with which a site signs who its visitors are: shown when asked for, and replaced. */
export function Secret(props: { inbox: InboxId }) {
  const { t } = useTranslation()
  const { client } = useSession()
  const notices = useNotices()
  const troubleText = useTroubleText()
  const [secret, setSecret] = useState<string | null>(null)
  const [isAsking, setAsking] = useState(false)
  const params = { inbox: props.inbox }
  const reveal = async (): Promise<void> => {
    const result = await tried(() => client.inboxes.secret({ params }))
    if (result.ok) setSecret(result.value.secret)
    else notices.say({ kind: 'failed', text: troubleText(result.refusal) })
  }
  const renew = async (): Promise<void> => {
    setAsking(false)
    const result = await tried(() => client.inboxes.renewSecret({ params }))
    if (!result.ok) return notices.say({ kind: 'failed', text: troubleText(result.refusal) })
    setSecret(result.value.secret)
    notices.say({ text: t('places.renewed') })
  }
  return (
    <>
      {secret !== null && <CopyBlock label={t('places.secret')} text={secret} />}
      <div className="flex flex-wrap gap-2">
        <Button onPress={() => (secret === null ? void reveal() : setSecret(null))}>
          {t(secret === null ? 'places.reveal' : 'places.hide')}
        </Button>
        <Button kind="quiet" onPress={() => setAsking(true)}>
          {t('places.renew')}
        </Button>
      </div>
      <Dialog title={t('places.renewTitle')} isOpen={isAsking} onClose={() => setAsking(false)}>
        <DialogBody>
          <p>{t('places.renewText')}</p>
          <div className="flex flex-wrap justify-end gap-2">
            <Button autoFocus onPress={() => setAsking(false)}>
              {t('ui.cancel')}
            </Button>
            <Button kind="primary" onPress={() => void renew()}>
              {t('places.renew')}
            </Button>
          </div>
        </DialogBody>
      </Dialog>
    </>
  )
}
