import { basename, dirname, join } from 'node:path'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { flushTimes } from './disk.ts'
import { rounded, type Times } from './figures.ts'
import { filesToSocket, openSink, segmentFiles } from './files.ts'
import {
  valueBytes,
  type CaughtUp,
  type Flowed,
  type Produced,
  type ProduceOrder,
} from './kafka.flow.ts'
import type { KafkaAnswer, KafkaOrder, Target } from './kafka.load.ts'
import type { PeopleTimes } from './kafka.people.ts'
import { rivalTables } from './kafka.rivals.ts'
import { startLoad } from './load.ts'
import { hottest } from './profile.ts'
import type { Aim, Report } from './report.ts'
import { startBenchServer } from './server.ts'
import type { WorkloadOptions } from './workload.ts'

const inFlights = [1, 16, 256]
const partitionCounts = [1, 100, 1_000]
/** Records of a batch, as clients make them that wait a few milliseconds for more. */
const perBatches = [1, 64]
const pairCounts = [1, 16]
const perSecond = 1_000

const flushPolicy =
  'acknowledged (acks=all) after fdatasync of the journal, which all partitions share; the next flush takes whatever came during the last'

type Order = KafkaOrder extends infer One
  ? One extends KafkaOrder
    ? Omit<One, keyof Target>
    : never
  : never
type AnswerOf<Kind extends KafkaAnswer['kind']> = Extract<KafkaAnswer, { kind: Kind }>['found']

type Ask = <Kind extends Order['kind']>(
  order: Extract<Order, { kind: Kind }>,
) => Promise<AnswerOf<Kind>>

interface Line {
  readonly order: ProduceOrder
  readonly found: Produced
}

/** How long things take. */
interface Spans {
  readonly quick: boolean
  readonly warmMs: number
  readonly measuredMs: number
}

/** What Kafka's clients get of the server: how much, how soon, at what cost, and what people feel of it. */
export async function runKafka(options: WorkloadOptions): Promise<Report> {
  const { quick, profile, say } = options
  const spans = { quick, warmMs: quick ? 300 : 1_500, measuredMs: quick ? 700 : 4_000 }
  const home = mkdtempSync(join(tmpdir(), 'fermata-kafka-'))
  const profiles = join(home, 'profiles')
  const node = profile ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`, '--enable-source-maps'] : []
  const disk = flushTimes()
  const server = await startBenchServer({ data: join(home, 'data'), node })
  const load = startLoad<KafkaOrder, KafkaAnswer>('./kafka.load.ts')
  const target = { port: server.port, kafkaPort: server.kafkaPort, pid: server.pid }
  const ask: Ask = async <Kind extends Order['kind']>(order: Extract<Order, { kind: Kind }>) => {
    const answer = await load.ask({ ...target, ...order })
    if (answer.kind !== order.kind) throw new Error(`${answer.kind} was answered`)
    return answer.found as AnswerOf<Kind>
  }
  try {
    // First, because gigabytes that a disk has not written yet are no part of a steady pace.
    say(`${perSecond} records a second …`)
    const paced = await ask<'paced'>({ kind: 'paced', perSecond, seconds: quick ? 3 : 20 })
    const lines = await produceLines(ask, spans, say)
    const others = await furtherTables(ask, spans, join(home, 'data'), say)
    await load.stop()
    await server.stop()
    if (profile) say(hottest(profiles))
    const ours = { taken: oursOf(lines), through: others.through }
    const rivals = options.rivals ? await rivalTables(inFlights, spans, ours, say) : []
    const { quick: _, ...times } = spans
    return {
      workload: 'kafka',
      settings: { valueBytes, ...times, flush: flushPolicy, ...disk },
      rows: lines.map(({ order, found }) => producedRow(order, found)),
      further: [[{ 'records/s': perSecond, ...pacedColumns(paced) }], ...others.tables, ...rivals],
      aims: aimsOf(paced.p99Ms, others.ofBare),
      checked: ['no offset was given twice or left out; consumers saw every offset once, in order'],
    }
  } finally {
    await load.stop()
    await server.stop()
    rmSync(home, { recursive: true, force: true })
  }
}

/** Records a second of single records on one partition, by how many are in flight. */
function oursOf(lines: readonly Line[]): ReadonlyMap<number, number> {
  return new Map(
    lines
      .filter(({ order }) => order.partitions === 1 && order.perBatch === 1)
      .map(({ order, found }) => [order.inFlight, found.records / found.seconds]),
  )
}

async function produceLines(
  ask: Ask,
  { warmMs, measuredMs }: Spans,
  say: (text: string) => void,
): Promise<Line[]> {
  const lines: Line[] = []
  for (const partitions of partitionCounts) {
    for (const perBatch of perBatches) {
      for (const inFlight of inFlights) {
        say(`${partitions} partitions, ${inFlight} in flight, ${perBatch} records a batch …`)
        const kind = 'produce'
        const order = { kind, partitions, perBatch, inFlight, warmMs, measuredMs } as const
        lines.push({ order, found: await ask<'produce'>(order) })
      }
    }
  }
  return lines
}

/** From end to end, what lies behind, and people beside it. */
async function furtherTables(
  ask: Ask,
  { quick, measuredMs }: Spans,
  data: string,
  say: (text: string) => void,
): Promise<{
  readonly tables: Report['rows'][]
  readonly ofBare: number
  readonly through: number
}> {
  const flows: { pairs: number; found: Flowed }[] = []
  for (const pairs of pairCounts) {
    say(`${pairs} producers, ${pairs} consumers …`)
    const order = { kind: 'flow', pairs, inFlight: 256, measuredMs } as const
    flows.push({ pairs, found: await ask<'flow'>(order) })
  }
  say('catching up …')
  const bytes = (quick ? 100 : 1_000) * 2 ** 20
  const caughtUp = await ask<'catch-up'>({ kind: 'catch-up', topic: 'behind', bytes })
  const bare = await bareCopy(data)
  say('people at work …')
  const people = await ask<'people'>({ kind: 'people', seconds: quick ? 5 : 30 })
  const peopleRows = (['quiet', 'busy'] as const).map((wire) => peopleRow(wire, people[wire]))
  return {
    tables: [flows.map(flowedRow), [caughtUpRow(caughtUp, bare)], peopleRows],
    ofBare: caughtUp.megabytesPerSecond / bare,
    through: flows[0]!.found.records / flows[0]!.found.seconds,
  }
}

function pacedColumns({ p50Ms, p99Ms, maxMs }: Times): Report['rows'][0] {
  return { 'p50 ms from due': p50Ms, 'p99 ms from due': p99Ms, 'max ms': maxMs }
}

function caughtUpRow(caughtUp: CaughtUp, bare: number): Report['rows'][0] {
  const { bytes, megabytesPerSecond, serverUs, records } = caughtUp
  return {
    'MB behind': rounded(bytes / 1e6),
    'caught up MB/s': rounded(megabytesPerSecond),
    'bare files to a socket MB/s': rounded(bare),
    'of bare %': rounded((100 * megabytesPerSecond) / bare),
    'server µs/record': rounded(serverUs / records),
  }
}

function peopleRow(wire: string, { posts, pages, recordsPerSecond }: PeopleTimes) {
  return {
    wire,
    'records/s into it': rounded(recordsPerSecond),
    'post p50 ms': posts.p50Ms,
    'post p99 ms': posts.p99Ms,
    'page p50 ms': pages.p50Ms,
    'page p99 ms': pages.p99Ms,
  }
}

function aimsOf(p99Ms: number, ofBare: number): Aim[] {
  return [
    {
      what: `p99 from due to consumer at ${perSecond} records a second`,
      aim: 5,
      measured: p99Ms,
      unit: 'ms',
      atLeast: false,
    },
    {
      what: 'caught up, of a bare copy',
      aim: 70,
      measured: rounded(100 * ofBare),
      unit: '%',
      atLeast: true,
    },
  ]
}

/** How fast the segments of the newest topic go into a socket without a broker, in megabytes a second. */
async function bareCopy(folder: string): Promise<number> {
  const sink = await openSink()
  const files = segmentFiles(folder)
  const numberOf = (file: string): number => Number.parseInt(basename(dirname(file)), 10)
  const newest = Math.max(...files.map(({ file }) => numberOf(file)))
  const sinceMs = performance.now()
  const bytes = await filesToSocket(
    files.filter(({ file }) => numberOf(file) === newest),
    sink.port,
  )
  const megabytesPerSecond = bytes / 1_000 / (performance.now() - sinceMs)
  sink.close()
  return megabytesPerSecond
}

function producedRow(order: ProduceOrder, found: Produced): Report['rows'][0] {
  const { records, seconds, times, serverUs, wireUs, generatorUs } = found
  return {
    partitions: order.partitions,
    'in flight': order.inFlight,
    'records/batch': order.perBatch,
    'records/s': rounded(records / seconds),
    'p50 ms': times.p50Ms,
    'p99 ms': times.p99Ms,
    'server µs/record': rounded(serverUs / records),
    'of it one thread': rounded(wireUs / records),
    'server cores': rounded(serverUs / seconds / 1e6),
    'generator cores': rounded(generatorUs / seconds / 1e6),
  }
}

function flowedRow({ pairs, found }: { readonly pairs: number; readonly found: Flowed }) {
  const { records, seconds, serverUs } = found
  return {
    'producers × consumers': `${pairs} × ${pairs}`,
    'records/s through': rounded(records / seconds),
    'server µs/record': rounded(serverUs / records),
    'server cores': rounded(serverUs / seconds / 1e6),
  }
}
