/**
 * One system call of a recording by `strace -f -xx`. Lines stand in the order in which the tracer
 * saw the threads stop, and a thread goes on only after its stop was seen; therefore a call whose
 * `ended` is smaller than another's `begun` had its whole effect before the other began.
 */
export interface TracedCall {
  readonly name: string
  /** What stands between the parentheses. */
  readonly args: string
  /** What it returned; negative when it failed or never returned. */
  readonly result: number
  /** The number of the line on which it began. */
  readonly begun: number
  /** The number of the line on which it ended; Infinity when it never did. */
  readonly ended: number
}

/** A call that has begun on some thread. */
interface Begun {
  readonly name: string
  readonly args: string
  readonly begun: number
}

const unfinished = ' <unfinished ...>'
const wholeLine = /^(\d+) +(\w+)\((.*)\) += (-?\d+|0x[0-9a-f]+|\?)(?: .*)?$/s
const beginning = /^(\d+) +(\w+)\((.*)$/s
const resumption = /^(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (-?\d+|0x[0-9a-f]+|\?)(?: .*)?$/s
const noCall = /^(\d+) +(?:\+\+\+|---) .*$/

/** Takes a recording line by line and answers the calls in the order in which they ended. */
export class TraceReader {
  #line: number
  readonly #begun = new Map<string, Begun>()

  /** Lines are counted from `line`, where this recording goes on after an earlier one. */
  constructor(line = 0) {
    this.#line = line
  }

  /** The number of the next line. */
  get lines(): number {
    return this.#line
  }

  /** Takes the next line, without its end; answers the call that ended on it, if one did. */
  take(line: string): TracedCall | undefined {
    const at = this.#line
    this.#line += 1
    if (line.endsWith(unfinished)) {
      const [, thread = '', name = '', args = ''] =
        beginning.exec(line.slice(0, -unfinished.length)) ?? this.#fail(line)
      this.#begun.set(thread, { name, args, begun: at })
      return undefined
    }
    const whole = wholeLine.exec(line)
    if (whole !== null) {
      const [, , name = '', args = '', result = ''] = whole
      return { name, args, result: returned(result), begun: at, ended: at }
    }
    const resumed = resumption.exec(line)
    if (resumed !== null) {
      const [, thread = '', name = '', rest = '', result = ''] = resumed
      const begun = this.#begun.get(thread)
      if (begun?.name !== name) this.#fail(line)
      this.#begun.delete(thread)
      const args = begun.args + rest
      return { name, args, result: returned(result), begun: begun.begun, ended: at }
    }
    // What the killed process left half said: its effect may or may not have happened.
    if (!noCall.test(line) && !beginning.test(line)) this.#fail(line)
    return undefined
  }

  /** Calls that began and never ended, because the process was ended in the middle of them. */
  left(): TracedCall[] {
    return [...this.#begun.values()].map((begun) => ({ ...begun, result: -1, ended: Infinity }))
  }

  #fail(line: string): never {
    throw new Error(`line ${this.#line} of the recording is not understood: ${line.slice(0, 200)}`)
  }
}

function returned(text: string): number {
  return text === '?' ? -1 : Number(text)
}

/**
 * Splits a call's arguments at the commas that stand outside of brackets and texts. With `-xx` a text
 * holds nothing but `\x..`, so that a quotation mark always begins or ends one.
 */
export function splitArgs(args: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at < args.length; at++) {
    const char = args[at]
    if (char === '"') {
      at = args.indexOf('"', at + 1)
      if (at < 0) throw new Error('a text in the recording has no end')
    } else if (char === '[' || char === '{' || char === '(') depth += 1
    else if (char === ']' || char === '}' || char === ')') depth -= 1
    else if (char === ',' && depth === 0) {
      parts.push(args.slice(from, at).trim())
      from = at + 1
    }
  }
  parts.push(args.slice(from).trim())
  return parts
}

/** The bytes of a text argument. Throws when the recorder cut it short: half a write is no record. */
export function textBytes(arg: string): Buffer {
  if (!arg.startsWith('"') || !arg.endsWith('"')) {
    throw new Error(`a text was expected in the recording, or it was cut: ${arg.slice(0, 80)}`)
  }
  return Buffer.from(arg.slice(1, -1).replaceAll(String.raw`\x`, ''), 'hex')
}

/** The bytes of a list of buffers: `[{iov_base="...", iov_len=3}, ...]`, also inside a message. */
export function vectorBytes(arg: string): Buffer {
  const bases = [...arg.matchAll(/iov_base=("[^"]*"(?:\.\.\.)?)/g)]
  return Buffer.concat(bases.map(([, text = '']) => textBytes(text)))
}
