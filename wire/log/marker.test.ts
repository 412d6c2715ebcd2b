import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Reader, readRecordsBatch } from '@platformatic/kafka'
import { checkBatch, sealBatch } from './batch.ts'
import { loadKafkajs } from './clients.fixture.ts'
import { encodeMarker, readMarker, type Marker } from './marker.ts'
import { encodeBatch } from './records.ts'

const commit: Marker = {
  baseOffset: 0x0102030405,
  leaderEpoch: 6,
  producerId: 7_000,
  producerEpoch: 8,
  coordinatorEpoch: 9,
  commit: true,
  timestamp: 1_700_000_000_000,
}
const abort: Marker = { ...commit, commit: false, coordinatorEpoch: -1 }

/** What Kafka's MemoryRecords.withEndTransactionMarker puts down, field by field from KIP-98. */
function spelledOut(type: string, coordinatorEpoch: string, crc: string): string {
  return [
    '0000000102030405', // BaseOffset
    '00000042', // BatchLength: 66
    '00000006', // PartitionLeaderEpoch
    '02', // Magic
    crc,
    '0030', // Attributes: transactional, control
    '00000000', // LastOffsetDelta
    '0000018bcfe56800', // BaseTimestamp
    '0000018bcfe56800', // MaxTimestamp
    '0000000000001b58', // ProducerId
    '0008', // ProducerEpoch
    'ffffffff', // BaseSequence: none
    '00000001', // RecordCount
    '20', // Length: 16
    '00', // Attributes
    '00', // TimestampDelta
    '00', // OffsetDelta
    '08', // KeyLength: 4
    '0000', // Version of the key
    type,
    '0c', // ValueLength: 6
    '0000', // Version of the value
    coordinatorEpoch,
    '00', // HeaderCount
  ].join('')
}

/** By the code of a client, which is not ours. */
function crcOf(hex: string): string {
  const crc32c = loadKafkajs('protocol/recordBatch/crc32C') as (bytes: Buffer) => number
  return (crc32c(Buffer.from(hex, 'hex').subarray(21)) >>> 0).toString(16).padStart(8, '0')
}

for (const [name, marker, type, epoch] of [
  ['commit', commit, '0001', '00000009'],
  ['abort', abort, '0000', 'ffffffff'],
] as const) {
  test(`the marker of a ${name} is byte for byte what Kafka writes`, () => {
    const expected = spelledOut(type, epoch, crcOf(spelledOut(type, epoch, '00000000')))
    assert.equal(Buffer.from(encodeMarker(marker)).toString('hex'), expected)
  })

  test(`the marker of a ${name} is a valid batch and read as it was written`, () => {
    const bytes = encodeMarker(marker)
    const checked = checkBatch(bytes)
    assert.ok(checked.ok)
    assert.ok(checked.value.control && checked.value.transactional)
    assert.equal(checked.value.baseSequence, -1)
    const { coordinatorEpoch } = marker
    assert.deepEqual(readMarker(bytes, 0), { commit: marker.commit, coordinatorEpoch })
    const moved = new Uint8Array(200).fill(0xff)
    moved.set(bytes, 61)
    assert.deepEqual(readMarker(moved, 61), { commit: marker.commit, coordinatorEpoch })
    assert.equal(readMarker(moved, 60), undefined)
  })

  test(`the marker of a ${name} is understood by a client`, async () => {
    const bytes = Buffer.from(encodeMarker(marker))
    const { attributes, records } = readRecordsBatch(Reader.from(bytes))
    assert.equal(attributes, 0x30)
    assert.deepEqual(
      records.map(({ key, value }) => [key?.toString('hex'), value?.toString('hex')]),
      [[`0000${type}`, `0000${epoch}`]],
    )
    await clientPassesOver(bytes, !marker.commit)
  })
}

/** Lets kafkajs read an aborted record with the marker after it, and what another producer wrote then. */
async function clientPassesOver(marker: Buffer, isAborted: boolean): Promise<void> {
  const Decoder = loadKafkajs('protocol/decoder') as new (bytes: Buffer) => object
  const decode = loadKafkajs('protocol/recordBatch/v0/decoder') as (
    decoder: object,
  ) => Promise<{ records: { offset: string; isControlRecord: boolean }[] }>
  const filter = loadKafkajs('consumer/filterAbortedMessages') as (from: object) => object[]
  const record = (offset: number) =>
    encodeBatch({
      baseOffset: offset,
      leaderEpoch: 6,
      producerId: commit.producerId,
      producerEpoch: commit.producerEpoch,
      baseSequence: 0,
      transactional: true,
      records: [{ timestamp: 1, key: null, value: Buffer.from(String(offset)) }],
    })
  const before = record(commit.baseOffset - 1)
  const after = record(commit.baseOffset + 1)
  const messages = []
  for (const batch of [before, marker, after]) {
    messages.push(...(await decode(new Decoder(Buffer.from(batch)))).records)
  }
  assert.deepEqual(
    messages.map(({ isControlRecord }) => isControlRecord),
    [false, true, false],
  )
  const abortedTransactions = [
    { producerId: String(commit.producerId), firstOffset: String(commit.baseOffset - 1) },
  ]
  const left = filter({ messages, abortedTransactions })
  // The marker of an abort ends what is passed over; that of a commit is passed over itself.
  assert.deepEqual(left, isAborted ? messages.slice(1) : [])
}

test('what is no marker is not read as one', () => {
  const bytes = encodeMarker(commit)
  const changes: readonly [at: number, byte: number][] = [
    [11, 67], // The length.
    [22, 0x10], // No control batch.
    [22, 0x31], // Compressed.
    [69, 2], // Another type of control record.
    [67, 1], // Another version of the key.
    [72, 1], // Another version of the value.
    [65, 6], // A shorter key.
  ]
  for (const [at, byte] of changes) {
    const changed = bytes.slice()
    changed[at] = byte
    assert.equal(readMarker(changed, 0), undefined, `byte ${at}`)
  }
  for (let length = 0; length < bytes.length; length++) {
    assert.equal(readMarker(bytes.subarray(0, length), 0), undefined)
  }
})

test('the fields of a marker reach to their ends', () => {
  const edges: Partial<Marker>[] = [
    { baseOffset: Number.MAX_SAFE_INTEGER },
    { leaderEpoch: 2 ** 31 - 1 },
    { producerId: Number.MAX_SAFE_INTEGER },
    { producerEpoch: 32_767 },
    { coordinatorEpoch: 2 ** 31 - 1 },
    { timestamp: Number.MAX_SAFE_INTEGER },
    { timestamp: -1 },
  ]
  for (const edge of edges) {
    const marker = { ...commit, ...edge }
    const bytes = encodeMarker(marker)
    const checked = checkBatch(bytes)
    assert.ok(checked.ok)
    const { baseOffset, leaderEpoch, producerId, producerEpoch, baseTimestamp } = checked.value
    const coordinatorEpoch = readMarker(bytes, 0)?.coordinatorEpoch
    const read = { baseOffset, leaderEpoch, producerId, producerEpoch, coordinatorEpoch }
    assert.deepEqual({ ...read, commit: true, timestamp: baseTimestamp }, marker)
    const again = bytes.slice()
    sealBatch(again)
    assert.deepEqual(again, bytes)
  }
})
