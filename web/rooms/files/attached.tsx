import { CircleAlert, RotateCw, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Attachment } from '@fermata/sdk/uploads'
import { useTroubleText } from '../../state/use-trouble.ts'
import { IconButton } from '../../ui/button.tsx'
import { useShown } from '../../ui/time/time.tsx'
import { KindSign } from './sign.tsx'
import { sizeText } from './size.ts'
import type { Attachments } from './use-attachments.ts'

/** What is attached to the words that are being written, and how far each of it has come. */
export function Attached(props: { attachments: Attachments }) {
  const { all } = props.attachments
  const { t } = useTranslation()
  if (all.length === 0) return null
  return (
    <ul
      aria-label={t('files.attached')}
      className="quiet-scroll flex max-h-44 flex-col gap-1 overflow-y-auto px-2 pb-2"
    >
      {all.map((one) => (
        <li key={one.key} className="flex min-w-0 items-center gap-2 rounded-medium bg-hover ps-2">
          <Sign attachment={one} source={props.attachments.source(one.key)} />
          <div className="min-w-0 grow py-1">
            <p className="truncate">{one.name}</p>
            <HowFar attachment={one} />
          </div>
          {one.state === 'refused' && (
            <IconButton
              small
              icon={RotateCw}
              label={t('files.retry', { name: one.name })}
              onPress={() => props.attachments.retry(one.key)}
            />
          )}
          <IconButton
            small
            icon={X}
            label={t('files.remove', { name: one.name })}
            onPress={() => props.attachments.remove(one.key)}
          />
        </li>
      ))}
    </ul>
  )
}

/** A picture of a picture, from the bytes that are here; for all others the sign of their kind. */
function Sign(props: { attachment: Attachment; source: Blob | null }) {
  const { attachment, source } = props
  const [address, setAddress] = useState<string | null>(null)
  const isPicture = /^image\/(?:png|jpeg|gif|webp)$/.test(attachment.type)
  useEffect(() => {
    if (!isPicture || source === null) return
    const made = URL.createObjectURL(source)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [isPicture, source])
  if (address !== null) {
    return <img src={address} alt="" className="size-9 shrink-0 rounded-small object-cover" />
  }
  return <KindSign type={attachment.type} />
}

function HowFar(props: { attachment: Attachment }) {
  const { state, sent, bytes, name, refusal } = props.attachment
  const { t } = useTranslation()
  const { locale } = useShown()
  const troubleText = useTroubleText()
  const size = sizeText(bytes, locale)
  if (state === 'refused') {
    const reason = refusal === null ? '' : troubleText(refusal)
    return (
      <p role="alert" className="flex items-center gap-1 text-small">
        <CircleAlert aria-hidden size={12} className="shrink-0" />
        <span className="min-w-0">{t('files.refused', { reason })}</span>
      </p>
    )
  }
  if (state === 'missing') return <p className="text-small">{t('files.missing')}</p>
  if (state === 'done') return <p className="text-small text-soft">{size}</p>
  const percent = bytes === 0 ? 0 : Math.floor((100 * sent) / bytes)
  return (
    <p className="flex items-center gap-2 text-small text-soft">
      <span
        role="progressbar"
        aria-label={name}
        aria-valuenow={percent}
        className="h-1 w-24 shrink-0 overflow-hidden rounded-full bg-press"
      >
        <span className="block h-full bg-accent" style={{ width: `${percent}%` }} />
      </span>
      {state === 'waiting' ? t('files.waiting') : t('files.sending', { percent, size })}
    </p>
  )
}
