import { readdirSync, readFileSync } from 'node:fs'

/** Microseconds of a tick in /proc/PID/stat; Linux tells user programs of 100 ticks a second everywhere. */
const tickUs = 10_000

/** The CPU time that a process has used, over all of its threads, and by thread name. */
export interface CpuTime {
  readonly totalUs: number
  readonly byThread: Readonly<Record<string, number>>
}

/** utime + stime of a line of /proc/…/stat, whose second field may itself hold blanks and brackets. */
function ticks(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}

/** Reads the CPU time of a process. It ends in steps of 10 ms. */
export function cpuTime(pid: number): CpuTime {
  const byThread: Record<string, number> = {}
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')
    const name =
      thread === String(pid) ? 'main' : stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
    byThread[name] = (byThread[name] ?? 0) + ticks(stat) * tickUs
  }
  return { totalUs: ticks(readFileSync(`/proc/${pid}/stat`, 'utf8')) * tickUs, byThread }
}

/** What was used between two readings. */
export function cpuBetween(before: CpuTime, after: CpuTime): CpuTime {
  const byThread = Object.fromEntries(
    Object.entries(after.byThread).map(([name, us]) => [name, us - (before.byThread[name] ?? 0)]),
  )
  return { totalUs: after.totalUs - before.totalUs, byThread }
}

/** Bytes of memory that a process holds resident. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1024
}
