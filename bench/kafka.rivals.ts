import { rounded } from './figures.ts'
import type { Report } from './report.ts'
import { rivalRound } from './rival.ts'
import { rivals } from './rival.programs.ts'

/**
 * The same single records in the same run, into what else there is on this machine: so many in flight, one queue or
 * stream. `ours` is what we took of them a second, by how many were in flight.
 */
export async function rivalRows(
  inFlights: readonly number[],
  spans: { readonly warmMs: number; readonly measuredMs: number },
  ours: ReadonlyMap<number, number>,
  say: (text: string) => void,
): Promise<Report['rows']> {
  const rows: Record<string, string | number>[] = []
  for (const rival of rivals) {
    const { path, skip } = rival.find()
    if (skip !== false) {
      say(`${rival.name}: ${skip}`)
      continue
    }
    const server = await rival.start(path)
    try {
      for (const inFlight of inFlights) {
        say(`${rival.name}, ${inFlight} in flight …`)
        const round = await rivalRound(server, { ...spans, inFlight })
        const perSecond = round.records / round.seconds
        rows.push({
          rival: rival.name,
          'in flight': inFlight,
          'records/s': rounded(perSecond),
          'p50 ms': round.times.p50Ms,
          'p99 ms': round.times.p99Ms,
          'server µs/record': rounded(round.serverUs / round.records),
          'ours / theirs': rounded((ours.get(inFlight) ?? Number.NaN) / perSecond),
          'when it answers': rival.flush,
        })
      }
    } finally {
      await server.stop()
    }
  }
  return rows
}
