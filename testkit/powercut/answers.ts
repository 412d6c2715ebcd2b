/** A JSON text that a server sent, and the line of the recording on which its last byte began to leave. */
export interface SentText {
  readonly begun: number
  readonly text: string
}

type Step = { readonly text: string | null; readonly rest: Buffer } | undefined

/**
 * Reads what a server sent on one connection: answers of HTTP/1.1 with a length or in chunks, event
 * streams, and after a switch of protocols the frames of WebSocket (RFC 9110 to 9112, 6455). It is
 * fed piece by piece and gives each whole JSON text; what is cut off at the end gives nothing.
 */
export class AnswerReader {
  #rest: Buffer = Buffer.alloc(0)
  #mode: 'http' | 'chunks' | 'frames' = 'http'
  /** The text of the chunked answer that is being read. */
  #chunks = ''
  #isEvents = false

  take(data: Buffer, begun: number): SentText[] {
    this.#rest = this.#rest.length === 0 ? data : Buffer.concat([this.#rest, data])
    const texts: SentText[] = []
    for (;;) {
      const step = this.#step()
      if (step === undefined) return texts
      this.#rest = step.rest
      if (step.text === null) continue
      for (const text of this.#isEvents ? this.#events(step.text) : [step.text]) {
        if (/^[[{]/.test(text)) texts.push({ begun, text })
      }
    }
  }

  #step(): Step {
    if (this.#mode === 'frames') return frame(this.#rest)
    return this.#mode === 'chunks' ? this.#chunk() : this.#answer()
  }

  #answer(): Step {
    const end = this.#rest.indexOf('\r\n\r\n')
    if (end < 0) return undefined
    const head = this.#rest.toString('latin1', 0, end)
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? Number.NaN)
    if (Number.isNaN(status)) throw new Error(`no answer of HTTP: ${head.slice(0, 100)}`)
    const rest = this.#rest.subarray(end + 4)
    if (status === 101) this.#mode = 'frames'
    this.#isEvents = /^content-type: *text\/event-stream/im.test(head)
    if (/^transfer-encoding: *chunked/im.test(head)) {
      this.#mode = 'chunks'
      this.#chunks = ''
      return { text: null, rest }
    }
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0)
    if (rest.length < length) return undefined
    return { text: rest.toString('utf8', 0, length), rest: rest.subarray(length) }
  }

  #chunk(): Step {
    const end = this.#rest.indexOf('\r\n')
    if (end < 0) return undefined
    const length = Number.parseInt(this.#rest.toString('latin1', 0, end), 16)
    const from = end + 2
    if (this.#rest.length < from + length + 2) return undefined
    const rest = this.#rest.subarray(from + length + 2)
    if (length === 0) {
      this.#mode = 'http'
      return { text: this.#isEvents ? '' : this.#chunks, rest }
    }
    const text = this.#rest.toString('utf8', from, from + length)
    if (this.#isEvents) return { text, rest }
    this.#chunks += text
    return { text: null, rest }
  }

  /** The data of whole events; an event ends with an empty line. */
  #events(text: string): string[] {
    const events = (this.#chunks + text).split('\n\n')
    this.#chunks = events.pop() ?? ''
    return events.map((event) =>
      event
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice('data:'.length).trim())
        .join('\n'),
    )
  }
}

/** One frame of WebSocket from a server: unmasked and, as ours are, never in parts. */
function frame(bytes: Buffer): Step {
  if (bytes.length < 2) return undefined
  const [first = 0, second = 0] = bytes
  const short = second & 0x7f
  const headBytes = short === 127 ? 10 : short === 126 ? 4 : 2
  if (bytes.length < headBytes) return undefined
  const length =
    short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short
  const end = headBytes + length
  if (bytes.length < end) return undefined
  const isText = (first & 0x0f) === 1
  if (isText && (first & 0x80) === 0) throw new Error('a frame in parts is not read here')
  return { text: isText ? bytes.toString('utf8', headBytes, end) : null, rest: bytes.subarray(end) }
}
