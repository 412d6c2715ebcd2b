// The log and its load, in a process of their own.

import { checkBed } from './log.check.ts'
import { openBed, type Bed } from './log.bed.ts'
import { runCatchUp, type CatchUp } from './log.catch-up.ts'
import { runPaced, type PacedOrder, type PacedRound } from './log.paced.ts'
import { pause, runRound, startLanes, type LogRound, type RoundOrder } from './log.round.ts'

/** What to do. */
export type LogOrder =
  | { readonly kind: 'open'; readonly folder: string; readonly partitions: number }
  | ({ readonly kind: 'round' } & RoundOrder)
  | ({ readonly kind: 'paced' } & PacedOrder)
  | { readonly kind: 'catch-up'; readonly port: number }
  /** Appends so many records. */
  | { readonly kind: 'fill'; readonly records: number; readonly inFlight: number }
  /** Appends until it is killed; answers after a while. */
  | { readonly kind: 'go-on'; readonly inFlight: number; readonly ms: number }
  /** Reads back a sample of everything. */
  | { readonly kind: 'check' }
  | { readonly kind: 'close' }

/** What came of it. */
export type LogAnswer =
  | { readonly kind: 'open'; readonly openMs: number; readonly high: number[]; readonly residentBytes: number } // prettier-ignore
  | { readonly kind: 'round'; readonly round: LogRound }
  | { readonly kind: 'paced'; readonly round: PacedRound }
  | { readonly kind: 'catch-up'; readonly found: CatchUp }
  /** The memory after each tenth of the records. */
  | { readonly kind: 'fill'; readonly seconds: number; readonly residentBytes: number[] }
  | { readonly kind: 'go-on'; readonly acknowledged: number[] }
  | { readonly kind: 'check'; readonly compared: number }
  | { readonly kind: 'close'; readonly ms: number }

let open: Bed | undefined

async function fill(bed: Bed, records: number, inFlight: number): Promise<LogAnswer> {
  const sinceMs = performance.now()
  const residentBytes: number[] = []
  for (let tenth = 0; tenth < 10; tenth++) {
    await startLanes(bed, { way: 'record', inFlight, recordsMax: records / 10 }).ended
    residentBytes.push(process.memoryUsage.rss())
  }
  return { kind: 'fill', seconds: (performance.now() - sinceMs) / 1_000, residentBytes }
}

async function obey(bed: Bed, order: Exclude<LogOrder, { kind: 'open' }>): Promise<LogAnswer> {
  switch (order.kind) {
    case 'round':
      return { kind: 'round', round: await runRound(bed, order) }
    case 'paced':
      return { kind: 'paced', round: await runPaced(bed, order) }
    case 'catch-up':
      return { kind: 'catch-up', found: await runCatchUp(bed, order.port) }
    case 'fill':
      return fill(bed, order.records, order.inFlight)
    case 'go-on': {
      const { ended } = startLanes(bed, { way: 'record', inFlight: order.inFlight })
      await Promise.race([pause(order.ms), ended])
      return { kind: 'go-on', acknowledged: [...bed.acknowledged] }
    }
    case 'check':
      return { kind: 'check', compared: await checkBed(bed, bed.partitions.map(() => 0)) } // prettier-ignore
    case 'close': {
      const sinceMs = performance.now()
      await bed.close()
      return { kind: 'close', ms: performance.now() - sinceMs }
    }
  }
}

async function answer(order: LogOrder): Promise<LogAnswer> {
  if (order.kind !== 'open') {
    if (open === undefined) throw new Error('the log is opened first')
    return obey(open, order)
  }
  open = await openBed(order.folder, order.partitions)
  const { openMs, next } = open
  return { kind: 'open', openMs, high: [...next], residentBytes: process.memoryUsage.rss() }
}

process.on('message', (order: LogOrder) => {
  answer(order).then(
    (found) => process.send?.(found),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
process.on('disconnect', () => process.exit(0))
