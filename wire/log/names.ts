import { limits } from '@fermata/base/limits'
import type { NameRefusal } from './store.ts'

/** What is wrong with the name of a partition or of a cursor: 1 to 200 of `a-z A-Z 0-9 . _ -`. */
export function nameFault(name: string): NameRefusal | undefined {
  const charsMax = limits.partitionNameCharsMax
  const isName = name.length <= charsMax && /^[a-zA-Z0-9._-]+$/.test(name)
  return isName ? undefined : { code: 'invalid_name', charsMax }
}
