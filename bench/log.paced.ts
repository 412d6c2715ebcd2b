import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { timesOf, type Times } from './figures.ts'
import { checkBed } from './log.check.ts'
import { send, taken, type Bed, type Way } from './log.bed.ts'
import { sharedMs, type Pace } from './log.pacer.ts'

/** Records that come by the clock, whatever the answers are. */
export interface PacedOrder extends Pace {
  readonly way: Way
  /** As many first ones are not counted. */
  readonly warm: number
}

/** What was measured. */
export interface PacedRound {
  /** From the moment at which a record was due, so that whatever made it late counts. */
  readonly fromDue: Times
  /** From the moment at which the log was asked. */
  readonly fromAsked: Times
  readonly cpuUs: number
  readonly compared: number
}

/** Sends records as another thread's clock says. */
export async function runPaced(bed: Bed, order: PacedOrder): Promise<PacedRound> {
  const { way, warm, count } = order
  const since = [...bed.next]
  const cpu = process.cpuUsage()
  const fromDue: number[] = []
  const fromAsked: number[] = []
  const answers: Promise<void>[] = []
  const ask = async (dueMs: number): Promise<void> => {
    const place = answers.length % bed.partitions.length
    const isCounted = answers.length >= warm
    const offset = bed.next[place]!
    bed.next[place] = offset + 1
    const askedMs = sharedMs()
    const { first } = taken(await send(bed, way, place, offset))
    if (first !== offset) throw new Error(`${first} was given instead of ${offset}`)
    const nowMs = sharedMs()
    if (!isCounted) return
    fromDue.push(nowMs - dueMs)
    fromAsked.push(nowMs - askedMs)
  }
  const pacer = new Worker(new URL('./log.pacer.ts', import.meta.url), { workerData: order })
  pacer.on('message', (dueMs: number) => void answers.push(ask(dueMs)))
  await once(pacer, 'exit')
  await Promise.all(answers)
  const { user, system } = process.cpuUsage(cpu)
  if (answers.length !== count) throw new Error(`${answers.length} of ${count} records came`)
  return {
    fromDue: timesOf(fromDue),
    fromAsked: timesOf(fromAsked),
    cpuUs: user + system,
    compared: await checkBed(bed, since),
  }
}
