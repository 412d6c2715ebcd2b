import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { systemClock } from '@fermata/base/clock'
import { afterwards } from '@fermata/testkit/afterwards'
import { programEnvironment } from '@fermata/testkit/environment'
import { knob } from '@fermata/testkit/knobs'
import { seededRandom } from '@fermata/testkit/random'
import { until } from '@fermata/testkit/until'
import { auditBroker } from './audit.world.ts'
import {
  kafkajsOf,
  kafkajsProducer,
  partitionsOf,
  platformaticProducer,
  reader,
  transactor,
  type Stage,
} from './clients.world.ts'
import { copyFacts, noFacts, notePlace } from './facts.ts'

const rounds = knob('FERMATA_CRASH_ROUNDS', 4)
const clock = systemClock()
const program = fileURLToPath(new URL('./broker.program.world.ts', import.meta.url))

/** A moment within a round. */
const moment = (ms: number) => new Promise<void>((go) => clock.after(ms, go))

/** Starts the broker and waits until clients may come. */
async function start(folder: string, port: number): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [program, folder, String(port)], {
    env: programEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close').then(() => [Buffer.from('it ended by itself')] as const)
  const [said] = await Promise.race([once(child.stdout, 'data') as Promise<[Buffer]>, ended])
  const found = /^ready (\d+)\n$/.exec(said.toString())?.[1]
  assert.ok(found !== undefined, said.toString())
  return { child, port: Number(found) }
}

async function kill(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close')
  child.kill('SIGKILL')
  await closed
  assert.equal(child.signalCode, 'SIGKILL', `the broker has ended by itself: ${child.exitCode}`)
}

async function makeTopics(address: string): Promise<void> {
  const admin = kafkajsOf(address).admin()
  await admin.connect()
  const topics = Object.entries(partitionsOf).map(([topic, numPartitions]) => ({
    topic,
    numPartitions,
  }))
  await admin.createTopics({ topics })
  await admin.disconnect()
}

test(
  `a broker is killed ${rounds} times under its clients: nothing is lost, doubled or moved, and all of them go on`,
  { timeout: rounds * 20_000 + 60_000 },
  async (t) => {
    const random = seededRandom(t.name)
    const place = mkdtempSync(join(tmpdir(), 'fermata-broker-crash-'))
    afterwards(t, () => rmSync(place, { recursive: true, force: true }))
    const folder = join(place, 'data')
    mkdirSync(folder)
    const first = await start(folder, 0)
    const { port } = first
    let { child } = first
    afterwards(t, async () => {
      if (child.exitCode === null && child.signalCode === null) await kill(child)
    })
    const address = `127.0.0.1:${port}`
    await makeTopics(address)

    const facts = noFacts()
    let [texts, isOver] = [0, false]
    const newText = (): string => `text ${(texts += 1)}`
    afterwards(t, () => (isOver = true))
    const stage: Stage = { address, facts, random, newText, goesOn: () => !isOver }
    const leave = await Promise.all([reader(stage), reader(stage), reader(stage)])
    const clients = Promise.all([
      kafkajsProducer(stage),
      kafkajsProducer(stage),
      platformaticProducer(stage),
      transactor(stage, 'shop'),
      transactor(stage, 'bank'),
    ])
    clients.catch(() => {})

    let inFlight = 0
    for (let round = 0; round < rounds; round++) {
      const before = facts.read.size
      // Whatever fails among the clients is told at once.
      const goesOn = until(`the group reads on in round ${round}`, () => facts.read.size > before)
      await Promise.race([goesOn, clients])
      await moment(200 + random.below(800))
      await kill(child)
      const then = copyFacts(facts)
      for (const at of then.sent.values()) if (at === undefined) inFlight += 1
      const copy = join(place, `copy-${round}`)
      await cp(folder, copy, { recursive: true })
      ;({ child } = await start(folder, port))
      await auditBroker(copy, then)
      for (const [where, text] of then.places) notePlace(facts, where, text)
      await rm(copy, { recursive: true })
    }

    isOver = true
    await clients
    await until('the group has read all', () =>
      [...facts.sent.keys()].every((text) => facts.read.has(text)),
    )
    for (const go of leave) await go()
    await kill(child)
    await auditBroker(folder, facts, true)
    const transactions = [...facts.transactions.values()].flat()
    const committed = transactions.filter(({ outcome }) => outcome === 'committed').length
    t.diagnostic(
      `${facts.sent.size} texts, ${inFlight} in flight; ${transactions.length} transactions, ${committed} committed`,
    )
    assert.ok(inFlight > 0, 'producers were in the middle of something')
    assert.ok(committed > rounds, 'transactions were committed')
  },
)
