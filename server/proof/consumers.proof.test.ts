import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { knob } from '@fermata/testkit/knobs'
import { afterwards } from '@fermata/testkit/afterwards'
import { need } from '@fermata/testkit/needs'
import { startPostgres } from '@fermata/testkit/postgres'
import { seededRandom } from '@fermata/testkit/random'
import { owner, startServer } from '@fermata/testkit/server'
import { bearer, mustAsk, signIn, type Credentials } from './asking.ts'
import { consume, mustAskOn, pause, type Consumer, type Work } from './consumers.ts'
import { fillDesk, password, type FilledDesk } from './consumers.fill.ts'
import type { Whereabouts } from './talkers.ts'

const conversations = knob('FERMATA_CONSUMED', 5_000)
const kills = 6
const apps = 25
const members = 25
/** Members who hold on for hours, and are deactivated while they do. */
const leavers = 5
const leaseMs = 1_500

async function consumersOf(url: string, desk: FilledDesk, t: TestContext): Promise<Consumer[]> {
  const random = seededRandom(t.name)
  const made: Consumer[] = desk.apps.map((token) => ({ as: bearer(token), leaseMs, random }))
  for (const [index, { email }] of desk.members.entries()) {
    const isLeaver = index < leavers
    const as = await signIn(url, { email, password })
    made.push({ as, leaseMs: isLeaver ? 3_600_000 : leaseMs, random })
  }
  return made
}

/** Every conversation was answered once, by whoever held it then, and nobody was given what they passed. */
async function audit(where: Whereabouts, desk: FilledDesk, work: Work): Promise<void> {
  const eyes: Credentials[] = desk.apps.map(bearer)
  const look = async (id: string, as: Credentials): Promise<void> => {
    const path = `GET /v1/conversations/${id}`
    const { messages } = await mustAskOn<'messages.list'>(where, `${path}/messages`, as)
    const answers = messages.filter(({ author }) => author.kind !== 'contact')
    assert.equal(answers.length, 1, `${id} has one answer`)
    const client = answers[0]!.client
    const isKnown = work.answered.get(id) === client || work.inDoubt.has(client)
    assert.ok(isKnown, `the answer of ${id} is the one that was acknowledged`)
    const { holdings } = await mustAskOn<'leases.list'>(where, `${path}/leases`, as)
    const inOrder = holdings.toReversed()
    const passed = new Set<string>()
    for (const [index, { token, holder, began, ended }] of inOrder.entries()) {
      assert.equal(token, index + 1, 'tokens are dense')
      const before = inOrder[index - 1]?.ended?.at ?? 0
      assert.ok(before <= began.at, 'nobody holds it before the last one has let it go')
      assert.ok(!passed.has(holder.id), 'nobody is given what they passed')
      if (ended?.why === 'passed') passed.add(holder.id)
      const isLast = index === inOrder.length - 1
      assert.equal(ended?.why === 'answered', isLast, 'only the last one answered')
      if (isLast) assert.equal(answers[0]?.author.id, holder.id, 'whoever held it answered it')
    }
  }
  const left = [...desk.conversations]
  const looking = eyes.map(async (as) => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) await look(id, as)
  })
  await Promise.all(looking)
}

async function proof(t: TestContext, databaseUrl?: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-consumers-'))
  afterwards(t, () => rmSync(folder, { recursive: true, force: true }))
  const place = databaseUrl === undefined ? { folder } : { folder, databaseUrl }
  const desk = await fillDesk(place, { conversations, apps, members })
  const env = databaseUrl === undefined ? {} : { FERMATA_DATABASE_URL: databaseUrl }
  const server = await startServer({ data: folder, env })
  afterwards(t, async () => {
    const faults = server
      .logs()
      .split('\n')
      .filter((line) => line.includes('"level":50'))
    for (const fault of faults.slice(0, 5)) t.diagnostic(fault)
    await server.close()
  })
  const random = seededRandom(`${t.name}: when`)
  let up = Promise.resolve(server.url)
  afterwards(t, () => {
    up = Promise.reject(new Error('the test is over'))
    up.catch(() => undefined)
  })
  const where: Whereabouts = () => up
  const work: Work = {
    inbox: desk.inbox,
    answered: new Map(),
    inDoubt: new Set(),
    counts: { stalled: 0, overtaken: 0, passed: 0, forgotten: 0 },
    isOver: false,
  }
  const asOwner = await signIn(server.url, owner)
  const consumers = await consumersOf(server.url, desk, t)
  assert.equal(consumers.length, 50)
  const working = Promise.all(consumers.map((one) => consume(where, one, work)))
  working.catch(() => undefined)

  const failed = working.then(() => assert.fail('nobody stops before the work is done'))
  failed.catch(() => undefined)
  const through = (share: number): Promise<void> =>
    Promise.race([reached(work, Math.floor(conversations * share)), failed])
  for (let kill = 0; kill < kills; kill++) {
    await through((kill + 1) / (kills + 2))
    const leaver = desk.members[kill]
    if (leaver !== undefined && kill < leavers) {
      await mustAsk(server.url, `PUT /v1/members/${leaver.id}/deactivation`, asOwner)
    }
    await pause(random.below(200))
    const restarted = Promise.withResolvers<string>()
    up = restarted.promise
    await server.restart()
    restarted.resolve(server.url)
  }
  await Promise.race([emptied(where, asOwner), failed])
  work.isOver = true
  await working
  t.diagnostic(JSON.stringify(work.counts))
  assert.ok(Math.min(work.counts.stalled, work.counts.passed, work.counts.forgotten) > 0)
  await audit(where, desk, work)
}

/** Waits until nobody waits for an answer any more; fails when that does not come. */
async function emptied(where: Whereabouts, asOwner: Credentials): Promise<void> {
  const list = `GET /v1/conversations?list=ours&limit=100`
  for (let looks = 0; looks < 600; looks++) {
    const { rows } = await mustAskOn<'conversations.list'>(where, list, asOwner)
    if (rows.length === 0) return
    await pause(100)
  }
  assert.fail('some have been forgotten')
}

/** Waits until so many are answered; fails when nothing comes any more. */
async function reached({ answered }: Work, count: number): Promise<void> {
  let before = answered.size
  for (let quiet = 0; answered.size < count; quiet = answered.size > before ? 0 : quiet + 1) {
    assert.ok(quiet < 300, `${answered.size} of ${count} are answered, and no more are`)
    before = answered.size
    await pause(100)
  }
}

const title = `fifty consumers answer ${conversations} conversations once each, over ${kills} kills`
const timeout = 15 * 60_000

test(`${title} (SQLite)`, { timeout }, (t) => proof(t))

const postgresql = need('postgresql')

test(`${title} (PostgreSQL)`, { timeout, skip: postgresql.skip }, async (t) => {
  const postgres = await startPostgres(postgresql.path)
  afterwards(t, () => postgres.stop())
  await proof(t, postgres.url('postgres'))
})
