import { ChevronDown, Send } from 'lucide-react'
import { useLayoutEffect, useRef, type KeyboardEvent, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { limits } from '@fermata/base/limits'
import type { MessageView } from '@fermata/contract/conversations.schema'
import type { MessageKind } from '@fermata/contract/words'
import type { ReplyValues } from '@fermata/contract/reply-text'
import { useReplyPicker } from '../replies/picker.tsx'
import { Attached } from '../files/attached.tsx'
import { ChooseFiles, DropPlace } from '../files/choose.tsx'
import type { Attachments } from '../files/use-attachments.ts'
import { usePreferences } from '../../state/use-preferences.tsx'
import type { Draft } from '../../state/drafts.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Segments } from '../../ui/choice.tsx'
import { classes } from '../../ui/classes.ts'
import { useEnvironment } from '../../ui/environment.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'

/** What happens to the conversation once the words are sent, or to the words instead. */
export type AfterSend = 'nothing' | 'pause' | 'resolve' | 'later' | 'share'

/** What the composer shows, and whom it tells. */
export interface ComposerProps {
  /** Whom a reply goes to. */
  to: string
  draft: Draft
  /**
   * What the variables of prepared replies stand for here. Null among members, where nothing is prepared,
   * noted or resolved.
   */
  replyValues: ReplyValues | null
  /** The message whose text is being changed; null while a new one is written. */
  editing: MessageView | null
  isBusy: boolean
  /** The files that are to go with a new message. */
  attachments: Attachments
  onDraft(draft: Draft): void
  onSend(after: AfterSend): void
  onCancelEdit(): void
  /** Escape was pressed while writing. */
  onLeave(): void
  /** Up was pressed with nothing written. */
  onEditLast(): void
  fieldRef: Ref<HTMLTextAreaElement>
}

/** Where replies and notes are written. */
export function Composer(props: ComposerProps) {
  const { draft, editing } = props
  const { t } = useTranslation()
  const isFloor = props.replyValues === null
  const isNote = (editing?.kind ?? draft.kind) === 'note'
  const over = draft.text.length - limits.messageTextCharsMax
  const { attachments } = props
  const isNew = editing === null
  const carries = isNew && attachments.all.length > 0
  const isUploading = isNew && attachments.isOpen
  const hasWords = draft.text.trim() !== '' || carries
  const canSend = hasWords && over <= 0 && !props.isBusy && !isUploading
  const setKind = (kind: MessageKind): void => props.onDraft({ ...draft, kind })
  return (
    <DropPlace
      isOff={!isNew}
      onFiles={attachments.add}
      className={classes(
        'flex flex-col rounded-large ring-1 transition-[background-color,box-shadow] ring-inset focus-within:ring-2',
        isNote
          ? 'bg-note ring-note-line focus-within:ring-note-line'
          : 'bg-raised ring-line-strong/50 focus-within:ring-accent',
      )}
    >
      {editing !== null && (
        <p className="px-3 pt-2 text-small font-medium text-soft">
          {t('conversations.composer.editing')}
        </p>
      )}
      <Field {...props} isNote={isNote} canSend={canSend} />
      {isNew && <Attached attachments={attachments} />}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 p-2 pt-0">
        {editing === null && !isFloor && (
          <Segments
            label={t('conversations.composer.mode')}
            value={draft.kind}
            onChange={setKind}
            options={[
              { id: 'reply', text: t('conversations.composer.reply') },
              { id: 'note', text: t('conversations.composer.note') },
            ]}
          />
        )}
        <p role="status" className="min-w-0 grow truncate text-end text-small text-soft">
          {over > 0 ? (
            t('conversations.composer.tooLong', { count: over })
          ) : isUploading ? (
            t('files.stillSending')
          ) : (
            <SendHint />
          )}
        </p>
        {editing === null && <ChooseFiles onFiles={attachments.add} />}
        {editing === null ? (
          <SendButtons isNote={isNote} isFloor={isFloor} canSend={canSend} onSend={props.onSend} />
        ) : (
          <div className="flex gap-2">
            <Button kind="quiet" onPress={props.onCancelEdit}>
              {t('ui.cancel')}
            </Button>
            <Button kind="primary" isDisabled={!canSend} onPress={() => props.onSend('nothing')}>
              {t('conversations.composer.saveEdit')}
            </Button>
          </div>
        )}
      </div>
    </DropPlace>
  )
}

function Field(props: ComposerProps & { isNote: boolean; canSend: boolean }) {
  const { draft, editing, isNote } = props
  const { t } = useTranslation()
  const { apple } = useEnvironment()
  const { preferences } = usePreferences()
  const field = useRef<HTMLTextAreaElement>(null)
  useLayoutEffect(() => {
    const box = field.current
    if (box === null || CSS.supports('field-sizing', 'content')) return
    box.style.height = 'auto'
    // An empty field has the height that the style sheet gives it.
    if (draft.text !== '') box.style.height = `${box.scrollHeight}px`
  }, [draft.text])
  const setRef = (box: HTMLTextAreaElement | null): void => {
    field.current = box
    if (typeof props.fieldRef === 'function') props.fieldRef(box)
    else if (props.fieldRef) props.fieldRef.current = box
  }
  const picker = useReplyPicker({
    draft,
    values: props.replyValues ?? {},
    isOff: editing !== null || props.replyValues === null,
    field,
    onDraft: props.onDraft,
  })
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing || picker.onKey(event)) return
    const mod = apple ? event.metaKey : event.ctrlKey
    if (event.key === 'Enter' && (mod || (preferences.sendBy === 'enter' && !event.shiftKey))) {
      event.preventDefault()
      if (props.canSend) props.onSend('nothing')
    } else if (event.key === 'Escape') {
      event.preventDefault()
      if (editing === null) props.onLeave()
      else props.onCancelEdit()
    } else if (event.key === 'ArrowUp' && draft.text === '' && editing === null) {
      event.preventDefault()
      props.onEditLast()
    }
  }
  return (
    <div className="relative">
      {picker.list}
      <textarea
        {...picker.fieldProps}
        ref={setRef}
        data-landing="part"
        dir="auto"
        rows={1}
        value={draft.text}
        aria-label={t(isNote ? 'conversations.composer.note' : 'conversations.composer.reply')}
        placeholder={
          isNote
            ? t('conversations.composer.noteTo')
            : t('conversations.composer.replyTo', { name: props.to })
        }
        onChange={({ target }) => {
          const { prepared, ...words } = draft
          const kept = target.value === '' || prepared === undefined ? {} : { prepared }
          props.onDraft({ ...words, ...kept, text: target.value })
          picker.onCaret(target.selectionStart)
        }}
        onSelect={({ currentTarget }) => picker.onCaret(currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
        onPaste={(event) => {
          const files = [...event.clipboardData.files]
          if (files.length === 0 || editing !== null) return
          event.preventDefault()
          props.attachments.add(files)
        }}
        className="quiet-scroll field-sizing-content max-h-[40vh] min-h-10 w-full sm:min-h-16 resize-none bg-transparent px-3 pt-2.5 pb-2 outline-none placeholder:text-soft"
      />
    </div>
  )
}

/** Which keys send; where there is a keyboard. */
function SendHint() {
  const { t } = useTranslation()
  const { apple } = useEnvironment()
  const { preferences } = usePreferences()
  return (
    <span className="hidden sm:inline coarse:hidden">
      {preferences.sendBy === 'enter'
        ? t('conversations.composer.hintEnter')
        : t('conversations.composer.hintMod', { mod: apple ? '⌘' : 'Ctrl' })}
    </span>
  )
}

function SendButtons(props: {
  isNote: boolean
  isFloor: boolean
  canSend: boolean
  onSend: (after: AfterSend) => void
}) {
  const { t } = useTranslation()
  const { isNote } = props
  if (props.isFloor) {
    return (
      <Button
        kind="primary"
        icon={Send}
        isDisabled={!props.canSend}
        onPress={() => props.onSend('nothing')}
      >
        {t('conversations.composer.send')}
      </Button>
    )
  }
  return (
    <div className="flex gap-px [&>*:first-child]:rounded-e-none [&>*:last-child]:w-7 [&>*:last-child]:rounded-s-none">
      <Button
        kind="primary"
        icon={Send}
        isDisabled={!props.canSend}
        onPress={() => props.onSend('nothing')}
      >
        {t(isNote ? 'conversations.composer.addNote' : 'conversations.composer.send')}
      </Button>
      <Menu
        label={t('conversations.composer.more')}
        placement="top end"
        onAction={(key) => props.onSend(key as AfterSend)}
        trigger={
          <IconButton
            kind="primary"
            icon={ChevronDown}
            isDisabled={!props.canSend}
            label={t('conversations.composer.more')}
          />
        }
      >
        <MenuItem id="pause">
          {t(
            isNote ? 'conversations.composer.noteAndPause' : 'conversations.composer.sendAndPause',
          )}
        </MenuItem>
        <MenuItem id="resolve">
          {t(
            isNote
              ? 'conversations.composer.noteAndResolve'
              : 'conversations.composer.sendAndResolve',
          )}
        </MenuItem>
        <MenuItem id="later">{t('drafts.sendLater')}</MenuItem>
        <MenuItem id="share">{t('drafts.share')}</MenuItem>
      </Menu>
    </div>
  )
}
