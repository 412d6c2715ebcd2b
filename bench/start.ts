import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { lists } from '@fermata/contract/words'
import type { Answer } from '@fermata/contract/routes.schema'
import { rounded, timesOf, type Times } from './figures.ts'
import type { Report } from './report.ts'
import { startBenchServer } from './server.ts'
import { fullFolder, type Plan } from './start.data.ts'
import type { FillSize } from './start.fill.ts'
import { residentBytes } from './usage.ts'
import { mustAsk, Wire } from './wire.ts'
import { signIn } from './world.ts'
import type { WorkloadOptions } from './workload.ts'

/** A million conversations. */
export const full: FillSize = {
  conversations: 1_000_000,
  messages: 5_000_000,
  contacts: 300_000,
  toldConversations: 140_000,
}
/** What is filled in with `--quick`. */
export const small: FillSize = {
  conversations: 20_000,
  messages: 100_000,
  contacts: 6_000,
  toldConversations: 3_000,
}

const plan: Plan = { inboxes: 5, agents: 20, teams: 0, channels: 0 }

/** Lets go of what the system keeps of a file in memory, so that the next start reads the disk. */
function forget(file: string): boolean {
  return (
    spawnSync('dd', [`if=${file}`, 'iflag=nocache', 'count=0'], { stdio: 'ignore' }).status === 0
  )
}

interface Visit {
  readonly readyMs: number
  readonly residentMb: number
  readonly first: number
  readonly pages: Readonly<Record<string, Times>>
}

/** Starts the server, fetches the first page of each list many times, and stops it. */
async function visit(data: string, requests: number): Promise<Visit> {
  const server = await startBenchServer({ data })
  try {
    const wire = await Wire.open(server.port)
    const headers = await signIn(wire, server.port)
    const times = new Map<string, number[]>(lists.map((list) => [list, []]))
    let first = Number.NaN
    for (let i = 0; i < requests; i++) {
      for (const list of lists) {
        const since = performance.now()
        const page = await mustAsk(wire, {
          method: 'GET',
          path: `/v1/conversations?list=${list}`,
          headers,
        })
        const ms = performance.now() - since
        const { rows } = page as Answer<'conversations.list'>
        if (rows.length !== 50)
          throw new Error(`the list ${list} has ${rows.length} rows on its first page`)
        if (Number.isNaN(first)) first = ms
        times.get(list)?.push(ms)
      }
    }
    wire.close()
    const pages = Object.fromEntries([...times].map(([list, ms]) => [list, timesOf(ms)]))
    return { readyMs: server.readyMs, residentMb: residentBytes(server.pid) / 1e6, first, pages }
  } finally {
    await server.stop()
  }
}

/** How soon a server is ready on a million conversations, and how fast its lists are. */
export async function runStart({ quick, say }: WorkloadOptions): Promise<Report> {
  const size = quick ? small : full
  const { folder, gigabytes, filledSeconds, cached } = await fullFolder(size, plan, say)
  const rows: Record<string, string | number>[] = []
  const ready: number[] = []
  for (const [index, memory] of ['warm', 'cold', 'warm', 'cold', 'warm'].entries()) {
    say(`start ${index + 1} …`)
    const isCold = memory === 'cold' && forget(join(folder, 'people.db'))
    const found = await visit(folder, quick ? 20 : 100)
    ready.push(found.readyMs)
    const pages = Object.entries(found.pages).flatMap(([list, { p50Ms, p99Ms }]) => [
      [`${list} p50 ms`, p50Ms] as const,
      [`p99 ms (${list})`, p99Ms] as const,
    ])
    rows.push({
      'page cache': isCold ? 'cold' : 'warm',
      'ready ms': rounded(found.readyMs),
      'first page ms': rounded(found.first),
      ...Object.fromEntries(pages),
      'RSS MB': rounded(found.residentMb),
    })
  }
  return {
    workload: 'start',
    settings: {
      ...size,
      gigabytes: rounded(gigabytes),
      filledSeconds,
      data: cached ? 'from the cache' : 'made now',
    },
    rows,
    aims: [
      {
        what: 'ready, the slowest start',
        aim: 2_000,
        measured: rounded(Math.max(...ready)),
        unit: 'ms',
        atLeast: false,
      },
      {
        what: 'filling the database',
        aim: 900,
        measured: filledSeconds,
        unit: 's',
        atLeast: false,
      },
      {
        what: 'size of the database',
        aim: 15,
        measured: rounded(gigabytes),
        unit: 'GB',
        atLeast: false,
      },
    ],
    checked: ['each first page has its 50 rows; the database is whole'],
  }
}
