import { Plus, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button as AriaButton } from 'react-aria-components/Button'
import type { LabelId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { labelKey } from '@fermata/contract/labels'
import type { LabelView } from '@fermata/contract/labels.schema'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { LabelName } from '../labels/sign.tsx'
import { useAddLabel, useLabels, useLabelsOf } from '../labels/use-labels.ts'
import { isLabel, labelNamed } from './label.ts'
import { useActs } from './use-acts.ts'

/** The labels of a conversation, each of which can be taken off. `onNone`: the last one is about to go. */
export function Labels(props: { row: ConversationRow; onNone?: () => void }) {
  const { row } = props
  const { t } = useTranslation()
  const acts = useActs()
  const shown = useLabelsOf(row)
  const list = useRef<HTMLDivElement>(null)
  if (shown.length === 0) return null
  const remove = (id: LabelId, index: number): void => {
    // The button goes with its label, so the one beside it takes the focus before.
    const buttons = list.current?.querySelectorAll('button') ?? []
    const beside = buttons[index + 1] ?? buttons[index - 1]
    if (beside === undefined) props.onNone?.()
    else beside.focus()
    const labels = shown.filter((one) => one.id !== id).map((one) => one.id)
    acts.perform(row.id, { type: 'labels', labels })
  }
  return (
    <div ref={list} className="flex flex-wrap gap-1.5">
      {shown.map((label, index) => (
        <span
          key={label.id}
          className="inline-flex h-6 max-w-full items-center gap-1 rounded-full bg-press ps-2 pe-1 text-small"
        >
          <LabelName label={label} />
          <AriaButton
            aria-label={t('conversations.context.removeLabel', { label: label.name })}
            onPress={() => remove(label.id, index)}
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
  const addLabel = useAddLabel()
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const known = useLabels()
  const shown = useLabelsOf(row)
  const offered = known
    .filter(({ id }) => !row.labels.includes(id))
    .filter(({ name }) => labelKey(name).includes(labelKey(text)))
    .slice(0, 12)
  const isFull = shown.length >= limits.labelsPerConversationMax
  const add = ({ id }: LabelView): void => {
    const labels = shown.map((one) => one.id)
    if (!labels.includes(id)) acts.perform(row.id, { type: 'labels', labels: [...labels, id] })
  }
  const addNamed = async (name: string): Promise<void> => {
    const label = labelNamed(known, name) ?? (await addLabel(name.trim()))
    if (label !== null) add(label)
  }
  const clear = (): void => {
    setText('')
    // What was pressed to add it is not there any more, or not for now.
    field.current?.focus()
  }
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isLabel(text) || isFull) return
        void addNamed(text)
        clear()
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
              key={label.id}
              onPress={() => {
                add(label)
                clear()
              }}
              className="inline-flex h-6 max-w-full items-center gap-1 rounded-full px-2.5 text-small ring-1 ring-line ring-inset hovered:bg-hover"
            >
              <LabelName label={label} />
            </AriaButton>
          ))}
        </div>
      )}
    </form>
  )
}
