import { limits } from '@fermata/base/limits'
import type { Attachment } from '@fermata/sdk/uploads'
import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import { reasonOf } from '../reason.ts'
import { sizeText } from '../sizes.ts'
import type { Attachments } from './attachments.ts'
import { useSurround } from './context.ts'
import { Icon } from './icons.tsx'

/** The button that asks for files. */
export function Choose({ add }: Pick<Attachments, 'add'>): JSX.Element {
  const { say } = useSurround()
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button
        type="button"
        class="attach"
        aria-label={say('attach')}
        onClick={() => input.current?.click()}
      >
        <Icon name="attach" />
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          add([...(event.currentTarget.files ?? [])])
          // The same file may be chosen again.
          event.currentTarget.value = ''
        }}
      />
    </>
  )
}

/** What is attached to the words that are being written, and how far each of it has come. */
export function Attached({ attachments }: { attachments: Attachments }): JSX.Element | null {
  const { say } = useSurround()
  const { all, uploads, tooMany } = attachments
  if (all.length === 0) return null
  return (
    <>
      <ul class="attached" aria-label={say('attached')}>
        {all.map((one) => (
          <li key={one.key}>
            <span class="file-name">{one.name}</span>
            <HowFar attachment={one} />
            {one.state === 'refused' && (
              <button
                type="button"
                aria-label={say('fileRetry', { name: one.name })}
                onClick={() => uploads.retry(one.key)}
              >
                <Icon name="retry" small />
              </button>
            )}
            <button
              type="button"
              aria-label={say('fileRemove', { name: one.name })}
              onClick={() => uploads.remove(one.key)}
            >
              <Icon name="close" small />
            </button>
          </li>
        ))}
      </ul>
      {tooMany && (
        <p class="over" role="alert">
          {say('filesTooMany', { count: limits.filesPerMessageMax })}
        </p>
      )}
    </>
  )
}

function HowFar({ attachment }: { attachment: Attachment }): JSX.Element {
  const { say, place } = useSurround()
  const { state, sent, bytes, refusal } = attachment
  const size = sizeText(bytes, place.locale)
  if (state === 'refused') {
    return (
      <span class="file-state" role="alert">
        {say('fileRefused', { reason: reasonOf(refusal, say) })}
      </span>
    )
  }
  if (state === 'missing') return <span class="file-state">{say('fileMissing')}</span>
  if (state === 'done') return <span class="file-state">{size}</span>
  const percent = bytes === 0 ? 0 : Math.floor((100 * sent) / bytes)
  return (
    <span class="file-state">
      <span
        class="bar"
        role="progressbar"
        aria-label={attachment.name}
        aria-valuenow={percent}
        style={{ '--done': `${percent}%` }}
      />
      {say('fileSending', { percent, size })}
    </span>
  )
}
