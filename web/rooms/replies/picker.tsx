import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReplyView } from '@fermata/contract/replies.schema'
import { filledReply, type ReplyValues } from '@fermata/contract/reply-text'
import type { Draft } from '../../state/drafts.ts'
import { classes } from '../../ui/classes.ts'
import { optionLook, popoverLook } from '../../ui/menu.tsx'
import { matching, slashAt, withWords } from './slash.ts'
import { useReplies } from './use-replies.ts'

/** So many are shown at once. */
const shownMax = 8

/** A search for a reply in the field of the composer. */
export interface ReplyPicker {
  /** Stands above the field while somebody searches. */
  readonly list: ReactNode
  /** What the field tells those who do not see the list. */
  readonly fieldProps: Readonly<Record<string, string>>
  /** The caret was moved. */
  onCaret(caret: number): void
  /** Answers whether the key was meant for the list. */
  onKey(event: KeyboardEvent): boolean
}

/** Searches replies behind a slash and puts the chosen one into the field, with its variables filled in. */
export function useReplyPicker(options: {
  draft: Draft
  values: ReplyValues
  /** While something else than a new message is written. */
  isOff: boolean
  field: { readonly current: HTMLTextAreaElement | null }
  onDraft(draft: Draft): void
}): ReplyPicker {
  const { draft, values, field } = options
  const { t } = useTranslation()
  const id = useId()
  const replies = useReplies()
  const [caret, setCaret] = useState(0)
  const [left, setLeft] = useState<number | null>(null)
  const [at, setAt] = useState(0)
  const caretToBe = useRef<number | null>(null)
  // The caret goes behind the words once they are in the field.
  useLayoutEffect(() => {
    const to = caretToBe.current
    if (to === null) return
    caretToBe.current = null
    field.current?.focus()
    field.current?.setSelectionRange(to, to)
  })

  const slash = options.isOff ? null : slashAt(draft.text, caret)
  const found =
    slash === null || slash.from === left ? [] : matching(replies, slash.query, shownMax)
  const isOpen = found.length > 0
  const chosen = Math.min(at, found.length - 1)
  const insert = (reply: ReplyView): void => {
    if (slash === null) return
    const { text, caret: next } = withWords(draft.text, slash, filledReply(reply.body, values))
    caretToBe.current = next
    const prepared = [...new Set([...(draft.prepared ?? []), reply.id])].slice(-5)
    options.onDraft({ ...draft, text, prepared })
  }
  const onKey = (event: KeyboardEvent): boolean => {
    if (!isOpen || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false
    const { key } = event
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      setAt((chosen + (key === 'ArrowDown' ? 1 : found.length - 1)) % found.length)
    } else if (key === 'Enter' || key === 'Tab') insert(found[chosen]!)
    else if (key === 'Escape') setLeft(slash?.from ?? null)
    else return false
    event.preventDefault()
    return true
  }
  const optionId = (reply: ReplyView): string => `${id}${reply.id}`
  const list = isOpen && (
    <div
      role="listbox"
      id={id}
      aria-label={t('replies.canned.title')}
      className={classes(popoverLook, 'absolute inset-x-0 bottom-full z-20 mb-2 max-h-72')}
    >
      {found.map((reply, index) => (
        <Choice
          key={reply.id}
          id={optionId(reply)}
          reply={reply}
          isChosen={index === chosen}
          words={filledReply(reply.body, values)}
          onChoose={() => insert(reply)}
        />
      ))}
    </div>
  )
  const fieldProps: Record<string, string> = isOpen
    ? { 'aria-controls': id, 'aria-activedescendant': optionId(found[chosen]!) }
    : {}
  return {
    list,
    fieldProps: { ...fieldProps, 'aria-autocomplete': 'list' },
    onCaret(next) {
      setCaret(next)
      if (slashAt(field.current?.value ?? '', next)?.from !== left) setLeft(null)
      if (next !== caret) setAt(0)
    },
    onKey,
  }
}

function Choice(props: {
  id: string
  reply: ReplyView
  isChosen: boolean
  words: string
  onChoose: () => void
}) {
  const { reply, isChosen } = props
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (isChosen) box.current?.scrollIntoView({ block: 'nearest' })
  }, [isChosen])
  return (
    <div
      ref={box}
      role="option"
      id={props.id}
      aria-selected={isChosen}
      {...(isChosen ? { 'data-focused': true } : {})}
      tabIndex={-1}
      onMouseDown={(event) => {
        // The field keeps the focus.
        event.preventDefault()
        props.onChoose()
      }}
      className={classes(optionLook, 'cursor-default')}
    >
      <span className="max-w-1/2 shrink-0 truncate font-medium">{reply.title}</span>
      {reply.shortcut !== '' && <span className="shrink-0 text-soft">/{reply.shortcut}</span>}
      <span className="min-w-0 grow truncate text-soft">{props.words}</span>
    </div>
  )
}
