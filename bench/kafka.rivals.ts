import { rounded } from './figures.ts'
import type { Report } from './report.ts'
import { rivalFlow, rivalRound, type Rival, type RivalOrder, type RivalServer } from './rival.ts'
import { rivals } from './rival.programs.ts'

/** What we did with the same: records a second, by how many were in flight, and from 256 in flight to one consumer. */
export interface Ours {
  readonly taken: ReadonlyMap<number, number>
  readonly through: number
}

type Rows = Record<string, string | number>[]
type Spans = Omit<RivalOrder, 'inFlight'>
type Say = (text: string) => void

/**
 * The same single records in the same run, into what else there is on this machine: so many in flight into one queue or
 * stream, and then, each rival begun anew, on to one consumer.
 */
export async function rivalTables(
  inFlights: readonly number[],
  spans: Spans,
  ours: Ours,
  say: Say,
): Promise<Report['rows'][]> {
  const [taken, through]: [Rows, Rows] = [[], []]
  for (const rival of rivals) {
    const { path, skip } = rival.find()
    if (skip !== false) {
      say(`${rival.name}: ${skip}`)
      continue
    }
    await withServer(rival, path, async (server) => {
      for (const inFlight of inFlights) {
        say(`${rival.name}, ${inFlight} in flight …`)
        taken.push(await takenRow(rival, server, { ...spans, inFlight }, ours))
      }
    })
    // What lies in a queue would be consumed first.
    await withServer(rival, path, async (server) => {
      say(`${rival.name}, to a consumer …`)
      through.push(await throughRow(rival, server, { ...spans, inFlight: 256 }, ours))
    })
  }
  return taken.length > 0 ? [taken, through] : []
}

async function withServer(
  rival: Rival,
  path: string,
  use: (server: RivalServer) => Promise<void>,
): Promise<void> {
  const server = await rival.start(path)
  try {
    await use(server)
  } finally {
    await server.stop()
  }
}

async function takenRow(rival: Rival, server: RivalServer, order: RivalOrder, ours: Ours) {
  const round = await rivalRound(server, order)
  const perSecond = round.records / round.seconds
  return {
    rival: rival.name,
    'in flight': order.inFlight,
    'records/s': rounded(perSecond),
    'p50 ms': round.times.p50Ms,
    'p99 ms': round.times.p99Ms,
    'server µs/record': rounded(round.serverUs / round.records),
    'ours / theirs': rounded((ours.taken.get(order.inFlight) ?? Number.NaN) / perSecond),
    'when it answers': rival.flush,
  }
}

async function throughRow(rival: Rival, server: RivalServer, order: RivalOrder, ours: Ours) {
  const flow = await rivalFlow(server, order)
  const perSecond = flow.records / flow.seconds
  return {
    rival: rival.name,
    'records/s through': rounded(perSecond),
    'server µs/record': rounded(flow.serverUs / flow.records),
    'ours / theirs': rounded(ours.through / perSecond),
  }
}
