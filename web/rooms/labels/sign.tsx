import type { ConversationRow } from '@fermata/contract/conversations.schema'
import type { LabelColour } from '@fermata/contract/labels'
import type { LabelView } from '@fermata/contract/labels.schema'
import { useLabelsOf } from './use-labels.ts'

/** The colour of a label. */
export function LabelSign(props: { colour: LabelColour }) {
  return (
    <span
      aria-hidden
      className="inline-block size-2 shrink-0 rounded-full"
      style={{ background: `var(--label-${props.colour})` }}
    />
  )
}

/** The name of a label behind its colour. */
export function LabelName(props: { label: LabelView }) {
  return (
    <>
      <LabelSign colour={props.label.colour} />
      <span className="truncate">{props.label.name}</span>
    </>
  )
}

/** The labels of a conversation by name, where there is room for them. */
export function LabelNames(props: { row: Pick<ConversationRow, 'labels'> }) {
  const labels = useLabelsOf(props.row)
  return labels.map((label) => (
    <span key={label.id} className="flex min-w-0 items-center gap-1">
      <LabelName label={label} />
    </span>
  ))
}

/** As many as fit into a row of a list. */
const signsMax = 4

/** The colours of a conversation’s labels, where there is no room for names. */
export function LabelSigns(props: { row: Pick<ConversationRow, 'labels'> }) {
  const labels = useLabelsOf(props.row)
  if (labels.length === 0) return null
  const names = labels.map(({ name }) => name).join(', ')
  return (
    <span title={names} className="flex h-5 shrink-0 items-center gap-1">
      {labels.slice(0, signsMax).map(({ id, colour }) => (
        <LabelSign key={id} colour={colour} />
      ))}
      <span className="sr-only">{names}</span>
    </span>
  )
}
