import type { FileView } from '@fermata/contract/files.schema'
import { readFile } from '@fermata/sdk/upload'
import { h, type JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { sizeText } from '../sizes.ts'
import { useSurround } from './context.ts'
import { Icon } from './icons.tsx'

/** The longest side that a picture has in a conversation, in pixels. */
const pictureMax = 220

/** The files of a message. A visitor reads them by a token, so their bytes are fetched and then shown. */
export function Files({ files }: { files: readonly FileView[] }): JSX.Element | null {
  const { say } = useSurround()
  if (files.length === 0) return null
  return (
    <ul class="files" aria-label={say('attached')}>
      {files.map((file) => (
        <li key={file.id}>
          {file.thumbnail && <Picture file={file} />}
          <Row file={file} />
        </li>
      ))}
    </ul>
  )
}

/** The address of a file's bytes as long as they are shown; null until they are here. */
function useBytes(file: FileView, what: 'shown' | 'thumbnail' | null): string | null {
  const { session } = useSurround()
  const [address, setAddress] = useState<string | null>(null)
  useEffect(() => {
    if (what === null) return undefined
    const away = new AbortController()
    let made: string | null = null
    void readFile(session.client, file.id, what, away.signal).then((bytes) => {
      if (bytes === null || away.signal.aborted) return
      made = URL.createObjectURL(bytes)
      setAddress(made)
    })
    return () => {
      away.abort()
      if (made !== null) URL.revokeObjectURL(made)
    }
  }, [session, file.id, what])
  return address
}

function Picture({ file }: { file: FileView }): JSX.Element {
  const address = useBytes(file, 'thumbnail')
  const [width, height] = [file.width ?? pictureMax, file.height ?? pictureMax]
  const scale = Math.min(1, pictureMax / Math.max(width, height))
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) }
  // The place is kept free, so that nothing moves when the picture comes.
  return address === null ? (
    <span class="picture" style={{ width: `${size.width}px`, height: `${size.height}px` }} />
  ) : (
    <img class="picture" src={address} alt={file.name} {...size} />
  )
}

function Row({ file }: { file: FileView }): JSX.Element {
  const { session, say, place } = useSurround()
  const [playing, play] = useState(false)
  const address = useBytes(file, playing ? 'shown' : null)
  const player = playerOf(file.type)
  const save = async (): Promise<void> => {
    const bytes = await readFile(session.client, file.id, 'shown', new AbortController().signal)
    if (bytes === null) return
    const link = document.createElement('a')
    link.href = URL.createObjectURL(bytes)
    link.download = file.name
    link.click()
    URL.revokeObjectURL(link.href)
  }
  return (
    <>
      {address !== null &&
        player !== undefined &&
        h(player, { controls: true, autoplay: true, src: address })}
      <span class="file">
        {player !== undefined && !playing && (
          <button
            type="button"
            aria-label={say('play', { name: file.name })}
            onClick={() => play(true)}
          >
            <Icon name="play" small />
          </button>
        )}
        <span class="file-name">{file.name}</span>
        <span class="file-state">{sizeText(file.bytes, place.locale)}</span>
        <button
          type="button"
          aria-label={say('download', { name: file.name })}
          onClick={() => void save()}
        >
          <Icon name="download" small />
        </button>
      </span>
    </>
  )
}

/** What plays a file of this type. */
function playerOf(type: string): 'audio' | 'video' | undefined {
  if (type.startsWith('audio/')) return 'audio'
  return type.startsWith('video/') ? 'video' : undefined
}
