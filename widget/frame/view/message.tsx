import type { MessageView } from '@fermata/contract/conversations.schema'
import type { Pending } from '@fermata/sdk/store'
import type { JSX } from 'preact'
import { reasonOf } from '../reason.ts'
import { filesOf, textOf } from '../talks.ts'
import { clockText } from '../times.ts'
import { useSurround } from './context.ts'
import { Files } from './files.tsx'
import { Icon } from './icons.tsx'
import { Markdown } from './markdown.tsx'

/** A message: ours in the margin, the visitor's own in a tinted shape at the other side. */
export function Message({
  message,
  first,
  last,
}: {
  message: MessageView
  first: boolean
  last: boolean
}): JSX.Element {
  const { say, place } = useSurround()
  const mine = message.author.kind === 'contact'
  const deleted = message.deletedAt !== null
  return (
    <li class={`message ${mine ? 'mine' : 'theirs'}${first ? ' first' : ''}`}>
      <span class={first && !mine ? 'author' : 'unseen'}>
        {mine ? say('you') : message.author.name}
      </span>
      {(deleted || message.text !== '') && (
        <div class={deleted ? 'text deleted' : 'text'}>
          {deleted ? say('deletedMessage') : <Markdown text={message.text} />}
        </div>
      )}
      <Files files={message.files} />
      {(last || message.editedAt !== null) && (
        <span class="stamp">
          <time dateTime={new Date(message.at).toISOString()}>{clockText(message.at, place)}</time>
          {message.editedAt !== null && !deleted && ` · ${say('edited')}`}
        </span>
      )}
    </li>
  )
}

/** Something said that the server has not confirmed yet: shown at once, and truthfully. */
export function Waiting({
  pending,
  first,
  stuck,
}: {
  pending: Pending
  first: boolean
  stuck: boolean
}): JSX.Element {
  const { say, session } = useSurround()
  const { entry, state } = pending
  const files = filesOf(pending)
  return (
    <li class={`message mine ${state}${first ? ' first' : ''}`}>
      <span class="unseen">{say('you')}</span>
      <div class="text">
        <Markdown text={textOf(pending)} />
        {files > 0 && <p>{say('filesCount', { count: files })}</p>}
      </div>
      {state === 'refused' ? (
        <div class="stamp refused" role="alert">
          <span class="reason">
            <Icon name="alert" small />
            {say('notSent', { reason: reasonOf(entry.refusal, say) })}
          </span>
          <button type="button" onClick={() => session.outbox.retry(entry.id)}>
            {say('retry')}
          </button>
          <button type="button" onClick={() => session.outbox.discard(entry.id)}>
            {say('discard')}
          </button>
        </div>
      ) : (
        <span class="stamp">
          {state !== 'sent' && stuck ? (
            <>
              <Icon name="cloudOff" small /> {say('waiting')}
            </>
          ) : (
            say('sending')
          )}
        </span>
      )}
    </li>
  )
}
