import { deserialize, serialize } from 'node:v8'
import { fakeClock } from '@fermata/testkit/clock'
import { crc32c } from '../crc32c.ts'
import type { Disk } from '../disk.ts'
import { openMemoryLog } from '../store.memory.ts'
import type { LogStore } from '../store.ts'
import type { OpenLog, Surroundings } from './open.ts'

/** The calls that change anything. */
const calls = [
  'createPartition',
  'configurePartition',
  'deletePartition',
  'append',
  'appendRecord',
  'endTransaction',
  'deleteRecords',
  'setCursor',
] as const

interface Command {
  readonly call: (typeof calls)[number]
  readonly order: unknown
  readonly nowMs: number
}

/** What was asked for between two flushes. */
type Group = readonly Command[]

/** What can be left out of the log, to see whether the simulator notices. */
export type Sabotage =
  | 'no flush'
  | 'answered before the flush'
  | 'written after the flush'
  | 'no folder flush'
  | 'recovered in place'

/**
 * The simplest log that keeps every promise: it holds everything in memory, writes down what it is asked,
 * and when it starts does all of it again. The simulator is tried on it, and on it with something left out.
 */
export function commandLog(sabotage?: Sabotage): OpenLog {
  return async (around) => openCommandLog(around, sabotage)
}

async function openCommandLog(
  { disk, clock }: Surroundings,
  sabotage: Sabotage | undefined,
): Promise<LogStore> {
  const past = fakeClock(0)
  const groups = await recover(disk, sabotage)
  const file = await disk.open(path)
  // While the past is done again, its time is shown and nothing is written down.
  let isPast = true
  let position = groups.bytes
  let commands: Command[] = []
  const shown = {
    now: () => (isPast ? past.now() : clock.now()),
    monotonic: () => (isPast ? past.monotonic() : clock.monotonic()),
    after: clock.after,
  }
  const flush = async (): Promise<void> => {
    if (isPast || commands.length === 0) return
    const frame = framed(commands)
    commands = []
    const at = position
    position += frame.length
    if (sabotage === 'written after the flush') {
      await file.flush()
      await file.write(at, [frame])
      return
    }
    if (sabotage === 'answered before the flush') {
      void file.write(at, [frame]).then(async () => file.flush())
      return
    }
    await file.write(at, [frame])
    if (sabotage === 'no flush') return
    await file.flush()
  }
  const log = openMemoryLog({ clock: shown, flush })
  for (const group of groups.found) {
    for (const command of group) {
      past.setWall(command.nowMs)
      void perform(log, command)
    }
    await log.idle()
  }
  isPast = false
  const own = {
    ...log,
    async close() {
      await log.close()
      await file.close()
    },
  }
  return recording(own, (call, order) => {
    commands.push({ call, order, nowMs: clock.now() })
  })
}

const path = 'log/commands'

/** Reads what was written down, and writes it anew, so that nothing is served that is only in the cache. */
async function recover(
  disk: Disk,
  sabotage: Sabotage | undefined,
): Promise<{ readonly found: Group[]; readonly bytes: number }> {
  await disk.makeFolder('log')
  if (sabotage !== 'no folder flush') await disk.flushFolder('')
  const entries = await disk.list('log')
  const old = entries.find(({ name }) => name === 'commands')
  let bytes: Uint8Array = new Uint8Array()
  if (old) {
    const file = await disk.open(path)
    bytes = await file.read(0, old.bytes)
    await file.close()
  }
  const { found, end } = groupsIn(bytes)
  if (old && sabotage === 'recovered in place') return { found, bytes: end }
  await disk.remove(`${path}.new`)
  const file = await disk.open(`${path}.new`, { create: true })
  await file.write(0, [bytes.subarray(0, end)])
  await file.flush()
  await file.close()
  await disk.rename(`${path}.new`, path)
  if (sabotage !== 'no folder flush') await disk.flushFolder('log')
  return { found, bytes: end }
}

function framed(group: Group): Uint8Array {
  const body = serialize(group)
  const frame = Buffer.alloc(8 + body.length)
  frame.writeUInt32BE(body.length, 0)
  frame.writeUInt32BE(crc32c(body), 4)
  frame.set(body, 8)
  return frame
}

function groupsIn(bytes: Uint8Array): { found: Group[]; end: number } {
  const all = Buffer.from(bytes)
  const found: Group[] = []
  let at = 0
  while (at + 8 < all.length) {
    const body = all.subarray(at + 8, at + 8 + all.readUInt32BE(at))
    if (body.length !== all.readUInt32BE(at) || body.length === 0) break
    if (crc32c(body) !== all.readUInt32BE(at + 4)) break
    found.push(deserialize(body) as Group)
    at += 8 + body.length
  }
  return { found, end: at }
}

function perform(
  log: LogStore,
  { call, order }: Pick<Command, 'call' | 'order'>,
): Promise<unknown> {
  const does = log[call] as (order: unknown) => Promise<unknown>
  return does.call(log, order)
}

/** The log, with each call written down before it is made. */
function recording(log: LogStore, note: (call: Command['call'], order: unknown) => void): LogStore {
  const recorded: Partial<Record<keyof LogStore, unknown>> = { ...log }
  for (const call of calls) {
    recorded[call] = (order: unknown) => {
      // Bytes are the caller's again as soon as this returns. What is beyond the high watermark now, and
      // refused, may be below it when all is done again.
      if (call !== 'deleteRecords' || isInside(log, order)) note(call, structuredClone(order))
      return perform(log, { call, order })
    }
  }
  return recorded as LogStore
}

function isInside(log: LogStore, order: unknown): boolean {
  const { partition, before } = order as { readonly partition: number; readonly before: number }
  return before <= (log.partition(partition)?.high ?? -1)
}
