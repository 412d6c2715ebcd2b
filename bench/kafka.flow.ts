import { batchBytesAt, lastOffsetOf, readBatchHeader } from '@fermata/wire/log/batch'
import { decodeRecords, encodeBatch } from '@fermata/wire/log/records'
import { timesOf, type Times } from './figures.ts'
import {
  fetchedFrom,
  fetchFrame,
  KafkaWire,
  makeTopic,
  producedAt,
  produceFrame,
} from './kafka.wire.ts'
import { keepPace } from './pace.ts'
import { cpuBetween, cpuTime } from './usage.ts'

/** The bytes of each record's value. */
export const valueBytes = 1_024

/** Durable produce: so many requests are on their way, each with a batch of so many records. */
export interface ProduceOrder {
  readonly kind: 'produce'
  readonly partitions: number
  readonly inFlight: number
  readonly perBatch: number
  readonly warmMs: number
  readonly measuredMs: number
}

/** How producing went. */
export interface Produced {
  readonly records: number
  readonly seconds: number
  readonly times: Times
  readonly serverUs: number
  readonly wireUs: number
  readonly generatorUs: number
}

/** Producers and as many consumers, each pair with a partition of its own. */
export interface FlowOrder {
  readonly kind: 'flow'
  readonly pairs: number
  readonly inFlight: number
  readonly measuredMs: number
}

/** How much has come through. */
export interface Flowed {
  readonly records: number
  readonly seconds: number
  readonly serverUs: number
}

/** One producer at a steady pace, and one consumer. */
export interface PacedOrder {
  readonly kind: 'paced'
  readonly perSecond: number
  readonly seconds: number
}

/** Writes so much into a partition, and reads all of it. */
export interface CatchUpOrder {
  readonly kind: 'catch-up'
  readonly topic: string
  readonly bytes: number
}

/** How fast it was read. */
export interface CaughtUp {
  readonly bytes: number
  readonly megabytesPerSecond: number
  readonly serverUs: number
  readonly records: number
}

let topics = 0
const newName = (): string => `bench-${(topics += 1)}`

function batchOf(records: number, value = new Uint8Array(valueBytes).fill(120)): Uint8Array {
  const timestamp = Date.now()
  const all = Array.from({ length: records }, () => ({ key: null, value, timestamp, headers: [] }))
  return encodeBatch({ baseOffset: 0, leaderEpoch: -1, records: all })
}

const pause = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms))

/** As many connections as are worth it; the server takes at most 64 requests of one at a time. */
async function connections(port: number, inFlight: number): Promise<KafkaWire[]> {
  const count = Math.min(inFlight, 16)
  return Promise.all(Array.from({ length: count }, () => KafkaWire.open(port)))
}

interface Counted {
  isMeasured: boolean
  isOver: boolean
  records: number
  readonly ms: number[]
}

/** Produces until it is over; each lane waits for its answer. Checks that no offset is given twice or left out. */
async function lanes(
  wires: readonly KafkaWire[],
  {
    topic,
    partitions,
    inFlight,
    perBatch,
  }: { readonly topic: string } & Pick<ProduceOrder, 'partitions' | 'inFlight' | 'perBatch'>,
  counted: Counted,
): Promise<void> {
  const batch = batchOf(perBatch)
  const frames = Array.from({ length: partitions }, (_, at) => produceFrame(topic, at, batch))
  const [sums, ends] = [new Float64Array(partitions), new Float64Array(partitions)]
  let turn = 0
  const lane = async (wire: KafkaWire): Promise<void> => {
    while (!counted.isOver) {
      const at = turn++ % partitions
      const sinceMs = performance.now()
      const base = producedAt(await wire.ask(frames[at]!), topic)
      sums[at]! += perBatch
      ends[at] = Math.max(ends[at]!, base + perBatch)
      if (!counted.isMeasured || counted.isOver) continue
      counted.records += perBatch
      counted.ms.push(performance.now() - sinceMs)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, (_, at) => lane(wires[at % wires.length]!)))
  for (const [at, sum] of sums.entries()) {
    if (ends[at] !== sum) throw new Error(`${sum} records were taken, and the last has ${ends[at]}`)
  }
}

/** The CPU time of the thread that the wire has: the one that has used most besides the main one. */
function wireThread(byThread: Readonly<Record<string, number>>): number {
  return Math.max(
    0,
    ...Object.entries(byThread).flatMap(([name, us]) => (name === 'main' ? [] : [us])),
  )
}

/** Produces for a while. */
export async function produce(port: number, pid: number, order: ProduceOrder): Promise<Produced> {
  const wires = await connections(port, order.inFlight)
  const topic = newName()
  await makeTopic(wires[0]!, topic, order.partitions)
  const counted: Counted = { isMeasured: false, isOver: false, records: 0, ms: [] }
  const running = lanes(wires, { ...order, topic }, counted)
  await Promise.race([pause(order.warmMs), running])
  const [server, own, sinceMs] = [cpuTime(pid), process.cpuUsage(), performance.now()]
  counted.isMeasured = true
  await Promise.race([pause(order.measuredMs), running])
  counted.isOver = true
  const seconds = (performance.now() - sinceMs) / 1_000
  const [used, generator] = [cpuBetween(server, cpuTime(pid)), process.cpuUsage(own)]
  await running
  for (const wire of wires) wire.close()
  return {
    records: counted.records,
    seconds,
    times: timesOf(counted.ms),
    serverUs: used.totalUs,
    wireUs: wireThread(used.byThread),
    generatorUs: generator.user + generator.system,
  }
}

/** Reads on from an offset until told to stop; `hear` gets each answer's batches, once each. */
export async function follow(
  wire: KafkaWire,
  {
    topic,
    partition,
    goesOn,
  }: { readonly topic: string; readonly partition: number; readonly goesOn: () => boolean },
  hear: (bytes: Uint8Array, records: number) => void,
): Promise<void> {
  for (let offset = 0; goesOn();) {
    const bytes = fetchedFrom(await wire.ask(fetchFrame(topic, partition, offset)))
    const from = offset
    for (let at = 0; at < bytes.length; at += batchBytesAt(bytes, at)) {
      const header = readBatchHeader(bytes, at)
      if (header.baseOffset !== offset)
        throw new Error(`${header.baseOffset} comes after ${offset}`)
      offset = lastOffsetOf(header) + 1
    }
    if (offset > from) hear(bytes, offset - from)
  }
}

/** Lets records flow from producers to consumers. */
export async function flow(port: number, pid: number, order: FlowOrder): Promise<Flowed> {
  const { pairs, inFlight, measuredMs } = order
  const topic = newName()
  const readers = await Promise.all(Array.from({ length: pairs }, () => KafkaWire.open(port)))
  const writers = await connections(port, inFlight)
  await makeTopic(writers[0]!, topic, pairs)
  const counted: Counted = { isMeasured: false, isOver: false, records: 0, ms: [] }
  const goesOn = (): boolean => !counted.isOver
  let [came, measured] = [0, 0]
  const reading = readers.map((wire, partition) =>
    follow(wire, { topic, partition, goesOn }, (_, records) => void (came += records)),
  )
  const writing = lanes(writers, { topic, partitions: pairs, inFlight, perBatch: 1 }, counted)
  const running = Promise.all([...reading, writing])
  await Promise.race([pause(measuredMs / 4), running])
  const [server, sinceMs, before] = [cpuTime(pid), performance.now(), came]
  await Promise.race([pause(measuredMs), running])
  measured = came - before
  const seconds = (performance.now() - sinceMs) / 1_000
  const { totalUs: serverUs } = cpuBetween(server, cpuTime(pid))
  counted.isOver = true
  await running
  for (const wire of [...readers, ...writers]) wire.close()
  return { records: measured, seconds, serverUs }
}

/** How long a record takes from when it was due until its consumer has it. */
export async function paced(port: number, order: PacedOrder): Promise<Times> {
  const { perSecond, seconds } = order
  const [reader, writer] = [await KafkaWire.open(port), await KafkaWire.open(port)]
  const topic = newName()
  await makeTopic(writer, topic, 1)
  const all = perSecond * seconds
  const due = new Float64Array(all)
  const ms: number[] = []
  let came = 0
  const reading = follow(reader, { topic, partition: 0, goesOn: () => came < all }, (bytes) => {
    const nowMs = performance.now()
    for (let at = 0; at < bytes.length; at += batchBytesAt(bytes, at)) {
      const records = decodeRecords(bytes, at)
      if (!records.ok) throw new Error('a record cannot be read')
      for (const { value } of records.value) {
        const turn = Buffer.from(value ?? []).readUInt32BE(0)
        if (turn !== came) throw new Error(`${turn} came instead of ${came}`)
        came += 1
        // The first second is for warming up.
        if (turn >= perSecond) ms.push(nowMs - due[turn]!)
      }
    }
  })
  const pacing = keepPace({
    perSecond,
    seconds,
    async act(turn, dueMs) {
      due[turn] = dueMs
      const value = Buffer.alloc(valueBytes)
      value.writeUInt32BE(turn, 0)
      producedAt(await writer.ask(produceFrame(topic, 0, batchOf(1, value))), topic)
    },
  })
  await Promise.all([reading, pacing])
  for (const wire of [reader, writer]) wire.close()
  return timesOf(ms)
}

/** Fills a partition, and reads it from its beginning. */
export async function catchUp(port: number, pid: number, order: CatchUpOrder): Promise<CaughtUp> {
  const { topic, bytes } = order
  const wire = await KafkaWire.open(port)
  await makeTopic(wire, topic, 1)
  const perBatch = 64
  const frame = produceFrame(topic, 0, batchOf(perBatch))
  const batches = Math.ceil(bytes / (perBatch * valueBytes))
  let left = batches
  const lane = async (): Promise<void> => {
    while (left-- > 0) producedAt(await wire.ask(frame), topic)
  }
  await Promise.all(Array.from({ length: 16 }, lane))
  const records = batches * perBatch
  // The segments are written behind the journal's back.
  await pause(1_000)
  const [server, sinceMs] = [cpuTime(pid), performance.now()]
  let [came, got] = [0, 0]
  await follow(wire, { topic, partition: 0, goesOn: () => came < records }, (found, count) => {
    came += count
    got += found.length
  })
  const seconds = (performance.now() - sinceMs) / 1_000
  const { totalUs: serverUs } = cpuBetween(server, cpuTime(pid))
  wire.close()
  return { bytes: got, megabytesPerSecond: got / 1e6 / seconds, serverUs, records }
}

/** Produces single records until it is told to end; answers how many a second there were. */
export async function lanesUntil(
  port: number,
  size: Pick<ProduceOrder, 'partitions' | 'inFlight'>,
): Promise<{ end(): Promise<number> }> {
  const wires = await connections(port, size.inFlight)
  const topic = newName()
  await makeTopic(wires[0]!, topic, size.partitions)
  const counted: Counted = { isMeasured: true, isOver: false, records: 0, ms: [] }
  const sinceMs = performance.now()
  const running = lanes(wires, { ...size, topic, perBatch: 1 }, counted)
  running.catch(() => {})
  return {
    async end() {
      counted.isOver = true
      await running
      for (const wire of wires) wire.close()
      return counted.records / ((performance.now() - sinceMs) / 1_000)
    },
  }
}
