import { limits } from '@fermata/base/limits'
import type { JSX } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { useSurround } from './context.ts'
import { useDraft } from './draft.ts'
import { useFocus } from './focus.ts'
import { Icon } from './icons.tsx'

/** What a composer does. */
export interface ComposerProps {
  /** Under what the draft is kept. */
  readonly name: string
  /** Says it. Answers false when it could not even be kept. */
  readonly send: (text: string) => boolean
  /** Somebody writes. */
  readonly typing?: () => void
}

/** Where one writes. Enter sends; what is written and not sent survives a reload. */
export function Composer({ name, send, typing }: ComposerProps): JSX.Element {
  const { session, say } = useSurround()
  const [text, setText] = useDraft(session.kept, name)
  const field = useRef<HTMLTextAreaElement>(null)
  const [empty, over] = [text.trim() === '', text.length - limits.messageTextCharsMax]

  useLayoutEffect(() => grow(field.current), [text])
  useFocus(field)

  const submit = (): void => {
    if (empty || over > 0 || !send(text.trim())) return
    setText('')
    field.current?.focus()
  }
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
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
        onKeyDown={(event) => {
          // While a word is being composed (Chinese, Japanese, Korean), Enter chooses it.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
          event.preventDefault()
          submit()
        }}
      />
      <button type="submit" class="send" aria-label={say('send')} disabled={empty || over > 0}>
        <Icon name="send" />
      </button>
      <p id="hint" class={over > 0 ? 'over' : 'unseen'} role={over > 0 ? 'alert' : undefined}>
        {over > 0 ? say('tooLong', { count: over }) : say('writeHint')}
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
