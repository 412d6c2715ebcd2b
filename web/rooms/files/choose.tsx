import { Paperclip } from 'lucide-react'
import { useRef, useState, type DragEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'

/** The button that asks for files. */
export function ChooseFiles(props: { onFiles: (files: readonly File[]) => void }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <IconButton
        icon={Paperclip}
        label={t('files.attach')}
        onPress={() => input.current?.click()}
      />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t('files.attach')}
        onChange={(event) => {
          props.onFiles([...(event.target.files ?? [])])
          // The same file may be chosen again.
          event.target.value = ''
        }}
      />
    </>
  )
}

/** Takes files that are dropped onto what is inside, and says so while they hang above it. */
export function DropPlace(props: {
  isOff: boolean
  className: string
  onFiles: (files: readonly File[]) => void
  children: ReactNode
}) {
  const { t } = useTranslation()
  const [isOver, setOver] = useState(false)
  const carriesFiles = (event: DragEvent): boolean =>
    !props.isOff && event.dataTransfer.types.includes('Files')
  return (
    <div
      className={classes('relative', props.className)}
      onDragOver={(event) => {
        if (!carriesFiles(event)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      }}
      onDrop={(event) => {
        setOver(false)
        if (!carriesFiles(event)) return
        event.preventDefault()
        props.onFiles([...event.dataTransfer.files])
      }}
    >
      {props.children}
      {isOver && (
        <p className="pointer-events-none absolute inset-0 flex items-center justify-center rounded-large bg-accent-soft font-medium">
          {t('files.drop')}
        </p>
      )}
    </div>
  )
}
