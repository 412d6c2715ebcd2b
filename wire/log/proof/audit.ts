import assert from 'node:assert/strict'
import { bytesEqual } from '@fermata/base/bytes'
import { lastOffsetOf } from '../batch.ts'
import { batchesIn, committedTexts, readAll, taken, type ReadBatch } from '../contract.world.ts'
import { readMarker } from '../marker.ts'
import type { LogStore, PartitionInfo } from '../store.ts'
import {
  batchFor,
  noteText,
  purposeOf,
  retentionBytes,
  segmentBytes,
  type Sending,
} from './batches.ts'
import { known, type Facts, type KnownSending } from './said.ts'

/** What was found of a log. */
interface Found {
  /** Where each batch begins, by its number; of compacted partitions, none. */
  readonly sendings: Map<number, number>
  readonly notes: Map<number, number>
  /** By the end's number, where its markers lie, by partition. */
  readonly markers: Map<number, Map<number, Set<number>>>
}

/**
 * Holds everything that a log holds against what was said: what was answered is there, once, where it was said,
 * byte for byte; nothing is there that nobody sent; a transaction has ended on all its partitions or on none;
 * no partition has a gap.
 */
export async function auditLog(log: LogStore, facts: Facts): Promise<void> {
  const found: Found = { sendings: new Map(), notes: new Map(), markers: new Map() }
  // What retention and compaction were about to do, they do before anybody looks.
  await log.idle()
  const infos = log.partitions()
  for (const { name } of infos) assert.ok(facts.names.has(name), `nobody made ${name}`)
  for (const [partition, { name, isDeleting, isDeleted }] of facts.partitions) {
    const info = infos.find((one) => one.partition === partition)
    if (isDeleted) assert.equal(info, undefined, `${name} was deleted`)
    if (info === undefined) assert.ok(isDeleting, `${name} is gone`)
    else await auditPartition(log, facts, info, found)
  }
  for (const [number, { partition, offset }] of facts.notes) {
    const info = log.partition(partition)
    if (offset === undefined || info === undefined || offset < info.start) continue
    assert.equal(found.notes.get(number), offset, `the note ${number} is where it was said to be`)
  }
  auditEnds(log, facts, found)
  await repeat(log, facts, found)
}

async function auditPartition(
  log: LogStore,
  facts: Facts,
  info: PartitionInfo,
  found: Found,
): Promise<void> {
  const { partition, name } = info
  assert.deepEqual(info.gaps, [], `the gaps of ${name}`)
  auditStart(log, facts, info)
  const batches = await readAll(log, partition, { bytesMax: 64 * 1024 })
  if (purposeOf(name) === 'keyed') return auditCompacted(facts, info, batches)
  let next = info.start
  for (const batch of batches) {
    const { header } = batch
    const isNext = next === info.start ? header.baseOffset <= next : header.baseOffset === next
    assert.ok(isNext, `${name} has no batch at ${next}`)
    next = lastOffsetOf(header) + 1
    if (header.control) noteMarker(facts, info, batch, found)
    else auditBatch(facts, info, batch, found)
  }
  assert.equal(next, info.high, `${name} can be read to its end`)
  for (const { number, partition: where, first } of facts.sendings.values()) {
    if (where !== partition || first === undefined || first < info.start) continue
    assert.equal(
      found.sendings.get(number),
      first,
      `the batch ${number} is in ${name}, where it was`,
    )
  }
  if (purposeOf(name) === 'ledger') await auditCommitted(log, info, batches)
}

/** The start is where somebody, or retention, may have moved it. */
function auditStart(log: LogStore, facts: Facts, info: PartitionInfo): void {
  const { partition, name, start, bytes } = info
  const purpose = purposeOf(name)
  if (purpose === 'short') {
    const isAllowed = start === 0 || bytes + segmentBytes > retentionBytes
    assert.ok(isAllowed, `${name} keeps what it must: ${bytes} bytes are left behind ${start}`)
    return
  }
  const { min, max } = facts.starts.get(partition) ?? { min: 0, max: 0 }
  assert.ok(start >= min && start <= max, `${name} starts at ${start}, not in ${min} to ${max}`)
  const moved = facts.cursors.get(partition)
  if (moved === undefined) return
  const cursor = log.cursors(partition).get('reader') ?? 0
  assert.ok(cursor >= moved.min && cursor <= moved.max, `the cursor of ${name} is at ${cursor}`)
}

function auditBatch(facts: Facts, info: PartitionInfo, batch: ReadBatch, found: Found): void {
  const { header, texts, bytes, offsets } = batch
  if (texts[0]?.startsWith('note') === true) {
    for (const [index, text] of texts.entries()) {
      const number = Number(/^note(\d+):/.exec(text)?.[1])
      assert.equal(text, noteText(number))
      assert.equal(known(facts.notes, number).partition, info.partition)
      assert.ok(!found.notes.has(number), `the note ${number} is there once`)
      found.notes.set(number, offsets[index] ?? -1)
    }
    return
  }
  const sending = sendingOf(facts, texts[0] ?? '')
  assert.equal(
    sending.partition,
    info.partition,
    `the batch ${sending.number} is where it was sent`,
  )
  const sent = sentOf(sending).bytes
  const isSame =
    bytesEqual(sent.subarray(8, 12), bytes.subarray(8, 12)) &&
    bytesEqual(sent.subarray(16), bytes.subarray(16))
  assert.ok(isSame, `the batch ${sending.number} is what was sent`)
  assert.ok(!found.sendings.has(sending.number), `the batch ${sending.number} is there once`)
  found.sendings.set(sending.number, header.baseOffset)
}

function sendingOf(facts: Facts, text: string): KnownSending {
  return known(facts.sendings, Number(/^(?:key\d+=)?(\d+)\.\d+:/.exec(text)?.[1]))
}

function noteMarker(facts: Facts, info: PartitionInfo, batch: ReadBatch, found: Found): void {
  const marker = readMarker(batch.bytes, 0)
  assert.ok(marker !== undefined)
  const end = known(facts.ends, marker.coordinatorEpoch)
  assert.equal(marker.commit, end.commit)
  assert.equal(batch.header.producerId, end.producer)
  assert.ok(
    end.partitions.includes(info.partition),
    `the end ${end.end} has to do with ${info.name}`,
  )
  const places = found.markers.get(end.end) ?? new Map<number, Set<number>>()
  found.markers.set(end.end, places)
  const offsets = places.get(info.partition) ?? new Set()
  places.set(info.partition, offsets.add(batch.header.baseOffset))
}

/** A transaction has ended everywhere or nowhere, and where that was answered, everywhere. */
function auditEnds(log: LogStore, facts: Facts, found: Found): void {
  for (const { end, partitions, markers } of facts.ends.values()) {
    const places = found.markers.get(end)
    for (const { partition, offset } of markers ?? []) {
      const isThere = places?.get(partition)?.has(offset) === true
      assert.ok(isThere, `the end ${end} is at ${offset} of ${log.partition(partition)?.name}`)
    }
    if (places !== undefined)
      assert.equal(places.size, partitions.length, `the end ${end} is whole`)
  }
}

/** Whoever reads what is committed gets what was committed, up to the first transaction that is open. */
async function auditCommitted(
  log: LogStore,
  info: PartitionInfo,
  batches: readonly ReadBatch[],
): Promise<void> {
  const open = new Map<number, ReadBatch[]>()
  const aborted = new Set<ReadBatch>()
  for (const batch of batches) {
    const { control, producerId, transactional } = batch.header
    if (control) {
      const isAbort = readMarker(batch.bytes, 0)?.commit === false
      for (const one of isAbort ? (open.get(producerId) ?? []) : []) aborted.add(one)
      open.delete(producerId)
    } else if (transactional) open.set(producerId, [...(open.get(producerId) ?? []), batch])
  }
  const firsts = [...open.values()].map(([first]) => first?.header.baseOffset ?? 0)
  const stable = Math.min(info.high, ...firsts)
  assert.equal(info.stable, stable, `the stable offset of ${info.name}`)
  const wanted = batches.filter((batch) => batch.header.baseOffset < stable && !aborted.has(batch))
  const texts = await committedTexts(log, info.partition, 64 * 1024)
  assert.deepEqual(
    texts,
    wanted.flatMap((batch) => batch.texts),
    `what is committed in ${info.name}`,
  )
}

/** Every record that is left is where it was, and of each key the newest one that was answered, or one behind it. */
function auditCompacted(facts: Facts, info: PartitionInfo, batches: readonly ReadBatch[]): void {
  const newest = new Map<string, number>()
  for (const { texts, offsets } of batches) {
    for (const [index, text] of texts.entries()) {
      const sending = sendingOf(facts, text)
      const place = textsOf(sending).indexOf(text)
      assert.ok(place !== -1, `a record of the batch ${sending.number} is what was sent`)
      const offset = offsets[index] ?? -1
      if (sending.first !== undefined) assert.equal(offset, sending.first + place)
      newest.set(text.split('=')[0] ?? '', offset)
    }
  }
  for (const sending of facts.sendings.values()) {
    if (sending.partition !== info.partition || sending.first === undefined) continue
    for (const [place, text] of textsOf(sending).entries()) {
      const [key = ''] = text.split('=')
      const isThere: boolean = (newest.get(key) ?? -1) >= sending.first + place
      assert.ok(isThere, `${key} of the batch ${sending.number} is there, or a newer one`)
    }
  }
}

function textsOf(sending: Sending): readonly string[] {
  return sentOf(sending).texts
}

interface Sent {
  readonly bytes: Uint8Array
  readonly texts: readonly string[]
}

/** Batches of what was sent, which is the same object in all audits of one workload. */
const sents = new WeakMap<Sending, Sent>()

function sentOf(sending: Sending): Sent {
  const known = sents.get(sending)
  if (known !== undefined) return known
  const bytes = batchFor(sending)
  const sent = { bytes, texts: batchesIn(bytes)[0]?.texts ?? [] }
  sents.set(sending, sent)
  return sent
}

/** What the newest batches of every producer are answered that are sent again: where they are. Then, that it goes on. */
async function repeat(log: LogStore, facts: Facts, found: Found): Promise<void> {
  const byProducer = new Map<string, Sending[]>()
  for (const number of found.sendings.keys()) {
    const sending = known(facts.sendings, number)
    if (sending.producer === -1) continue
    const key = `${sending.producer} ${sending.partition}`
    byProducer.set(key, [...(byProducer.get(key) ?? []), sending])
  }
  const again = [...byProducer.values()].flatMap((sendings) => sendings.slice(-5))
  const answers = again.map(async (sending) => {
    const { partition, number } = sending
    const appended = taken(
      await log.append({ partition, batch: sentOf(sending).bytes, leaderEpoch: 4 }),
    )
    assert.ok(appended.duplicate, `the batch ${number} is known`)
    assert.equal(appended.first, found.sendings.get(number), `where the batch ${number} is`)
  })
  await Promise.all(answers)
  for (const { partition, high } of log.partitions()) {
    const sending = { number: 1, partition, producer: -1, sequence: -1, isTransactional: false }
    const batch = batchFor({ ...sending, isKeyed: true })
    const { first } = taken(await log.append({ partition, batch, leaderEpoch: 4 }))
    assert.equal(first, high, 'what is new goes to the end')
  }
}
