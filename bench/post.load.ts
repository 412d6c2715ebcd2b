// The load of the workload `post`, in a process of its own: clients that each post, wait for the
// answer, check it and post again.

import { randomFrom } from '@fermata/testkit/random'
import type { Answer } from '@fermata/contract/routes.schema'
import { timesOf, type Times } from './figures.ts'
import { auditPosts, type Acknowledged, type AuditReport } from './post.audit.ts'
import { chatTexts } from './texts.ts'
import { cpuBetween, cpuTime, type CpuTime } from './usage.ts'
import { mustAsk, Wire } from './wire.ts'
import { asApp, buildWorld, newClientId, type BenchWorld } from './world.ts'

/** Once, before anything else. */
export interface SetUpOrder {
  readonly kind: 'set-up'
  readonly port: number
  readonly pid: number
  readonly apps: number
  readonly conversations: number
  readonly seed: number
}

/** One round of posting. */
export interface RoundOrder {
  readonly kind: 'round'
  readonly clients: number
  readonly warmMs: number
  readonly measuredMs: number
}

/** Reads everything back. */
export interface AuditOrder {
  readonly kind: 'audit'
}

export type PostOrder = SetUpOrder | RoundOrder | AuditOrder

/** What a round gave. */
export interface PostRound {
  readonly seconds: number
  readonly times: Times
  readonly serverCpu: CpuTime
  readonly generatorCpuUs: number
  readonly flushes: number
}

/** What the texts are like. */
export interface TextReport {
  readonly medianBytes: number
  readonly p95Bytes: number
}

export type PostAnswer =
  | { readonly kind: 'ready'; readonly texts: TextReport }
  | { readonly kind: 'round'; readonly round: PostRound }
  | { readonly kind: 'audited'; readonly report: AuditReport }

interface Load {
  readonly port: number
  readonly pid: number
  readonly world: BenchWorld
  readonly texts: readonly string[]
  readonly acknowledged: Map<string, Acknowledged>
}

let load: Load | undefined
let posted = 0

async function setUp(order: SetUpOrder): Promise<PostAnswer> {
  const texts = chatTexts(randomFrom(order.seed), 20_000)
  const world = await buildWorld(order.port, order)
  load = { port: order.port, pid: order.pid, world, texts, acknowledged: new Map() }
  const sizes = texts.map((text) => Buffer.byteLength(text)).toSorted((a, b) => a - b)
  const at = (share: number): number => sizes[Math.floor(share * sizes.length)] ?? 0
  return { kind: 'ready', texts: { medianBytes: at(0.5), p95Bytes: at(0.95) } }
}

/** Posts one message and checks the answer's content. */
async function post({ world, texts, acknowledged }: Load, wire: Wire): Promise<void> {
  const turn = posted++
  const conversation = world.conversations[turn % world.conversations.length]!
  const token = world.tokens[turn % world.tokens.length]!
  const text = texts[turn % texts.length]!
  const client = newClientId()
  const said = (await mustAsk(wire, {
    method: 'POST',
    path: `/v1/conversations/${conversation}/messages`,
    headers: asApp(token),
    body: { client, text },
  })) as Answer<'messages.post'>
  const { message } = said
  if (message.client !== client || message.text !== text)
    throw new Error('another message came back')
  acknowledged.set(client, { conversation, id: message.id, number: message.number, text })
}

async function flushesSoFar(port: number): Promise<number> {
  const wire = await Wire.open(port)
  const { body } = await wire.ask({ method: 'GET', path: '/metrics', headers: {} })
  wire.close()
  return Number(/^\w*flushes_total\S* (\d+)/m.exec(body)?.[1] ?? Number.NaN)
}

async function round(load: Load, { clients, warmMs, measuredMs }: RoundOrder): Promise<PostAnswer> {
  const times: number[] = []
  const phase = { measuring: false, over: false }
  const client = async (): Promise<void> => {
    const wire = await Wire.open(load.port)
    while (!phase.over) {
      const since = performance.now()
      await post(load, wire)
      if (phase.measuring && !phase.over) times.push(performance.now() - since)
    }
    wire.close()
  }
  const running = Promise.all(Array.from({ length: clients }, client))
  const pause = (ms: number) => Promise.race([new Promise((go) => setTimeout(go, ms)), running])
  await pause(warmMs)
  const flushesBefore = await flushesSoFar(load.port)
  const [serverBefore, ownBefore] = [cpuTime(load.pid), process.cpuUsage()]
  const since = performance.now()
  phase.measuring = true
  await pause(measuredMs)
  phase.over = true
  const [serverCpu, own] = [
    cpuBetween(serverBefore, cpuTime(load.pid)),
    process.cpuUsage(ownBefore),
  ]
  const seconds = (performance.now() - since) / 1_000
  const measured = timesOf(times)
  await running
  const flushes = (await flushesSoFar(load.port)) - flushesBefore
  const generatorCpuUs = own.user + own.system
  return { kind: 'round', round: { seconds, times: measured, serverCpu, generatorCpuUs, flushes } }
}

async function audit(load: Load): Promise<PostAnswer> {
  const wire = await Wire.open(load.port)
  const report = await auditPosts(wire, load.world, load.acknowledged)
  wire.close()
  return { kind: 'audited', report }
}

async function obey(order: PostOrder): Promise<PostAnswer> {
  if (order.kind === 'set-up') return setUp(order)
  if (load === undefined) throw new Error('the set-up comes first')
  return order.kind === 'round' ? round(load, order) : audit(load)
}

process.on('message', (order: PostOrder) => {
  obey(order).then(
    (answer) => process.send?.(answer),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
process.on('disconnect', () => process.exit(0))
