import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '@fermata/base/clock'
import { knob } from '@fermata/testkit/knobs'
import { seededRandom } from '@fermata/testkit/random'
import { startServer } from '@fermata/testkit/server'
import { auditFacts, auditFolder, auditTexts } from './audit.ts'
import { post, FeedReader, setStage, startTalk } from './talkers.ts'

const rounds = knob('FERMATA_CRASH_ROUNDS', 20)
const clients = 16
const clock = systemClock()

/** A moment within a round; the load needs a while to be under way. */
const moment = (ms: number) => new Promise<void>((go) => clock.after(ms, go))

test(
  `${clients} clients post while the server is killed ${rounds} times, and nothing is lost or doubled`,
  { timeout: rounds * 20_000 + 60_000 },
  async (t) => {
    const random = seededRandom(t.name)
    const server = await startServer()
    t.after(() => server.close())
    const stage = await setStage(server.url, { apps: clients, conversations: 5 })
    let up = Promise.resolve(server.url)
    // The clients would knock for ever at the door of a server that does not come back.
    t.after(() => {
      up = Promise.reject(new Error('the test is over'))
      up.catch(() => undefined)
    })
    const talk = startTalk(() => up, stage, { random, wordsMax: 400 })
    const reader = new FeedReader(stage.owner)

    for (let round = 0; round < rounds; round++) {
      await moment(100 + random.below(600))
      const restarted = Promise.withResolvers<string>()
      up = restarted.promise
      await server.restart()
      restarted.resolve(server.url)
      await reader.readOn(server.url)
    }
    await moment(300)
    await talk.stop()
    t.diagnostic(`${talk.acknowledged.length} messages were acknowledged`)
    assert.ok(talk.acknowledged.length > rounds * clients, 'the load was under way in every round')

    for (const sent of random.shuffled(talk.acknowledged).slice(0, 200)) {
      const again = await post(() => up, sent)
      assert.deepEqual(again.fact, sent.fact, 'a repeat answers with the first message')
    }
    await reader.readOn(server.url)
    await server.kill('SIGTERM')

    const world = auditFolder(server.data)
    auditTexts(world)
    auditFacts(
      world,
      talk.acknowledged.map(({ fact }) => fact),
    )
    assert.equal(world.messages.size, talk.acknowledged.length + stage.conversations.length)
    assert.deepEqual(
      reader.events.map(({ position, type }) => [position, type]),
      [...world.events].map(([position, { type }]) => [position, type]),
      'whoever follows the feed gets every event once, in order',
    )
  },
)
