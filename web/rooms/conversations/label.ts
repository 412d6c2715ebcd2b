import { limits } from '@fermata/base/limits'

/** Whether a text can be a label: no comma, no control signs, not too long. */
export function isLabel(text: string): boolean {
  const label = text.trim()
  return label !== '' && label.length <= limits.labelCharsMax && !/[\u0000-\u001f,]/.test(label)
}

/** The labels with one more; the same array when it is there already or cannot be one. */
export function withLabel(labels: readonly string[], text: string): readonly string[] {
  const label = text.trim()
  if (!isLabel(label)) return labels
  const there = labels.some((one) => one.toLowerCase() === label.toLowerCase())
  return there ? labels : [...labels, label]
}
