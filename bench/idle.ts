import { rounded } from './figures.ts'
import type { IdleAnswer, IdleOrder } from './idle.load.ts'
import { startLoad } from './load.ts'
import type { Report } from './report.ts'
import { startBenchServer } from './server.ts'
import { cpuBetween, cpuTime, residentBytes } from './usage.ts'
import type { WorkloadOptions } from './workload.ts'

const mebibyte = 2 ** 20
const apps = 200

const pause = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms))

/** The memory of a server that nobody uses, and what a socket adds that hears nothing. */
export async function runIdle({ quick, say }: WorkloadOptions): Promise<Report> {
  const sockets = quick ? 1_000 : 10_000
  const settleMs = quick ? 3_000 : 30_000
  const server = await startBenchServer()
  const load = startLoad<IdleOrder, IdleAnswer>('./idle.load.ts')
  try {
    await pause(settleMs)
    const idle = residentBytes(server.pid)
    say(`${sockets} sockets …`)
    const { open } = await load.ask({ port: server.port, sockets, apps })
    if (open !== sockets) throw new Error(`only ${open} of ${sockets} sockets follow the feed`)
    await pause(settleMs)
    const full = residentBytes(server.pid)
    const before = cpuTime(server.pid)
    await pause(settleMs)
    const { totalUs } = cpuBetween(before, cpuTime(server.pid))
    return {
      workload: 'idle',
      settings: { sockets, apps, settleMs },
      rows: [
        {
          'idle MiB': rounded(idle / mebibyte),
          [`with ${sockets} sockets MiB`]: rounded(full / mebibyte),
          'KiB/socket': rounded((full - idle) / sockets / 1024),
          'cores with sockets': rounded(totalUs / settleMs / 1_000),
        },
      ],
      aims: [
        {
          what: 'memory of the idle server',
          aim: 150,
          measured: rounded(idle / 1e6),
          unit: 'MB',
          atLeast: false,
        },
      ],
      checked: [`all ${sockets} sockets follow the feed`],
    }
  } finally {
    await load.stop()
    await server.stop()
  }
}
