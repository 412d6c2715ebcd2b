import { limits } from '@fermata/base/limits'

/** Takes the pieces of an event stream as they arrive, and gives the data of each whole event. */
export interface StreamParser {
  /** Takes the next bytes, cut anywhere; answers the data of every event that they complete. */
  push(chunk: Uint8Array): string[]
}

/**
 * A parser of `text/event-stream` (HTML standard, section 9.2.6), as much of it as the feed uses:
 *
 *     stream  = [ BOM ] *event
 *     event   = *( comment / field ) end-of-line
 *     comment = ":" *any-char end-of-line
 *     field   = name [ ":" [ space ] *any-char ] end-of-line
 *     end-of-line = CRLF / LF / CR
 *
 * Fields other than `data` are skipped. Throws RangeError when a line never ends.
 */
export function streamParser(): StreamParser {
  const decoder = new TextDecoder()
  let rest = ''
  let data: string[] = []
  let endedWithReturn = false

  const take = (line: string, found: string[]): void => {
    if (line === '') {
      if (data.length > 0) found.push(data.join('\n'))
      data = []
      return
    }
    const colon = line.indexOf(':')
    const name = colon < 0 ? line : line.slice(0, colon)
    if (name !== 'data') return
    const value = colon < 0 ? '' : line.slice(colon + 1)
    data.push(value.startsWith(' ') ? value.slice(1) : value)
  }

  return {
    push(chunk) {
      let text = decoder.decode(chunk, { stream: true })
      // The second half of a CRLF that was cut in two.
      if (endedWithReturn && text.startsWith('\n')) text = text.slice(1)
      if (text === '') return []
      endedWithReturn = text.endsWith('\r')
      const lines = text.split(/\r\n|\n|\r/)
      lines[0] = rest + (lines[0] ?? '')
      rest = lines.pop() ?? ''
      if (rest.length > limits.streamLineCharsMax)
        throw new RangeError('a line of the stream is too long')
      const found: string[] = []
      for (const line of lines) take(line, found)
      return found
    },
  }
}
