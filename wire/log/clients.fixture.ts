import { createRequire } from 'node:module'
import {
  compressionsAlgorithms,
  createRecordsBatch,
  Reader,
  readRecordsBatches,
  type CreateRecordsBatchOptions,
} from '@platformatic/kafka'
import type { Compression } from './batch.ts'
import type { RecordBody } from './record.ts'

// Two clients that users have, each with its own code for record batches, none of it ours.

/** A batch for a client to write. */
export interface ClientBatch {
  readonly compression: Compression
  readonly records: readonly RecordBody[]
  readonly producer?: {
    readonly id: number
    readonly epoch: number
    readonly sequence: number
    readonly transactional: boolean
  }
}

/** A record as a client understood it. */
export interface ClientRecord {
  readonly offset: number
  readonly timestamp: number
  readonly key: string | null
  readonly value: string | null
  /** Each key with its value, sorted. */
  readonly headers: readonly string[]
}

/** A client that writes and reads record batches. */
export interface Client {
  readonly name: string
  /** How far apart the times in a batch may be that it writes. */
  readonly timeSpreadMs: number
  write(batch: ClientBatch): Promise<Uint8Array>
  /** Reads batches that lie one after the other. */
  read(batches: Uint8Array): Promise<readonly ClientRecord[]>
}

/** How both clients, and the protocol, name compressions. */
export const compressionNames = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

const load = createRequire(import.meta.url)

/** A file of kafkajs, which has no types for what lies within. */
export function loadKafkajs(path: string): unknown {
  return load(`kafkajs/src/${path}`) as unknown
}

interface Encoder {
  readonly buffer: Buffer
}

interface Decoder {
  canReadBytes(bytes: number): boolean
}

interface KafkajsRecord {
  readonly offset: string
  readonly timestamp: string
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Readonly<Record<string, Buffer | null | readonly (Buffer | null)[]>>
}

/** It brings gzip; for the others it is given a codec, as its users must do: here that of the other client. */
function registerCodecs(): void {
  const { Codecs } = loadKafkajs('protocol/message/compression') as {
    Codecs: Record<number, () => unknown>
  }
  for (const compression of [2, 3, 4] as const) {
    const algorithm = compressionsAlgorithms[compressionNames[compression]]
    const compress = async ({ buffer }: Encoder) => algorithm.compressSync(buffer)
    const decompress = async (bytes: Buffer) => algorithm.decompressSync(bytes)
    Codecs[compression] = () => ({ compress, decompress })
  }
}

/** kafkajs, by its whole produce request and by its reader of fetched batches. */
export function kafkajsClient(): Client {
  registerCodecs()
  const produce = loadKafkajs('protocol/requests/produce/v7/request') as (order: unknown) => {
    encode(): Promise<Encoder>
  }
  const KafkajsDecoder = loadKafkajs('protocol/decoder') as new (bytes: Buffer) => Decoder
  const decodeMessages = loadKafkajs('protocol/requests/fetch/v4/decodeMessages') as (
    decoder: Decoder,
  ) => Promise<readonly KafkajsRecord[]>
  return {
    name: 'kafkajs',
    timeSpreadMs: 2 ** 40,
    async write({ compression, records, producer }) {
      const messages = records.map(({ timestamp, key, value, headers = [] }) => ({
        timestamp,
        key: key && Buffer.from(key),
        value: value && Buffer.from(value),
        headers: Object.fromEntries(headers.map(({ key, value }) => [key, bufferOf(value)])),
      }))
      const partition = { partition: 0, messages, firstSequence: producer?.sequence ?? 0 }
      const request = produce({
        acks: -1,
        timeout: 1,
        transactionalId: producer?.transactional ? 't' : null,
        ...(producer && { producerId: producer.id, producerEpoch: producer.epoch }),
        compression,
        topicData: [{ topic: 'a', partitions: [partition] }],
      })
      const { buffer } = await request.encode()
      // The batch ends the request; before it: transaction, acks, timeout, topic, partition, length.
      const batchAt = (producer?.transactional ? 3 : 2) + 2 + 4 + 4 + 3 + 4 + 4 + 4
      return Uint8Array.from(buffer.subarray(batchAt))
    },
    async read(batches) {
      const length = Buffer.alloc(4)
      length.writeInt32BE(batches.length)
      const decoder = new KafkajsDecoder(Buffer.concat([length, batches]))
      return (await decodeMessages(decoder)).map((record) => ({
        offset: Number(record.offset),
        timestamp: Number(record.timestamp),
        key: record.key && record.key.toString('hex'),
        value: record.value && record.value.toString('hex'),
        headers: Object.entries(record.headers)
          .flatMap(([key, values]) => [values].flat().map((value) => headerText(key, value)))
          .toSorted(),
      }))
    },
  }
}

function bufferOf(bytes: Uint8Array | null): Buffer {
  return Buffer.from(bytes ?? [])
}

/** How a header of a record is said here. */
export function headerText(key: string, value: Uint8Array | null | undefined): string {
  return `${key}=${value ? Buffer.from(value).toString('hex') : 'null'}`
}

/** @platformatic/kafka, by its writer and its reader of batches. */
export function platformaticClient(): Client {
  return {
    name: '@platformatic/kafka',
    // Its writer, not its reader, folds the sign of a varlong in as if it had 32 bits.
    timeSpreadMs: 2 ** 31,
    async write({ compression, records, producer }) {
      const messages = records.map(({ timestamp, key, value, headers = [] }) => ({
        topic: 'a',
        timestamp: BigInt(timestamp),
        // Its types know no absent value, its code does.
        ...(key && { key: Buffer.from(key) }),
        ...(value && { value: Buffer.from(value) }),
        headers: new Map(headers.map(({ key, value }) => [Buffer.from(key), bufferOf(value)])),
      }))
      const options: Partial<CreateRecordsBatchOptions> = {
        compression: compressionNames[compression],
        partitionLeaderEpoch: 3,
        transactionalId: producer?.transactional ? 't' : null,
      }
      if (producer) {
        const sequences = { getWithDefault: () => producer.sequence }
        Object.assign(options, {
          producerId: BigInt(producer.id),
          producerEpoch: producer.epoch,
          sequences,
        })
      }
      const { buffer } = createRecordsBatch(messages as never, options)
      return Uint8Array.from(buffer)
    },
    async read(batches) {
      return readRecordsBatches(Reader.from(Buffer.from(batches))).flatMap((batch) =>
        batch.records.map((record) => ({
          offset: Number(batch.firstOffset) + record.offsetDelta,
          timestamp: Number(batch.firstTimestamp + record.timestampDelta),
          key: record.key && record.key.toString('hex'),
          value: record.value && record.value.toString('hex'),
          headers: record.headers.map(([key, value]) => headerText(String(key), value)).toSorted(),
        })),
      )
    },
  }
}
