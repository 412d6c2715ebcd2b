import type { RecordView } from '@fermata/contract/topics.schema'

/** A key or a value for people: JSON with its lines apart, hexadecimal digits in groups, anything else as it is. */
export function readable({ kind, text, isCut }: NonNullable<RecordView['value']>): string {
  if (kind === 'hex') return text.replaceAll(/(..)(?=.)/g, '$1 ')
  if (isCut || !/^\s*[[{]/.test(text)) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
