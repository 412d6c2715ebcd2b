import { once } from 'node:events'
import type { Socket } from 'node:net'
import { batchBytesAt, lastOffsetOf, readBatchHeader } from '@fermata/wire/log/batch'
import { quantile } from './figures.ts'
import { closed, filesToSocket, openSocket, pieceBytes, segmentFiles } from './files.ts'
import { taken, type Bed } from './log.bed.ts'

const passes = 3

/** How fast all that the first partition holds is read, in megabytes a second; the median of some passes. */
export interface CatchUp {
  readonly bytes: number
  readonly readMBs: number
  /** The same, sent into a socket of this machine. */
  readonly readToSocketMBs: number
  /** The segments' files into the same socket, without the log: all but what stands in the journal alone yet. */
  readonly fileToSocketMBs: number
}

/** Reads a partition from its start to its end, the three ways in turn. */
export async function runCatchUp(bed: Bed, port: number): Promise<CatchUp> {
  const [first] = bed.partitions
  if (first === undefined || bed.partitions.length > 1) throw new Error('one partition is read')
  const { bytes } = bed.log.partition(first)!
  const found: Record<'read' | 'readToSocket' | 'fileToSocket', number[]> = {
    read: [],
    readToSocket: [],
    fileToSocket: [],
  }
  const timed = async (times: number[], run: () => Promise<number>): Promise<number> => {
    const sinceMs = performance.now()
    const got = await run()
    times.push(got / 1_000 / (performance.now() - sinceMs))
    return got
  }
  for (let pass = 0; pass < passes; pass++) {
    await timed(found.fileToSocket, () => filesToSocket(segmentFiles(bed.folder), port))
    const got = await timed(found.read, () => readAll(bed, undefined))
    if (got !== bytes) throw new Error(`${got} of ${bytes} bytes were read`)
    await timed(found.readToSocket, async () => {
      const socket = await openSocket(port)
      const got = await readAll(bed, socket)
      await closed(socket)
      return got
    })
  }
  const median = (values: number[]): number =>
    quantile(
      values.toSorted((a, b) => a - b),
      0.5,
    )
  return {
    bytes,
    readMBs: median(found.read),
    readToSocketMBs: median(found.readToSocket),
    fileToSocketMBs: median(found.fileToSocket),
  }
}

/** Reads on while the piece before goes out, and looks whether each batch begins where the last one has ended. */
async function readAll({ log, partitions, next }: Bed, socket?: Socket): Promise<number> {
  const [partition, end] = [partitions[0]!, next[0]!]
  const read = (from: number) =>
    log.read({ partition, offset: from, bytesMax: pieceBytes, committed: false })
  let offset = 0
  let sum = 0
  let drained: Promise<unknown> | undefined
  while (offset < end) {
    const { bytes } = taken(await read(offset))
    if (bytes.length === 0) throw new Error(`nothing is read at ${offset}`)
    for (let at = 0; at < bytes.length; at += batchBytesAt(bytes, at)) {
      const header = readBatchHeader(bytes, at)
      if (header.baseOffset !== offset) throw new Error(`${offset} is missing`)
      offset = lastOffsetOf(header) + 1
    }
    sum += bytes.length
    await drained
    drained = socket?.write(bytes) === false ? once(socket, 'drain') : undefined
  }
  await drained
  return sum
}
