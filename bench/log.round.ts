import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { timesOf, type Times } from './figures.ts'
import { checkBed } from './log.check.ts'
import { send, taken, type Bed, type Way } from './log.bed.ts'

/** A round of appends, each sent when one before it was acknowledged. */
export interface RoundOrder {
  readonly way: Way
  readonly inFlight: number
  readonly warmMs: number
  readonly measuredMs: number
  /** The file for a profile of the thread of the log. */
  readonly profile?: string
}

/** What a round measured. */
export interface LogRound {
  readonly seconds: number
  readonly records: number
  readonly times: Times
  /** Of all threads, those of the generator too. */
  readonly cpuUs: number
  readonly groups: number
  readonly groupBytes: number
  readonly residentBytes: number
  /** How long it went on in the background when nothing more came. */
  readonly idleMs: number
  /** Records that were read back and compared. */
  readonly compared: number
}

/** With many in flight, one in so many is timed: to look at the clock takes time itself. */
const timedEvery = 7

/** How far a load is. */
export interface Load {
  acknowledged: number
  isTimed: boolean
  isOver: boolean
  readonly times: number[]
  readonly ended: Promise<void>
}

/**
 * Keeps as many records in flight, to one partition after the other, until `isOver` is set or so many
 * were sent. Each must be given the offset after the last one of its partition.
 */
export function startLanes(
  bed: Bed,
  { way, inFlight, recordsMax = Infinity }: { way: Way; inFlight: number; recordsMax?: number },
): Load {
  const every = inFlight > 16 ? timedEvery : 1
  let sent = 0
  const lane = async (): Promise<void> => {
    while (!load.isOver && sent < recordsMax) {
      const place = sent % bed.partitions.length
      const isTimed = load.isTimed && sent % every === 0
      sent += 1
      const offset = bed.next[place]!
      bed.next[place] = offset + 1
      const sinceMs = isTimed ? performance.now() : 0
      const { first } = taken(await send(bed, way, place, offset))
      if (first !== offset) throw new Error(`${first} was given instead of ${offset}`)
      if (isTimed && load.isTimed) load.times.push(performance.now() - sinceMs)
      bed.acknowledged[place] = offset + 1
      load.acknowledged += 1
    }
  }
  const begun = Promise.withResolvers<void>()
  const load: Load = {
    acknowledged: 0,
    isTimed: false,
    isOver: false,
    times: [],
    ended: begun.promise,
  }
  Promise.all(Array.from({ length: inFlight }, lane)).then(() => begun.resolve(), begun.reject)
  return load
}

/** Resolves after a time. */
export function pause(ms: number): Promise<void> {
  return new Promise((go) => setTimeout(go, ms))
}

/** Runs a round, waits until nothing is unfinished, and checks what it has left. */
export async function runRound(bed: Bed, order: RoundOrder): Promise<LogRound> {
  const since = [...bed.next]
  const load = startLanes(bed, order)
  // A refusal must end the round at once, not when the time is over.
  await Promise.race([pause(order.warmMs), load.ended])
  const profiler = order.profile === undefined ? undefined : await startProfiler()
  const sinceMs = performance.now()
  const cpu = process.cpuUsage()
  const before = { ...bed.groups, acknowledged: load.acknowledged }
  load.isTimed = true
  await Promise.race([pause(order.measuredMs), load.ended])
  const seconds = (performance.now() - sinceMs) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const records = load.acknowledged - before.acknowledged
  const groups = bed.groups.count - before.count
  const groupBytes = (bed.groups.bytes - before.bytes) / groups
  const residentBytes = process.memoryUsage.rss()
  load.isTimed = false
  load.isOver = true
  await load.ended
  if (order.profile !== undefined) await profiler?.(order.profile)
  const idleSinceMs = performance.now()
  await bed.log.idle()
  return {
    seconds,
    records,
    times: timesOf(load.times),
    cpuUs: user + system,
    groups,
    groupBytes,
    residentBytes,
    idleMs: performance.now() - idleSinceMs,
    compared: await checkBed(bed, since),
  }
}

/** Profiles this thread until the answer is called with the file to write. */
async function startProfiler(): Promise<(file: string) => Promise<void>> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.start')
  return async (file) => {
    const { profile } = await session.post('Profiler.stop')
    session.disconnect()
    writeFileSync(file, JSON.stringify(profile))
  }
}
