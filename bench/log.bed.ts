// The log under load: open on a folder, with the records that are sent to it.

import { systemClock } from '@fermata/base/clock'
import type { Result } from '@fermata/base/result'
import { randomFrom } from '@fermata/testkit/random'
import { defaultConfig } from '@fermata/wire/log/defaults'
import { openNodeDisk } from '@fermata/wire/log/disk.node'
import { encodeBatch } from '@fermata/wire/log/records'
import { openFileLog, type FileLog } from '@fermata/wire/log/store.file'
import type { Appended, AppendRefusal, PartitionId } from '@fermata/wire/log/store'

/** How a record is handed to the log: as a batch that a client made, or as a record of our own. */
export type Way = 'batch' | 'record'

/** Both of them, in the order of the report. */
export const ways: readonly Way[] = ['batch', 'record']

/** Bytes of each record's value. */
export const valueBytes = 1_024

/** A prime, so that no round number of records in a group repeats the same values in the same places. */
const valueCount = 61

/** What the journal was given to put on disk. */
export interface Groups {
  count: number
  bytes: number
}

/** A log that is open, and what its load knows of it. */
export interface Bed {
  readonly log: FileLog
  readonly folder: string
  readonly partitions: readonly PartitionId[]
  /** By the place of the partition in `partitions`: the offset that its next record must be given. */
  readonly next: number[]
  /** By the same place: all below this offset was acknowledged. */
  readonly acknowledged: number[]
  /** Counted since it was opened. */
  readonly groups: Groups
  readonly openMs: number
  close(): Promise<void>
}

/** Opens the log in a folder, and makes as many partitions as are missing. */
export async function openBed(folder: string, partitionCount: number): Promise<Bed> {
  const groups = { count: 0, bytes: 0 }
  let isClosing = false
  const sinceMs = performance.now()
  const disk = await openNodeDisk(folder)
  const log = await openFileLog({
    disk: {
      ...disk,
      async openFlushed(path) {
        const file = await disk.openFlushed(path)
        return {
          ...file,
          put(position, parts) {
            groups.count += 1
            for (const part of parts) groups.bytes += part.length
            return file.put(position, parts)
          },
        }
      },
    },
    clock: systemClock({ keepsAlive: true }),
    randomU32: () => crypto.getRandomValues(new Uint32Array(1))[0]!,
    onEnd(reason) {
      if (!isClosing) throw new Error(`the log ended: ${reason}`)
    },
  })
  const openMs = performance.now() - sinceMs
  for (let index = log.partitions().length; index < partitionCount; index++) {
    taken(await log.createPartition({ name: `load-${index}`, config: defaultConfig }))
  }
  const found = log.partitions()
  return {
    log,
    folder,
    partitions: found.map(({ partition }) => partition),
    next: found.map(({ high }) => high),
    acknowledged: found.map(({ high }) => high),
    groups,
    openMs,
    async close() {
      isClosing = true
      await log.close()
      await disk.close()
    },
  }
}

/** What a call that must not be refused has answered. */
export function taken<T>(result: Result<T, { readonly code: string }>): T {
  if (!result.ok) throw new Error(`the log refused: ${JSON.stringify(result.refusal)}`)
  return result.value
}

const random = randomFrom(1)
const values = Array.from({ length: valueCount }, () =>
  Uint8Array.from({ length: valueBytes }, () => random.below(256)),
)
const batches = values.map((value) =>
  encodeBatch({
    baseOffset: 0,
    leaderEpoch: 0,
    records: [{ key: null, value, headers: [], timestamp: 1 }],
  }),
)

function valueNumber(place: number, offset: number): number {
  return (offset + 7 * place) % valueCount
}

/** The value of the record at an offset of the partition at a place, after a restart too. */
export function valueAt(place: number, offset: number): Uint8Array {
  return values[valueNumber(place, offset)]!
}

/** Sends the next record of the partition at a place, which must be given the offset. */
export function send(
  { log, partitions }: Bed,
  way: Way,
  place: number,
  offset: number,
): Promise<Result<Appended, AppendRefusal>> {
  const partition = partitions[place]!
  const number = valueNumber(place, offset)
  if (way === 'batch') return log.append({ partition, batch: batches[number]!, leaderEpoch: 0 })
  return log.appendRecord({ partition, record: { key: null, value: values[number]! } })
}
