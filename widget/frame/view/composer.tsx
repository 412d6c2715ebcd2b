import { limits } from '@fermata/base/limits'
import type { NewPost } from '@fermata/sdk/outbox'
import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { Attached, Choose } from './attached.tsx'
import { useAttachments } from './attachments.ts'
import { useSurround } from './context.ts'
import { useDraft } from './draft.ts'
import { useFocus } from './focus.ts'
import { Icon } from './icons.tsx'

/** What a composer does. */
export interface ComposerProps {
  /** Under what the draft is kept. */
  readonly name: string
  /** Says it. Answers false when it could not even be kept. */
  readonly send: (message: NewPost) => boolean
  /** Somebody writes. */
  readonly typing?: () => void
}

/** Where one writes. Enter sends; what is written and not sent survives a reload. */
export function Composer({ name, send, typing }: ComposerProps): JSX.Element {
  const { session, say } = useSurround()
  const [text, setText] = useDraft(session.kept, name)
  const field = useRef<HTMLTextAreaElement>(null)
  const attachments = useAttachments(name)
  const over = text.length - limits.messageTextCharsMax
  const empty = text.trim() === '' && attachments.all.length === 0
  const held = empty || over > 0 || attachments.open

  useLayoutEffect(() => grow(field.current), [text])
  useFocus(field)

  const submit = (): void => {
    const files = attachments.all.flatMap(({ file }) => file?.id ?? [])
    const message = { text: text.trim(), ...(files.length === 0 ? {} : { files }) }
    if (held || !send(message)) return
    attachments.take()
    setText('')
    field.current?.focus()
  }
  return (
    <form
      class={attachments.over ? 'composer dropping' : 'composer'}
      {...attachments.dropping}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Choose add={attachments.add} />
      <textarea
        ref={field}
        rows={1}
        value={text}
        placeholder={say('write')}
        aria-label={say('write')}
        aria-describedby="hint"
        aria-invalid={over > 0}
        dir="auto"
        onInput={(event) => {
          setText(event.currentTarget.value)
          typing?.()
        }}
        onPaste={attachments.paste}
        onKeyDown={(event) => {
          // While a word is being composed (Chinese, Japanese, Korean), Enter chooses it.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
          event.preventDefault()
          submit()
        }}
      />
      <button type="submit" class="send" aria-label={say('send')} disabled={held}>
        <Icon name="send" />
      </button>
      <Attached attachments={attachments} />
      <p id="hint" class={over > 0 ? 'over' : 'unseen'} role={over > 0 ? 'alert' : undefined}>
        {over > 0
          ? say('tooLong', { count: over })
          : say(attachments.open ? 'filesSending' : 'writeHint')}
      </p>
    </form>
  )
}

/** As high as its text, up to what the style allows. */
function grow(field: HTMLTextAreaElement | null): void {
  if (field === null) return
  field.style.height = 'auto'
  field.style.height = `${field.scrollHeight}px`
}
