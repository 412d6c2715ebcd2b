import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '@fermata/base/clock'
import { programEnvironment } from '@fermata/testkit/environment'
import { knob } from '@fermata/testkit/knobs'
import { seededRandom } from '@fermata/testkit/random'
import { auditLog } from './audit.ts'
import { withLog } from './opened.world.ts'
import { programCommand, type ProgramOrder } from './program.ts'
import { learn, noFacts, saidIn, unfinishedIn, type Said } from './said.ts'

const rounds = knob('FERMATA_CRASH_ROUNDS', 20)
const plain = 40
const clock = systemClock()

/** A moment amid what goes on. */
const moment = (ms: number) => new Promise<void>((go) => clock.after(ms, go))

/** Runs the program and kills it a moment after it has said so many lines; answers all that it said. */
const runAndKill = async (
  order: ProgramOrder,
  { lines, ms }: { readonly lines: number; readonly ms: number },
): Promise<Said[]> => {
  const [program = '', ...args] = programCommand(order)
  const child = spawn(program, args, {
    env: programEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const chunks: Buffer[] = []
  const underWay = Promise.withResolvers<void>()
  let heard = 0
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    heard += chunk.filter((byte) => byte === 10).length
    if (heard >= lines) underWay.resolve()
  })
  const closed = once(child, 'close')
  await Promise.race([underWay.promise, closed])
  await Promise.race([moment(ms), closed])
  child.kill('SIGKILL')
  await closed
  assert.equal(child.signalCode, 'SIGKILL', `the program has ended by itself: ${child.exitCode}`)
  return saidIn(Buffer.concat(chunks).toString())
}

test(
  `a log on ${plain} partitions and more is killed ${rounds} times, and nothing is lost or doubled`,
  { timeout: rounds * 20_000 + 60_000 },
  async (t) => {
    const random = seededRandom(t.name)
    const place = mkdtempSync(join(tmpdir(), 'fermata-crash-'))
    t.after(() => rmSync(place, { recursive: true, force: true }))
    const folder = join(place, 'data')
    const unfinished = join(place, 'unfinished.json')
    mkdirSync(folder)
    const facts = noFacts()
    let [inFlight, repeated] = [0, 0]
    for (let round = 0; round < rounds; round++) {
      const left = unfinishedIn(facts)
      repeated += left.sendings.length
      writeFileSync(unfinished, JSON.stringify(left))
      const order = { folder, seed: random.seed + round, plain, batches: 0, unfinished }
      // Those left over are sent again first, one by one; the load needs to be under way after them.
      const lines = 2 * left.sendings.length + 100 + random.below(2_000)
      const when = { lines, ms: random.below(50) }
      for (const said of await runAndKill(order, when)) learn(facts, said)
      for (const { first } of facts.sendings.values()) if (first === undefined) inFlight += 1

      // On a copy, so that the next round begins with what the kill has left, and not with what an audit has.
      const copy = join(place, `copy-${round}`)
      await cp(folder, copy, { recursive: true })
      await assert.doesNotReject(
        withLog(copy, (log) => auditLog(log, facts)),
        `round ${round}`,
      )
      await rm(copy, { recursive: true })
    }
    t.diagnostic(
      `${facts.sendings.size} batches, ${facts.ends.size} transactions, ${facts.partitions.size} partitions, ${inFlight} in flight, ${repeated} repeated`,
    )
    assert.ok(facts.sendings.size > rounds * plain, 'the load was under way in every round')
    assert.ok(repeated > rounds, 'clients were in the middle of something')
  },
)
