import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { flushTimes } from './disk.ts'
import { rounded } from './figures.ts'
import { valueBytes, ways, type Way } from './log.bed.ts'
import { runBehind } from './log.behind.ts'
import { openSink } from './files.ts'
import type { CatchUp } from './log.catch-up.ts'
import type { PacedRound } from './log.paced.ts'
import { startLogProcess, type LogProcess } from './log.process.ts'
import { openRawFile, type RawFile } from './log.raw.ts'
import type { LogRound } from './log.round.ts'
import { hottest } from './profile.ts'
import type { Aim, Report } from './report.ts'
import type { WorkloadOptions } from './workload.ts'

const inFlights = [1, 16, 256, 2_048]
const partitionCounts = [1, 100, 1_000]
const perSecond = 1_000
const behindRecords = 10_000_000

const flushPolicy =
  'acknowledged after fdatasync of the journal, which all partitions share; the next flush takes whatever came during the last, without a timer'

interface Line {
  readonly way: Way
  readonly partitions: number
  readonly inFlight: number
  readonly round: LogRound
  /** What a bare loop of pwrite and fdatasync does with groups of the same size. */
  readonly rawPerSecond: number
}

interface Further {
  readonly way: Way
  readonly paced: PacedRound
  readonly catchUp: CatchUp
}

/** Durable appends to the log itself, without a network, and what comes after them. */
export async function runLog({ quick, profile, say }: WorkloadOptions): Promise<Report> {
  const warmMs = quick ? 200 : 1_500
  const measuredMs = quick ? 600 : 4_000
  const profiles = profile ? mkdtempSync(join(tmpdir(), 'fermata-profile-')) : undefined
  const disk = flushTimes()
  const raw = openRawFile()
  const lines: Line[] = []
  const further: Further[] = []
  try {
    for (const partitions of partitionCounts) {
      for (const way of ways) {
        await inLog(partitions, async (load) => {
          const setting = { way, partitions, warmMs, measuredMs, profiles }
          lines.push(...(await appends(load, setting, raw, say)))
          if (partitions === 1) further.push(await afterwards(load, way, quick ? 2 : 20, say))
        })
      }
    }
  } finally {
    raw.remove()
  }
  if (profiles !== undefined) say(hottest(profiles))
  const behind = quick ? undefined : await runBehind(behindRecords, say)
  return {
    workload: 'log',
    settings: { valueBytes, warmMs, measuredMs, flush: flushPolicy, ...disk },
    rows: lines.map(rowOf),
    further: [
      further.map(pacedRow),
      further.map(catchUpRow),
      ...(behind === undefined ? [] : [[behind.row]]),
    ],
    aims: [
      ...lines.flatMap(aimsOfLine),
      ...further.flatMap(aimsOfFurther),
      ...(behind?.aims ?? []),
    ],
    checked: [
      'every record was given the offset after the one before it, and each partition ends with its last',
      `${lines.reduce((sum, { round }) => sum + round.compared, 0)} records read back by content`,
      ...(behind?.checked ?? []),
    ],
  }
}

/** Runs with a log in a new folder. */
async function inLog(partitions: number, run: (load: LogProcess) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-log-'))
  const load = startLogProcess()
  try {
    await load.ask({ kind: 'open', folder, partitions })
    await run(load)
    await load.ask({ kind: 'close' })
  } finally {
    await load.stop()
    rmSync(folder, { recursive: true })
  }
}

async function appends(
  load: LogProcess,
  setting: {
    readonly way: Way
    readonly partitions: number
    readonly warmMs: number
    readonly measuredMs: number
    readonly profiles: string | undefined
  },
  raw: RawFile,
  say: (text: string) => void,
): Promise<Line[]> {
  const { way, partitions, warmMs, measuredMs, profiles } = setting
  const lines: Line[] = []
  for (const inFlight of inFlights) {
    say(`${partitions} partitions, ${inFlight} in flight, each a ${way} …`)
    const order = { kind: 'round', way, inFlight, warmMs, measuredMs } as const
    const profileOf =
      profiles === undefined
        ? {}
        : { profile: join(profiles, `${way}-${partitions}-${inFlight}.cpuprofile`) }
    const { round } = await load.ask({ ...order, ...profileOf })
    const groups = raw.groupsPerSecond(round.groupBytes, measuredMs / 4)
    const rawPerSecond = (groups * round.records) / round.groups
    lines.push({ way, partitions, inFlight, round, rawPerSecond })
  }
  return lines
}

/** Paced appends to what the rounds have left, and the reading of all of it. */
async function afterwards(
  load: LogProcess,
  way: Way,
  seconds: number,
  say: (text: string) => void,
): Promise<Further> {
  say(`${perSecond} records a second, each a ${way} …`)
  const order = { perSecond, count: (seconds + 1) * perSecond, warm: perSecond }
  const { round: paced } = await load.ask({ kind: 'paced', way, ...order })
  say('reading everything …')
  const sink = await openSink()
  const { found: catchUp } = await load.ask({ kind: 'catch-up', port: sink.port })
  sink.close()
  return { way, paced, catchUp }
}

function rowOf({ way, partitions, inFlight, round, rawPerSecond }: Line): Report['rows'][0] {
  const { records, seconds, times, cpuUs, groups, groupBytes } = round
  return {
    'each a': way,
    partitions,
    'in flight': inFlight,
    'records/s': rounded(records / seconds),
    'p50 ms': times.p50Ms,
    'p99 ms': times.p99Ms,
    'max ms': times.maxMs,
    'µs CPU/record': rounded(cpuUs / records),
    cores: rounded(cpuUs / seconds / 1e6),
    'records/flush': rounded(records / groups),
    'KiB/flush': rounded(groupBytes / 1_024),
    'raw records/s': rounded(rawPerSecond),
    'of raw %': rounded((100 * records) / seconds / rawPerSecond),
    'RSS MiB': rounded(round.residentBytes / 2 ** 20),
    'idle after ms': rounded(round.idleMs),
  }
}

function pacedRow({ way, paced }: Further): Report['rows'][0] {
  return {
    'each a': way,
    'records/s': perSecond,
    'p50 ms from due': paced.fromDue.p50Ms,
    'p99 ms from due': paced.fromDue.p99Ms,
    'p50 ms from asked': paced.fromAsked.p50Ms,
    'p99 ms from asked': paced.fromAsked.p99Ms,
    'max ms': paced.fromDue.maxMs,
    'µs CPU/record': rounded(paced.cpuUs / paced.fromDue.count),
  }
}

function catchUpRow({ way, catchUp }: Further): Report['rows'][0] {
  return {
    'each a': way,
    'MB behind': rounded(catchUp.bytes / 1e6),
    'read MB/s': rounded(catchUp.readMBs),
    'read to socket MB/s': rounded(catchUp.readToSocketMBs),
    'file to socket MB/s': rounded(catchUp.fileToSocketMBs),
  }
}

/** The least records a second with 256 in flight, by partitions. */
const aimsPerSecond = new Map([
  [1, 250_000],
  [1_000, 150_000],
])

function aimsOfLine({ way, partitions, inFlight, round }: Line): Aim[] {
  const aim = inFlight === 256 ? aimsPerSecond.get(partitions) : undefined
  if (aim === undefined) return []
  const what = `records at 256 in flight, partitions: ${partitions}, each a ${way}`
  const measured = rounded(round.records / round.seconds)
  return [{ what, aim, measured, unit: '/s', atLeast: true }]
}

function aimsOfFurther({ way, paced, catchUp }: Further): Aim[] {
  return [
    {
      what: `p99 from due at ${perSecond} records a second, each a ${way}`,
      aim: 2,
      measured: paced.fromDue.p99Ms,
      unit: 'ms',
      atLeast: false,
    },
    {
      what: `read back, each a ${way}`,
      aim: 1_000,
      measured: rounded(catchUp.readMBs),
      unit: 'MB/s',
      atLeast: true,
    },
  ]
}
