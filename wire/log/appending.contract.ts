import assert from 'node:assert/strict'
import { limits } from '@fermata/base/limits'
import { checkBatch, patchBatch, type Compression } from './batch.ts'
import { hasCompression } from './compression.ts'
import {
  append,
  appendRefused,
  batchOf,
  bytesOf,
  made,
  readAll,
  readOnce,
  recordTime,
  refusalIn,
  taken,
  textsIn,
  turns,
  type Check,
  type World,
} from './contract.world.ts'
import { encodeMarker } from './marker.ts'
import { decodeRecords } from './records.ts'
import type { Appended, NewRecord } from './store.ts'

/** What every log promises about what is appended to it. */
export function appendingContract(check: Check): void {
  batches(check)
  refusals(check)
  flushes(check)
  ownRecords(check)
}

function batches(check: Check): void {
  check('a batch comes back as it was, but for its offset and leader epoch', async ({ log }) => {
    const partition = await made(log)
    const compressions = ([0, 1, 2, 3, 4] as const).filter((one) => hasCompression(one))
    const sent = compressions.map((compression: Compression) =>
      batchOf([`a${compression}`, 'k=v', 'gone!'], { compression, leaderEpoch: 5 }),
    )
    for (const [index, batch] of sent.entries()) {
      const appended = taken(await log.append({ partition, batch, leaderEpoch: 7 + index }))
      assert.deepEqual(appended, { first: index * 3, last: index * 3 + 2, duplicate: false })
    }
    const read = await readAll(log, partition)
    for (const [index, batch] of sent.entries()) {
      patchBatch(batch, 0, index * 3, 7 + index)
      assert.deepEqual(read[index]?.bytes, batch)
    }
    const { high, stable, start, bytes } = log.partition(partition)!
    assert.deepEqual([start, stable, high], [0, sent.length * 3, sent.length * 3])
    assert.equal(
      bytes,
      sent.reduce((sum, { length }) => sum + length, 0),
    )
  })

  check('where it is so set, records get the time at which they are taken', async (world) => {
    const { log, clock } = world
    const partition = await made(log, { stampsTime: true })
    for (const [at, compression] of ([0, 1] as const).entries()) {
      clock.advance(1_000)
      const numbers = { producerId: 7, producerEpoch: 0, baseSequence: 2 * at }
      const batch = batchOf(['a', 'b'], { ...numbers, compression })
      const stampedMs = clock.now()
      const sent = { partition, batch, leaderEpoch: 0 }
      assert.equal(taken(await log.append(sent)).stampedMs, stampedMs)
      clock.advance(1_000)
      assert.equal(taken(await log.append(sent)).duplicate, true)
      const read = (await readAll(log, partition)).at(-1)!
      assert.ok(checkBatch(read.bytes).ok)
      const records = taken(decodeRecords(read.bytes, 0))
      assert.deepEqual(
        records.map(({ timestamp }) => timestamp),
        [stampedMs, stampedMs],
      )
      const found = await log.findTime({ partition, timestamp: stampedMs, committed: false })
      assert.equal(taken(found)?.timestamp, stampedMs)
    }
  })

  check('a batch is copied before the call returns', async ({ log }) => {
    const partition = await made(log)
    const batch = batchOf(['as it was'])
    const answer = append(log, partition, batch)
    batch.fill(0)
    await answer
    assert.deepEqual(await textsIn(log, partition), ['as it was'])
  })

  check('what is read may be written on without harm to the log', async ({ log }) => {
    const partition = await made(log)
    await append(log, partition, ['a'])
    const { bytes } = await readOnce(log, partition, 0)
    bytes.fill(0)
    assert.deepEqual(await textsIn(log, partition), ['a'])
  })

  check('batches that are sent at once lie in the order in which they were sent', async (world) => {
    const { log } = world
    const partition = await made(log)
    const texts = Array.from({ length: 500 }, (_, index) => `${index}`)
    const answers = await Promise.all(texts.map((text) => append(log, partition, [text])))
    assert.deepEqual(
      answers.map(({ first }) => first),
      texts.map(Number),
    )
    assert.deepEqual(await textsIn(log, partition), texts)
  })
}

function refusals(check: Check): void {
  check('a batch that is not whole, or not what its checksum says, is refused', async ({ log }) => {
    const partition = await made(log)
    const batch = batchOf(['a', 'b'])
    const twice = new Uint8Array([...batch, ...batch])
    const flipped = batch.with(70, batch[70]! ^ 1)
    for (const bad of [
      new Uint8Array(),
      batch.subarray(0, 60),
      batch.subarray(0, -1),
      twice,
      flipped,
    ]) {
      assert.equal((await appendRefused(log, partition, bad)).code, 'corrupt_batch')
    }
    assert.equal(log.partition(partition)!.high, 0)
    assert.equal((await append(log, partition, batch)).first, 0)
  })

  check('a batch as large as the partition allows is taken, and no larger one', async ({ log }) => {
    const batch = batchOf(['a'.repeat(1_000)])
    const partition = await made(log, { batchBytesMax: batch.length })
    await append(log, partition, batch)
    const larger = batchOf(['a'.repeat(1_001)])
    const refusal = { code: 'batch_too_large', bytesMax: batch.length }
    assert.deepEqual(await appendRefused(log, partition, larger), refusal)
  })

  check('a batch that no client may send is refused', async ({ log }) => {
    const partition = await made(log)
    const end = { producerId: 1, producerEpoch: 0, coordinatorEpoch: 0, commit: true }
    const thinned = batchOf(['a'], { lastOffsetDelta: 1 })
    const bad = [
      encodeMarker({ ...end, baseOffset: 0, leaderEpoch: 0, timestamp: recordTime }),
      batchOf(['a'], { control: true }),
      batchOf(['a'], { transactional: true }),
      batchOf(['a'], { producerId: 1, producerEpoch: 0, baseSequence: -1 }),
      batchOf(['a'], { producerId: 1, producerEpoch: -1, baseSequence: 0 }),
      batchOf(['a'], { deleteHorizon: true }),
      thinned,
    ]
    for (const batch of bad) {
      assert.equal((await appendRefused(log, partition, batch)).code, 'invalid_record')
    }
    assert.equal(log.partition(partition)!.high, 0)
  })

  check('too much that waits for the disk is refused until it is there', async ({ log, hold }) => {
    const partition = await made(log)
    const release = hold()
    const batch = batchOf(['a'.repeat(60_000)])
    const order = { partition, batch, leaderEpoch: 0 }
    const codes: string[] = []
    const answers: Promise<unknown>[] = []
    // Besides what may wait for the disk, what is on its way there may be held.
    const countMax = 8 + (4 * limits.wireWaitingBytesMax) / batch.length
    while (codes.length === 0 && answers.length < countMax) {
      const answer = log.append(order)
      answers.push(answer.then((result) => result.ok || codes.push(result.refusal.code)))
      if (answers.length * batch.length > limits.wireWaitingBytesMax) await turns()
    }
    assert.deepEqual(codes, ['too_much_waiting'])
    assert.equal(log.partition(partition)!.high, 0)
    release()
    await Promise.all(answers)
    assert.equal(log.partition(partition)!.high, answers.length - 1)
    taken(await log.append(order))
  })
}

function flushes(check: Check): void {
  check('nothing is readable before it is acknowledged, and then it is', async ({ log, hold }) => {
    const partition = await made(log)
    await append(log, partition, ['before'])
    const release = hold()
    let isAcknowledged = false
    const answer = append(log, partition, ['after']).then(() => {
      isAcknowledged = true
      return log.partition(partition)!.high
    })
    const recorded = log.appendRecord({ partition, record: { key: null, value: null } })
    await turns()
    assert.equal(isAcknowledged, false)
    assert.deepEqual(await textsIn(log, partition), ['before'])
    assert.equal(log.partition(partition)!.high, 1)
    const late = { partition, timestamp: recordTime + 1, committed: false }
    assert.equal(taken(await log.findTime(late)), undefined)
    release()
    assert.ok((await answer) >= 2)
    taken(await recorded)
    assert.deepEqual(await textsIn(log, partition), ['before', 'after', ''])
  })

  check('whoever is acknowledged can read it at that moment', async ({ log }) => {
    const partition = await made(log)
    const acknowledge = async (index: number): Promise<void> => {
      const { first } = await append(log, partition, [`${index}`])
      assert.ok(log.partition(partition)!.high > first)
      const { batches } = await readOnce(log, partition, first)
      assert.deepEqual(batches[0]?.texts, [`${index}`])
    }
    await Promise.all(Array.from({ length: 100 }, (_, index) => acknowledge(index)))
  })
}

function ownRecords(check: Check): void {
  const record = (text: string): NewRecord => ({ key: bytesOf('k'), value: bytesOf(text) })
  const appendRecords = (log: World['log'], partition: number, texts: readonly string[]) =>
    Promise.all(
      texts.map(async (text): Promise<Appended> => {
        return taken(await log.appendRecord({ partition, record: record(text) }))
      }),
    )

  check('a record of our own comes back with all that it has', async ({ log, clock }) => {
    const partition = await made(log)
    const headers = [
      { key: 'trace', value: bytesOf('1') },
      { key: 'trace', value: null },
    ]
    const full = { key: bytesOf('k'), value: bytesOf('v'), headers, timestamp: 1_234 }
    taken(await log.appendRecord({ partition, record: full }))
    taken(await log.appendRecord({ partition, record: { key: null, value: null } }))
    const [first, second] = await readAll(log, partition)
    assert.deepEqual(taken(decodeRecords(first!.bytes, 0)), [{ offsetDelta: 0, ...full }])
    const bare = { offsetDelta: 0, timestamp: clock.now(), key: null, value: null, headers: [] }
    assert.deepEqual(taken(decodeRecords(second!.bytes, 0)), [bare])
    assert.equal(second!.header.producerId, -1)
  })

  check('records that wait at once share a batch and keep their order', async ({ log }) => {
    const partition = await made(log)
    const texts = Array.from({ length: 200 }, (_, index) => `${index}`)
    const answers = await appendRecords(log, partition, texts)
    assert.deepEqual(
      answers,
      texts.map((_, index) => ({ first: index, last: index, duplicate: false })),
    )
    const read = await readAll(log, partition, { bytesMax: 1e6 })
    assert.deepEqual(
      read.flatMap((batch) => batch.texts),
      texts.map((text) => `k=${text}`),
    )
    assert.ok(read.length <= 2, `${read.length} batches`)
  })

  check('what waits behind a flush goes together with the next', async ({ log, hold }) => {
    const partition = await made(log)
    const release = hold()
    const first = appendRecords(log, partition, ['first'])
    await turns()
    const rest: Promise<unknown>[] = []
    for (const text of ['a', 'b', 'c']) {
      rest.push(appendRecords(log, partition, [text]))
      await turns()
    }
    release()
    await Promise.all([first, ...rest])
    const read = await readAll(log, partition)
    assert.deepEqual(
      read.map(({ texts }) => texts.join(' ')),
      ['k=first', 'k=a k=b k=c'],
    )
  })

  check('no batch of our own is larger than the partition allows', async ({ log }) => {
    const batchBytesMax = 400
    const partition = await made(log, { batchBytesMax })
    const texts = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(50))
    const answers = await appendRecords(log, partition, texts)
    assert.deepEqual(
      answers.map(({ first }) => first),
      texts.map((_, index) => index),
    )
    const read = await readAll(log, partition)
    assert.ok(read.every(({ bytes }) => bytes.length <= batchBytesMax))
    assert.ok(read.length < texts.length)
    const large = { partition, record: record('a'.repeat(batchBytesMax)) }
    const refusal = { code: 'batch_too_large', bytesMax: batchBytesMax }
    assert.deepEqual(refusalIn(await log.appendRecord(large)), refusal)
  })

  check('records of our own and batches of clients share the offsets', async ({ log }) => {
    const partition = await made(log)
    const offsets: number[] = []
    const note = ({ first, last }: Appended): void => {
      for (let offset = first; offset <= last; offset++) offsets.push(offset)
    }
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        if (index % 3 === 0) note(await append(log, partition, ['a', 'b']))
        else for (const one of await appendRecords(log, partition, ['c'])) note(one)
      }),
    )
    const all = (await readAll(log, partition)).flatMap((batch) => batch.offsets)
    assert.deepEqual(
      all,
      all.map((_, index) => index),
    )
    assert.deepEqual(
      offsets.toSorted((a, b) => a - b),
      all,
    )
  })
}
