import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rounded } from './figures.ts'
import { startLogProcess, type LogProcess } from './log.process.ts'
import type { Aim, Report } from './report.ts'

const partitions = 10
const inFlight = 2_048
const goOnMs = 3_000
const mebibyte = 2 ** 20

/** What a report says of a log that has much behind it. */
export type Behind = Required<Pick<Report, 'aims' | 'checked'>> & {
  readonly row: Report['rows'][0]
}

/** Fills a log with many records, closes and opens it, kills it under load and opens it again. */
export async function runBehind(records: number, say: (text: string) => void): Promise<Behind> {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-log-'))
  const started: LogProcess[] = []
  const start = (): LogProcess => {
    const load = startLogProcess()
    started.push(load)
    return load
  }
  try {
    say(`${records} records …`)
    const first = start()
    await first.ask({ kind: 'open', folder, partitions })
    const { residentBytes, seconds } = await first.ask({ kind: 'fill', records, inFlight })
    const { ms: closeMs } = await first.ask({ kind: 'close' })
    await first.stop()
    say('opened after it was closed …')
    const second = start()
    const closed = await second.ask({ kind: 'open', folder, partitions })
    const { compared } = await second.ask({ kind: 'check' })
    const { acknowledged } = await second.ask({ kind: 'go-on', inFlight, ms: goOnMs })
    await second.kill()
    say('opened after it was killed …')
    const third = start()
    const killed = await third.ask({ kind: 'open', folder, partitions })
    for (const [place, offset] of acknowledged.entries()) {
      if (killed.high[place]! < offset) throw new Error(`partition ${place} lost records`)
    }
    const again = await third.ask({ kind: 'check' })
    await third.ask({ kind: 'close' })
    const total = acknowledged.reduce((sum, offset) => sum + offset, 0)
    const mib = residentBytes.map((bytes) => Math.round(bytes / mebibyte))
    return {
      row: {
        records,
        partitions,
        'records/s': rounded(records / seconds),
        'RSS MiB, each tenth': mib.join(' '),
        'close ms': rounded(closeMs),
        'open ms': rounded(closed.openMs),
        'RSS MiB, open': rounded(closed.residentBytes / mebibyte),
        'open ms, killed': rounded(killed.openMs),
      },
      aims: aimsOf(mib, closed.openMs, killed.openMs),
      checked: [
        `after kill -9 all ${total} acknowledged records are there; of ${compared + again.compared} the content was compared`,
      ],
    }
  } finally {
    for (const load of started) await load.stop()
    rmSync(folder, { recursive: true })
  }
}

function aimsOf(mib: readonly number[], closedMs: number, killedMs: number): Aim[] {
  const most = Math.max(...mib)
  return [
    { what: 'memory that the last nine tenths of the records add', aim: 64, measured: most - mib[0]!, unit: 'MiB', atLeast: false }, // prettier-ignore
    { what: 'opened after it was closed', aim: 2_000, measured: rounded(closedMs), unit: 'ms', atLeast: false }, // prettier-ignore
    { what: 'opened after kill -9 under load', aim: 2_000, measured: rounded(killedMs), unit: 'ms', atLeast: false }, // prettier-ignore
  ]
}
