import type { Recording } from './operations.ts'

/** A line of a program's output. */
export interface SaidLine {
  /** The line of the recording on which its last part began to leave. */
  readonly begun: number
  readonly line: string
}

/** The whole lines that a program has said on its standard output. */
export function linesSaid({ sent }: Recording): SaidLine[] {
  let rest = ''
  return sent
    .filter(({ stream }) => stream === 1)
    .flatMap(({ begun, data }) => {
      const lines = (rest + data.toString('latin1')).split('\n')
      rest = lines.pop() ?? ''
      return lines.map((line) => ({ begun, line }))
    })
}
