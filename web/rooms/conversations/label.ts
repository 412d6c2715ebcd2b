import { limits } from '@fermata/base/limits'
import { labelKey } from '@fermata/contract/labels'
import type { LabelView } from '@fermata/contract/labels.schema'

/** Whether a text can be a label: no comma, no control signs, not too long. */
export function isLabel(text: string): boolean {
  const label = text.trim()
  return label !== '' && label.length <= limits.labelCharsMax && !/[\u0000-\u001f,]/.test(label)
}

/** The label of a name, however it is written; undefined when there is none yet. */
export function labelNamed(labels: readonly LabelView[], name: string): LabelView | undefined {
  const key = labelKey(name)
  return labels.find((label) => labelKey(label.name) === key)
}
