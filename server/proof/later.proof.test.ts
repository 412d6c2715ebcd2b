import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'node:test'
import { systemClock } from '@fermata/base/clock'
import type { MessageView } from '@fermata/contract/conversations.schema'
import type { ScheduledView } from '@fermata/contract/drafts.schema'
import { afterwards } from '@fermata/testkit/afterwards'
import { seededRandom } from '@fermata/testkit/random'
import { startServer } from '@fermata/testkit/server'
import { mustAsk, type Credentials } from './asking.ts'
import { FeedReader, newClientId, setStage } from './talkers.ts'

const conversations = 40
const perConversation = 6
const rounds = 8
const clock = systemClock()
const moment = (ms: number) => new Promise<void>((go) => clock.after(ms, go))

interface Scheduled {
  readonly view: ScheduledView
  readonly as: Credentials
  /** The last number when it was scheduled. */
  readonly since: number
}

/** Everything that was said in a conversation. */
async function saidIn(url: string, as: Credentials, id: string): Promise<readonly MessageView[]> {
  const path = `GET /v1/conversations/${id}/messages?limit=100`
  return (await mustAsk<'messages.list'>(url, path, as)).messages
}

test(
  `${conversations * perConversation} messages fall due while the server is killed ${rounds} times and its clock is set`,
  { timeout: 300_000 },
  async (t) => {
    const random = seededRandom(t.name)
    const stepping = fileURLToPath(new URL('../../testkit/stepping.ts', import.meta.url))
    const folder = mkdtempSync(join(tmpdir(), 'fermata-clock-'))
    afterwards(t, () => rmSync(folder, { recursive: true, force: true }))
    const offset = join(folder, 'offset')
    let offsetMs = 0
    const step = (ms: number): void => writeFileSync(offset, String((offsetMs += ms)))
    step(0)
    const server = await startServer({
      node: ['--import', stepping],
      env: { STEPPING_CLOCK: offset },
    })
    afterwards(t, () => server.close())
    const stage = await setStage(server.url, { apps: 3, conversations })
    const { url } = server
    const reader = new FeedReader(stage.owner)
    const scheduled: Scheduled[] = []
    const all = [stage.owner, ...stage.apps]

    /** Schedules some messages for one and the same moment, so that the kill finds a row of them. */
    const schedule = async (id: string, at: number): Promise<void> => {
      const { length } = await saidIn(url, stage.owner, id)
      for (let i = 0; i < perConversation; i++) {
        const as = random.pick(all)
        const unless = random.chance(0.5) ? 'answered' : null
        const body = { client: newClientId(), text: `later ${i}`, when: { at }, unless }
        const path = `POST /v1/conversations/${id}/scheduled`
        const { scheduled: view } = await mustAsk<'scheduled.add'>(url, path, as, body)
        scheduled.push({ view, as, since: length })
      }
    }
    const answer = async (id: string): Promise<void> => {
      const body = { client: newClientId(), text: 'Here is an answer.' }
      const path = `POST /v1/conversations/${id}/messages`
      // One that the kill takes along may or may not have been said.
      await mustAsk(url, path, stage.visitor, body).catch(() => undefined)
    }
    const left = [...stage.conversations]
    for (let round = 0; round < rounds; round++) {
      const some = left.splice(0, conversations / rounds)
      const due = clock.now() + 3_000
      await Promise.all(some.map((id) => schedule(id, due + offsetMs)))
      await answer(some[0]!)
      await moment(due - clock.now() - 5)
      const answering = answer(some[1]!)
      await moment(random.below(40))
      await server.kill()
      step(random.pick([-4_000, -1_000, 2_000, 5_000]))
      await server.restart()
      await answering
      await reader.readOn(url)
    }
    // Whatever the clock was set to, all of it is due by now.
    step(60_000)
    await server.restart()
    await audit(url, { scheduled, owner: stage.owner, reader, t })
  },
)

/** Waits until nothing waits any more. */
async function settled(url: string, senders: readonly Credentials[]): Promise<ScheduledView[]> {
  for (let looks = 0; looks < 300; looks++) {
    const lists = await Promise.all(
      senders.map((as) => mustAsk<'drafts.list'>(url, 'GET /v1/drafts', as)),
    )
    const all = lists.flatMap((list) => list.scheduled)
    if (all.every(({ state }) => state !== 'waiting')) return all
    await moment(100)
  }
  return assert.fail('some still wait')
}

interface Audited {
  readonly scheduled: readonly Scheduled[]
  readonly owner: Credentials
  readonly reader: FeedReader
  readonly t: { diagnostic(text: string): void }
}

/** Each was said exactly once, or was held back because they had answered; and never both. */
async function audit(url: string, { scheduled, owner, reader, t }: Audited): Promise<void> {
  const senders = [...new Set(scheduled.map(({ as }) => as))]
  const stopped = new Map((await settled(url, senders)).map((view) => [view.id, view]))
  await reader.readOn(url)
  const posted = reader.events.filter(({ type }) => type === 'message.posted')
  const told = posted.map(({ body }) => ('message' in body ? body.message : ''))
  assert.equal(new Set(told).size, told.length, 'each message is told once')
  let held = 0
  for (const { view, since } of scheduled) {
    const messages = await saidIn(url, owner, view.conversation)
    const said = messages.filter(({ client }) => client === view.client)
    const answers = messages.filter(
      ({ author, number }) => author.kind === 'contact' && number > since,
    )
    const kept = stopped.get(view.id)
    assert.equal(said.length + (kept === undefined ? 0 : 1), 1, `${view.id} is said or kept, once`)
    if (kept !== undefined) {
      held += 1
      assert.deepEqual([kept.stopped?.why, view.unless], ['answered', 'answered'])
      assert.equal(kept.text, view.text, 'its text is not lost')
      assert.ok(answers.length > 0, 'they had answered')
    } else if (view.unless === 'answered') {
      const before = answers.filter(({ number }) => number < said[0]!.number)
      assert.deepEqual(before, [], 'nobody had answered before it was said')
    }
    if (said[0] !== undefined) assert.ok(told.includes(said[0].id), 'the feed tells it')
  }
  t.diagnostic(`${scheduled.length - held} were said, ${held} were held back`)
  assert.ok(held > 0 && held < scheduled.length / 2)
}
