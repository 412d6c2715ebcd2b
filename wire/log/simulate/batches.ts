import { crc32c } from '../crc32c.ts'

// Record batches as clients make them and as readers take them apart, written a second time for the
// simulator: what the log encodes, decodes or patches wrongly would not be found by the log's own codec.
// Source: the Kafka protocol guide, "Record Batch" and "Record" (magic 2).

/** A record that knows itself again: its header names its number. */
export interface MadeRecord {
  readonly id: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  /** Milliseconds since 1970. */
  readonly timestamp: number
}

/** A batch before it has a place. */
export interface MadeBatch {
  readonly records: readonly MadeRecord[]
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly isTransactional: boolean
}

/** The name of the header that holds a record's number. */
export const idHeader = 'id'

const headerBytes = 61

/** A record's number as the value of its header. */
export function idBytes(id: number): Uint8Array {
  return Uint8Array.of(id >>> 24, (id >>> 16) & 255, (id >>> 8) & 255, id & 255)
}

/** Encodes a batch, uncompressed, its base offset 0. */
export function encode(batch: MadeBatch): Uint8Array {
  const { records } = batch
  const base = records[0]?.timestamp ?? 0
  const body: number[] = []
  for (const [at, record] of records.entries()) encodeRecord(body, record, at, base)
  const bytes = new Uint8Array(headerBytes + body.length)
  const view = new DataView(bytes.buffer)
  view.setInt32(8, bytes.length - 12)
  view.setInt32(12, -1)
  view.setInt8(16, 2)
  view.setInt16(21, batch.isTransactional ? 16 : 0)
  view.setInt32(23, records.length - 1)
  view.setBigInt64(27, BigInt(base))
  view.setBigInt64(35, BigInt(Math.max(...records.map(({ timestamp }) => timestamp))))
  view.setBigInt64(43, BigInt(batch.producerId))
  view.setInt16(51, batch.producerEpoch)
  view.setInt32(53, batch.baseSequence)
  view.setInt32(57, records.length)
  bytes.set(body, headerBytes)
  view.setUint32(17, crc32c(bytes.subarray(21)))
  return bytes
}

function encodeRecord(to: number[], record: MadeRecord, at: number, base: number): void {
  const body: number[] = [0]
  varint(body, record.timestamp - base)
  varint(body, at)
  sized(body, record.key)
  sized(body, record.value)
  varint(body, 1)
  sized(body, Buffer.from(idHeader))
  sized(body, idBytes(record.id))
  varint(to, body.length)
  for (const byte of body) to.push(byte)
}

function sized(to: number[], bytes: Uint8Array | null): void {
  varint(to, bytes?.length ?? -1)
  if (bytes) for (const byte of bytes) to.push(byte)
}

/** A number in zigzag form, seven bits a byte, the lowest first. Timestamps may lie more than 2^31 apart. */
function varint(to: number[], value: number): void {
  let rest = value < 0 ? -value * 2 - 1 : value * 2
  while (rest >= 128) {
    to.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  to.push(rest)
}

/** A batch as a reader got it. */
export interface ServedBatch {
  readonly bytes: Uint8Array
  readonly base: number
  readonly last: number
  readonly leaderEpoch: number
  readonly isTransactional: boolean
  readonly isControl: boolean
  readonly isCompressed: boolean
  readonly producerId: number
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly maxTimestamp: number
  readonly recordCount: number
}

/** A record as a reader got it. */
export interface ServedRecord {
  /** -1 where it has no number: a marker. */
  readonly id: number
  readonly offset: number
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
}

/** Takes apart what was served; throws with the reason where it is not whole batches with true checksums. */
export function batchesIn(bytes: Uint8Array): ServedBatch[] {
  const batches: ServedBatch[] = []
  for (let at = 0; at < bytes.length;) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at)
    if (view.byteLength < headerBytes) throw new Error('a piece of a batch was served')
    const length = 12 + view.getInt32(8)
    if (length < headerBytes || length > view.byteLength) {
      throw new Error(`a batch of ${length} bytes was served in ${view.byteLength}`)
    }
    const own = bytes.subarray(at, at + length)
    if (view.getInt8(16) !== 2) throw new Error('no batch of version 2 was served')
    if (view.getUint32(17) !== crc32c(own.subarray(21)))
      throw new Error('a damaged batch was served')
    const base = Number(view.getBigInt64(0))
    const attributes = view.getInt16(21)
    batches.push({
      bytes: own,
      base,
      last: base + view.getInt32(23),
      leaderEpoch: view.getInt32(12),
      isTransactional: (attributes & 16) !== 0,
      isControl: (attributes & 32) !== 0,
      isCompressed: (attributes & 7) !== 0,
      producerId: Number(view.getBigInt64(43)),
      producerEpoch: view.getInt16(51),
      baseSequence: view.getInt32(53),
      maxTimestamp: Number(view.getBigInt64(35)),
      recordCount: view.getInt32(57),
    })
    at += length
  }
  return batches
}

/** The records of an uncompressed batch. */
export function recordsIn({ bytes, base, recordCount }: ServedBatch): ServedRecord[] {
  const from = new Cursor(bytes, headerBytes)
  const baseTimestamp = Number(
    new DataView(bytes.buffer, bytes.byteOffset, headerBytes).getBigInt64(27),
  )
  const records: ServedRecord[] = []
  for (let count = 0; count < recordCount; count++) {
    const end = from.varint() + from.at
    from.at++
    const timestamp = baseTimestamp + from.varint()
    const offset = base + from.varint()
    const key = from.sized()
    const value = from.sized()
    let id = -1
    for (let headers = from.varint(); headers > 0; headers--) {
      const name = from.sized()
      const held = from.sized()
      if (name && held?.length === 4 && Buffer.from(name).toString() === idHeader) {
        id = Buffer.from(held).readUInt32BE()
      }
    }
    if (from.at !== end) throw new Error('a record was served whose length is wrong')
    records.push({ id, offset, timestamp, key, value })
  }
  if (from.at !== bytes.length)
    throw new Error('a batch was served with something behind its records')
  return records
}

/** What a marker says; undefined where the batch is none. */
export function markerIn(
  batch: ServedBatch,
): { readonly commit: boolean; readonly coordinatorEpoch: number } | undefined {
  if (!batch.isControl) return undefined
  const [record] = recordsIn(batch)
  if (record?.key?.length !== 4 || record.value?.length !== 6) {
    throw new Error('a control batch was served that is no marker')
  }
  const type = Buffer.from(record.key).readInt16BE(2)
  if (type !== 0 && type !== 1) throw new Error(`a marker of type ${type} was served`)
  return { commit: type === 1, coordinatorEpoch: Buffer.from(record.value).readInt32BE(2) }
}

class Cursor {
  readonly #bytes: Uint8Array
  at: number

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  varint(): number {
    let value = 0
    for (let unit = 1; ; unit *= 128) {
      const byte = this.#bytes[this.at++]
      if (byte === undefined) throw new Error('a record was served that ends too early')
      value += (byte % 128) * unit
      if (byte < 128) return value % 2 === 1 ? -(value + 1) / 2 : value / 2
    }
  }

  sized(): Uint8Array | null {
    const length = this.varint()
    if (length < 0) return null
    this.at += length
    return this.#bytes.subarray(this.at - length, this.at)
  }
}
