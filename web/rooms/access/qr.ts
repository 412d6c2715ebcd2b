import { assert } from '@fermata/base/assert'
import newCode from 'qrcode-generator'

/** A code that cameras read (ISO/IEC 18004), as rows of squares: whether each is dark. For addresses: ASCII, up to 2,331 of it. */
export function qrSquares(text: string): readonly (readonly boolean[])[] {
  assert(/^[\x20-\x7e]{1,2331}$/.test(text), 'the text is ASCII, and not too long for a code')
  // As small as the text allows; a seventh of the squares may be unreadable.
  const code = newCode(0, 'M')
  code.addData(text)
  code.make()
  const sides = Array.from({ length: code.getModuleCount() }, (_, at) => at)
  return sides.map((row) => sides.map((column) => code.isDark(row, column)))
}
