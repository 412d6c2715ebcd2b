import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { FileView } from '@fermata/contract/files.schema'
import { fileAddress } from '@fermata/sdk/upload'
import { useSession } from '../../state/use-session.tsx'
import { useShown } from '../../ui/time/time.tsx'
import { KindSign } from './sign.tsx'
import { sizeText } from './size.ts'

/** The longest side that a picture has in a conversation, in pixels. */
const pictureMax = 280

/** The files of a message: pictures to be seen, sounds and films to be played, others to be fetched. */
export function Files(props: { files: readonly FileView[] }) {
  const { t } = useTranslation()
  if (props.files.length === 0) return null
  return (
    <ul aria-label={t('files.attached')} className="flex flex-wrap items-end gap-2 pt-1.5">
      {props.files.map((file) => (
        <li key={file.id} className="max-w-full min-w-0">
          <OneFile file={file} />
        </li>
      ))}
    </ul>
  )
}

function OneFile(props: { file: FileView }) {
  const { file } = props
  if (file.thumbnail) return <Picture file={file} />
  if (file.type.startsWith('audio/') || /^video\/(?:mp4|webm|ogg)$/.test(file.type)) {
    return <Player file={file} />
  }
  return <Row file={file} />
}

function useAddress(): (file: FileView, what: 'shown' | 'attachment' | 'thumbnail') => string {
  const { url } = useSession().client.connection
  return (file, what) => fileAddress(url, file.id, what)
}

function Picture(props: { file: FileView }) {
  const { file } = props
  const { t } = useTranslation()
  const address = useAddress()
  const [width, height] = [file.width ?? pictureMax, file.height ?? pictureMax]
  const scale = Math.min(1, pictureMax / Math.max(width, height))
  return (
    <a
      href={address(file, 'shown')}
      target="_blank"
      rel="noopener"
      aria-label={t('files.open', { name: file.name })}
      className="block overflow-hidden rounded-medium ring-1 ring-line"
    >
      <img
        src={address(file, 'thumbnail')}
        alt={file.name}
        loading="lazy"
        width={Math.max(1, Math.round(width * scale))}
        height={Math.max(1, Math.round(height * scale))}
        className="block h-auto max-w-full bg-hover"
      />
    </a>
  )
}

function Player(props: { file: FileView }) {
  const { file } = props
  const address = useAddress()
  const shared = {
    controls: true,
    preload: 'metadata',
    'aria-label': file.name,
    src: address(file, 'shown'),
  }
  return (
    <figure className="flex max-w-full flex-col gap-1">
      {file.type.startsWith('audio/') ? (
        // oxlint-disable-next-line jsx-a11y/media-has-caption -- what people send each other has none
        <audio {...shared} className="w-72 max-w-full" />
      ) : (
        // oxlint-disable-next-line jsx-a11y/media-has-caption -- what people send each other has none
        <video {...shared} className="max-h-70 w-96 max-w-full rounded-medium bg-press" />
      )}
      <figcaption>
        <Row file={file} />
      </figcaption>
    </figure>
  )
}

function Row(props: { file: FileView }) {
  const { file } = props
  const { t } = useTranslation()
  const { locale } = useShown()
  const address = useAddress()
  return (
    <a
      href={address(file, 'attachment')}
      download={file.name}
      aria-label={`${t('files.download', { name: file.name })}, ${sizeText(file.bytes, locale)}`}
      className="flex h-9 max-w-full min-w-0 items-center gap-2 rounded-medium bg-hover px-2.5 text-ink no-underline transition-colors coarse:h-11 hover:bg-press"
    >
      <KindSign type={file.type} />
      <span className="min-w-0 truncate">{file.name}</span>
      <span className="shrink-0 text-small text-soft">{sizeText(file.bytes, locale)}</span>
      <Download aria-hidden size={14} className="shrink-0 text-soft" />
    </a>
  )
}
