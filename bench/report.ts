import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'

/** What a workload found. */
export interface Report {
  readonly workload: string
  /** What was run, and how its data was flushed. */
  readonly settings: Readonly<Record<string, string | number>>
  /** Lines of a table; all have the same columns. */
  readonly rows: readonly Readonly<Record<string, string | number>>[]
  /** Tables of what else was measured. */
  readonly further?: readonly Report['rows'][]
  /** Each aim with what was measured for it. */
  readonly aims: readonly Aim[]
  /** What was checked and found right. */
  readonly checked: readonly string[]
}

/** An aim of the product, and how near it came. */
export interface Aim {
  readonly what: string
  readonly aim: number
  readonly measured: number
  readonly unit: string
  /** Whether more is better. */
  readonly atLeast: boolean
}

const loadAtStart = loadavg()[0] ?? Number.NaN

/** What was measured on. */
export function machine(): Record<string, string | number> {
  const [cpu] = cpus()
  return {
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    node: process.version,
    /** What else ran in the minute before: figures of a busy machine are worse. */
    loadBefore: Number(loadAtStart.toFixed(2)),
  }
}

/** Whether an aim was reached. */
export function reached({ aim, measured, atLeast }: Aim): boolean {
  return atLeast ? measured >= aim : measured <= aim
}

/** A report as people read it. */
export function printed({ workload, settings, rows, further = [], aims, checked }: Report): string {
  const pairs = Object.entries({ ...machine(), ...settings })
  const width = Math.max(...pairs.map(([name]) => name.length))
  return [
    `workload ${workload}`,
    ...pairs.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    '',
    ...[rows, ...further].flatMap((lines) => [...table(lines), '']),
    ...aims.map(
      (one) =>
        `${reached(one) ? 'reached' : 'MISSED '}  ${one.what}: ${one.measured} ${one.unit} (${one.atLeast ? 'at least' : 'at most'} ${one.aim})`,
    ),
    ...checked.map((one) => `checked  ${one}`),
  ].join('\n')
}

function table(rows: Report['rows']): string[] {
  const names = Object.keys(rows[0] ?? {})
  const cells = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? '')))]
  const widths = names.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)))
  return cells.map((line) => line.map((cell, column) => cell.padStart(widths[column]!)).join('  '))
}

/** The commit that the working copy stands at, or `unknown` where there is no repository. */
export function revision(): string {
  try {
    const folder = new URL('../.git/', import.meta.url)
    const head = readFileSync(new URL('HEAD', folder), 'utf8').trim()
    if (!head.startsWith('ref: ')) return head.slice(0, 12)
    return readFileSync(new URL(head.slice(5), folder), 'utf8').slice(0, 12)
  } catch {
    return 'unknown'
  }
}
