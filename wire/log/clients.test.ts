import assert from 'node:assert/strict'
import { test } from 'node:test'
import { utf8 } from '@fermata/base/bytes'
import { randomFrom } from '@fermata/testkit/random'
import {
  batchField,
  batchHeaderBytes,
  checkBatch,
  checkClientBatch,
  sealBatch,
  type Compression,
} from './batch.ts'
import {
  compressionNames,
  headerText,
  kafkajsClient,
  platformaticClient,
  type ClientBatch,
} from './clients.fixture.ts'
import { decompress } from './compression.ts'
import type { RecordBody } from './record.ts'
import { decodeRecords, encodeBatch } from './records.ts'

const clients = [kafkajsClient(), platformaticClient()]
const compressions: readonly Compression[] = [0, 1, 2, 3, 4]

/** Records whose parts have lengths on both sides of where a varint grows, and times that go back. */
function recordsOf(seed: number, timeSpreadMs: number): RecordBody[] {
  const random = randomFrom(seed)
  const bytes = (): Uint8Array => {
    const length = random.chance(0.02) ? 8_191 + random.below(2) : random.pick([0, 1, 63, 64, 300])
    const symbols = random.pick([4, 256])
    return Uint8Array.from({ length }, () => random.below(symbols))
  }
  return Array.from({ length: 1 + random.below(100) }, () => ({
    timestamp: 1_700_000_000_000 + (random.below(2 ** random.below(41)) % timeSpreadMs),
    key: random.chance(0.3) ? null : bytes(),
    value: random.chance(0.1) ? null : bytes(),
    headers: Array.from({ length: random.below(4) }, (_, at) => ({
      key: random.pick(['content-type', 'ключ', '鍵', 'k'.repeat(70)]) + at,
      value: bytes(),
    })),
  }))
}

const producers: readonly ClientBatch['producer'][] = [
  undefined,
  { id: 12, epoch: 3, sequence: 40, transactional: false },
  { id: Number.MAX_SAFE_INTEGER, epoch: 32_767, sequence: 2 ** 31 - 1, transactional: true },
]

/** The batches that are exchanged: some with each kind of producer. */
function batchesOf(compression: Compression, timeSpreadMs = 2 ** 40): ClientBatch[] {
  return [1, 2, 3, 4].map((seed) => {
    const producer = producers[seed % 3]
    const records = recordsOf(seed * 10 + compression, timeSpreadMs)
    return { compression, records, ...(producer && { producer }) }
  })
}

for (const client of clients) {
  for (const compression of compressions) {
    const name = compressionNames[compression]

    test(`what ${client.name} writes with ${name} is read, and written again to the same bytes`, async () => {
      for (const batch of batchesOf(compression, client.timeSpreadMs)) {
        const theirs = await client.write(batch)
        const checked = checkBatch(theirs)
        assert.ok(checked.ok, JSON.stringify(checked))
        assert.ok(checkClientBatch(checked.value).ok)
        assert.equal(checked.value.compression, compression)
        assert.equal(checked.value.producerId, batch.producer?.id ?? -1)
        assert.equal(checked.value.transactional, batch.producer?.transactional ?? false)

        const records = decodeRecords(theirs, 0)
        assert.ok(records.ok, JSON.stringify(records))
        const given = batch.records.map((record, offsetDelta) => ({ ...record, offsetDelta }))
        assert.deepEqual(records.value, given)

        const again = encodeBatch({ ...checked.value, compression: 0, records: records.value })
        const payload = decompress(theirs.slice(batchHeaderBytes), compression)
        assert.deepEqual(payload, { ok: true, value: again.slice(batchHeaderBytes) })
        assert.deepEqual(withPayloadOf(theirs, again, compression), theirs)
      }
    })

    test(`what we write with ${name} is read by ${client.name}`, async () => {
      const batches = batchesOf(compression).map(({ records, producer }, index) => ({
        baseOffset: 1_000 * index,
        leaderEpoch: index,
        compression,
        records,
        ...(producer && {
          producerId: producer.id,
          producerEpoch: producer.epoch,
          baseSequence: producer.sequence,
          transactional: producer.transactional,
        }),
      }))
      const read = await client.read(Buffer.concat(batches.map(encodeBatch)))
      const expected = batches.flatMap(({ baseOffset, records }) =>
        records.map(({ timestamp, key, value, headers = [] }, offsetDelta) => ({
          offset: baseOffset + offsetDelta,
          timestamp,
          key: key && Buffer.from(key).toString('hex'),
          value: value && Buffer.from(value).toString('hex'),
          headers: headers.map((header) => headerText(header.key, header.value)).toSorted(),
        })),
      )
      assert.deepEqual(read, expected)
    })
  }
}

/** Our header around the records as they came. */
function withPayloadOf(theirs: Uint8Array, ours: Uint8Array, compression: Compression): Uint8Array {
  const bytes = theirs.slice()
  bytes.set(ours.subarray(0, batchHeaderBytes))
  bytes[batchField.attributes + 1]! |= compression
  sealBatch(bytes)
  return bytes
}

test('a header without a value reaches the client that knows such headers', async () => {
  const headers = [{ key: 'none', value: null }]
  const record = { timestamp: 5, key: utf8('k'), value: utf8('v'), headers }
  const bytes = encodeBatch({ baseOffset: 0, leaderEpoch: 0, records: [record] })
  for (const client of clients) {
    const [read] = await client.read(bytes)
    assert.deepEqual(read?.headers, ['none=null'])
  }
})
