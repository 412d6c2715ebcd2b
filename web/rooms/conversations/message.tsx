import { Copy, Ellipsis, Mail, Pencil, Split, Trash2 } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Author, MessageView } from '@fermata/contract/conversations.schema'
import type { MessageKind } from '@fermata/contract/words'
import { useMay, useMyId } from '../../state/use-session.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { Prose } from '../../ui/prose.tsx'
import { ClockTime } from '../../ui/time/time.tsx'
import { useNotices } from '../../ui/toast.tsx'
import { useAuthorName } from '../contacts/names.ts'
import { Files } from '../files/files.tsx'
import { Edited } from './edited.tsx'
import { SmallTalkLine } from './small-talk.tsx'

/** What may be done with a message. */
export interface MessageActions {
  onEdit(message: MessageView): void
  onDelete(message: MessageView): void
  onUnread(message: MessageView): void
  /** Begins to split the conversation from here; absent where that is not possible. */
  onSplit?: ((message: MessageView) => void) | undefined
}

/** One message, or what is left of it. */
export const Message = memo(function Message(props: {
  message: MessageView
  continues: boolean
  isLeaving: boolean
  actions: MessageActions
}) {
  const { message, continues } = props
  const { t } = useTranslation()
  const authorName = useAuthorName()
  const name = authorName(message.author)
  const isGone = message.deletedAt !== null || props.isLeaving
  return (
    <article
      data-number={message.number}
      aria-label={`${name}${message.kind === 'note' ? `, ${t('conversations.note')}` : ''}`}
      className={classes('group relative', continues ? 'pt-1' : 'pt-3')}
    >
      <Frame kind={message.kind} author={message.author} continues={continues}>
        {!continues && (
          <Head author={message.author} kind={message.kind}>
            <ClockTime at={message.at} />
          </Head>
        )}
        {isGone ? (
          <p className="text-soft italic">{t('conversations.deleted')}</p>
        ) : (
          <>
            {message.text !== '' && <Prose text={message.text} />}
            <Files files={message.files} />
            {message.revision > 0 && <Edited message={message} />}
            {message.smallTalk && <SmallTalkLine conversation={message.conversation} />}
          </>
        )}
      </Frame>
      {!isGone && <Actions message={message} name={name} actions={props.actions} />}
    </article>
  )
})

/** Where the words stand: notes on paper of their own, so that nobody takes one for a reply. */
export function Frame(props: {
  kind: MessageKind
  author: Author
  continues: boolean
  dim?: boolean
  children: ReactNode
}) {
  const isNote = props.kind === 'note'
  const authorName = useAuthorName()
  return (
    <div
      className={classes(
        'flex gap-3',
        isNote && '-mx-3 rounded-large bg-note px-3 py-2 ring-1 ring-note-line/50 ring-inset',
        props.dim === true && 'opacity-60',
      )}
    >
      <div className="w-7 shrink-0">
        {!props.continues && (
          <Avatar
            name={authorName(props.author)}
            ours={props.author.kind !== 'contact'}
            note={isNote}
          />
        )}
      </div>
      <div className="min-w-0 grow coarse:pe-8">{props.children}</div>
    </div>
  )
}

/** Who said it, and what kind of message it is. */
export function Head(props: { author: Author; kind: MessageKind; children: ReactNode }) {
  const { t } = useTranslation()
  const authorName = useAuthorName()
  return (
    <header className="flex min-h-5 flex-wrap items-baseline gap-x-2 pb-0.5">
      <span className="font-semibold">{authorName(props.author)}</span>
      {props.kind === 'note' && (
        <span className="text-small font-medium text-note-ink">{t('conversations.note')}</span>
      )}
      {props.children}
    </header>
  )
}

function Actions(props: { message: MessageView; name: string; actions: MessageActions }) {
  const { message, actions } = props
  const { t } = useTranslation()
  const me = useMyId()
  const mayDelete = useMay('messages:moderate')
  const notices = useNotices()
  const isMine = message.author.id === me
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(message.text)
    notices.say({ text: t('conversations.done.copied') })
  }
  const act = (key: unknown): void => {
    if (key === 'edit') actions.onEdit(message)
    else if (key === 'delete') actions.onDelete(message)
    else if (key === 'unread') actions.onUnread(message)
    else if (key === 'split') actions.onSplit?.(message)
    else void copy()
  }
  return (
    <div className="absolute end-0 top-2 rounded-medium bg-raised opacity-0 shadow-raised transition-opacity group-focus-within:opacity-100 group-hover:opacity-100 has-[[aria-expanded=true]]:opacity-100 coarse:bg-transparent coarse:opacity-100 coarse:shadow-none">
      <Menu
        label={t('conversations.actions.title')}
        placement="bottom end"
        onAction={act}
        trigger={
          <IconButton
            small
            icon={Ellipsis}
            label={t('conversations.actions.for', { name: props.name })}
          />
        }
      >
        {isMine && (
          <MenuItem id="edit" icon={Pencil}>
            {t('conversations.actions.edit')}
          </MenuItem>
        )}
        <MenuItem id="copy" icon={Copy}>
          {t('conversations.actions.copy')}
        </MenuItem>
        <MenuItem id="unread" icon={Mail}>
          {t('conversations.actions.unread')}
        </MenuItem>
        {actions.onSplit !== undefined && message.number > 1 && (
          <MenuItem id="split" icon={Split}>
            {t('moves.split')}
          </MenuItem>
        )}
        {(isMine || mayDelete) && (
          <MenuItem id="delete" icon={Trash2}>
            {t('conversations.actions.delete')}
          </MenuItem>
        )}
      </Menu>
    </div>
  )
}
