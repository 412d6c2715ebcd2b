import type { ByteRange } from '@fermata/people/files/index'

/**
 * Reads a Range header (RFC 9110 section 14.2) for something of so many bytes: one run of them, `none` when
 * there is nothing to be gained from the header, `beyond` when none of it is there. Several runs at
 * once are answered with the whole, as the rules allow.
 */
export function readRange(
  header: string | undefined,
  bytes: number,
): ByteRange | 'none' | 'beyond' {
  const match = /^bytes=([0-9]{0,15})-([0-9]{0,15})$/.exec(header?.trim() ?? '')
  const [, from = '', to = ''] = match ?? []
  if (match === null || (from === '' && to === '')) return 'none'
  if (from === '') {
    const count = Math.min(Number(to), bytes)
    return count === 0 ? 'beyond' : { first: bytes - count, last: bytes - 1 }
  }
  const first = Number(from)
  const last = to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1)
  if (to !== '' && Number(to) < first) return 'none'
  return first >= bytes ? 'beyond' : { first, last }
}
