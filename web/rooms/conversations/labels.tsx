import { Plus, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button as AriaButton } from 'react-aria-components/Button'
import { limits } from '@fermata/base/limits'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { useModel } from '../../state/use-session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { isLabel, withLabel } from './label.ts'
import { useActs } from './use-acts.ts'

/** The labels of a conversation, each of which can be taken off. `onNone`: the last one is about to go. */
export function Labels(props: { row: ConversationRow; onNone?: () => void }) {
  const { row } = props
  const { t } = useTranslation()
  const acts = useActs()
  const list = useRef<HTMLDivElement>(null)
  if (row.labels.length === 0) return null
  const remove = (label: string, index: number): void => {
    // The button goes with its label, so the one beside it takes the focus before.
    const buttons = list.current?.querySelectorAll('button') ?? []
    const beside = buttons[index + 1] ?? buttons[index - 1]
    if (beside === undefined) props.onNone?.()
    else beside.focus()
    const labels = row.labels.filter((one) => one !== label)
    acts.perform(row.id, { type: 'labels', labels })
  }
  return (
    <div ref={list} className="flex flex-wrap gap-1.5">
      {row.labels.map((label, index) => (
        <span
          key={label}
          className="inline-flex h-6 max-w-full items-center gap-0.5 rounded-full bg-press ps-2.5 pe-1 text-small"
        >
          <span className="truncate">{label}</span>
          <AriaButton
            aria-label={t('conversations.context.removeLabel', { label })}
            onPress={() => remove(label, index)}
            className="flex size-4.5 shrink-0 items-center justify-center rounded-full text-soft hovered:bg-paper hovered:text-ink"
          >
            <X aria-hidden size={12} />
          </AriaButton>
        </span>
      ))}
    </div>
  )
}

interface LabelsProps {
  row: ConversationRow
  isOpen: boolean
  onClose(): void
}

/** Puts labels on a conversation: a new one, or one that others have. */
export function LabelsDialog(props: LabelsProps) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('conversations.context.labels')} isOpen={props.isOpen} onClose={props.onClose}>
      <DialogBody>
        <LabelsForm {...props} />
      </DialogBody>
    </Dialog>
  )
}

function LabelsForm({ row }: LabelsProps) {
  const { t } = useTranslation()
  const acts = useActs()
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const rows = useModel((model) => model.state.rows)
  const known = new Set(Object.values(rows).flatMap((one) => one?.labels ?? []))
  const offered = [...known]
    .filter((label) => !row.labels.includes(label))
    .filter((label) => label.toLowerCase().includes(text.trim().toLowerCase()))
    .toSorted((a, b) => a.localeCompare(b))
    .slice(0, 12)
  const isFull = row.labels.length >= limits.labelsPerConversationMax
  const add = (label: string): void => {
    const labels = withLabel(row.labels, label)
    if (labels !== row.labels) acts.perform(row.id, { type: 'labels', labels })
    setText('')
    // What was pressed to add it is not there any more, or not for now.
    field.current?.focus()
  }
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (isLabel(text) && !isFull) add(text)
      }}
    >
      <Labels row={row} onNone={() => field.current?.focus()} />
      <TextField
        autoFocus
        inputRef={field}
        label={t('conversations.context.addLabel')}
        maxLength={limits.labelCharsMax}
        value={text}
        onChange={setText}
        after={
          <Button type="submit" isDisabled={!isLabel(text) || isFull} icon={Plus}>
            {t('conversations.context.addLabel')}
          </Button>
        }
      />
      {offered.length > 0 && !isFull && (
        <div className="flex flex-wrap gap-1.5">
          {offered.map((label) => (
            <AriaButton
              key={label}
              onPress={() => add(label)}
              className="inline-flex h-6 max-w-full items-center gap-1 rounded-full px-2.5 text-small ring-1 ring-line ring-inset hovered:bg-hover"
            >
              <Plus aria-hidden size={12} className="text-soft" />
              <span className="truncate">{label}</span>
            </AriaButton>
          ))}
        </div>
      )}
    </form>
  )
}
