import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { systemClock } from '@fermata/base/clock'
import { afterwards } from '@fermata/testkit/afterwards'
import { knob } from '@fermata/testkit/knobs'
import { need } from '@fermata/testkit/needs'
import { AnswerReader, type SentText } from '@fermata/testkit/powercut/answers'
import { drawCuts } from '@fermata/testkit/powercut/cuts'
import { DiskImages, writeDisk } from '@fermata/testkit/powercut/image'
import type { DiskOperation, Recording } from '@fermata/testkit/powercut/operations'
import { isSharedMemory, record } from '@fermata/testkit/powercut/record'
import { RecordingReader } from '@fermata/testkit/powercut/recording'
import { seededRandom, type SeededRandom } from '@fermata/testkit/random'
import { startServer } from '@fermata/testkit/server'
import { pino } from 'pino'
import { parseConfig } from '../config.ts'
import { serve } from '../serve.ts'
import { mustAsk } from './asking.ts'
import { auditFacts, auditFolder, auditTexts } from './audit.ts'
import { followSocket, followStream } from './followers.ts'
import { addressIn, serverCommand, serverVariables } from './program.ts'
import { factsIn, type Fact } from './seen.ts'
import { newClientId, post, setStage, startTalk, type Acknowledged, type Stage } from './talkers.ts'

const strace = need('strace')
const images = knob('FERMATA_POWERCUT_IMAGES', 200)
/** On these images the whole server is started, which takes longer. */
const serversMax = 10
const clients = 8
const posts = 600
const wordsMax = 2_000
const flushDelayMs = 5

/** Something that was shown to somebody, and the line of the recording from which on it counts. */
interface Shown {
  readonly begun: number
  readonly fact: Fact
}

const shownIn = (recording: Recording): Shown[] => {
  const readers = new Map<number, AnswerReader>()
  const texts = recording.sent.flatMap(({ stream, begun, data }): SentText[] => {
    if (stream <= 2) return []
    const reader = readers.get(stream) ?? new AnswerReader()
    readers.set(stream, reader)
    return reader.take(data, begun)
  })
  return texts.flatMap(({ begun, text }) => factsIn({ text }).map((fact) => ({ begun, fact })))
}

/** How often the write-ahead log was begun anew while the server was in use: each follows a checkpoint. */
const logsBegun = ({ operations, sent }: Recording): number => {
  const inUse = sent.find(({ stream }) => stream > 2)?.begun ?? Infinity
  const isLog = ({ change }: DiskOperation) =>
    change.kind === 'name' && change.path === 'people.db-wal'
  const log = operations.find(isLog)?.change
  const file = log?.kind === 'name' ? log.file : undefined
  return operations.filter(
    ({ change, begun }) =>
      begun > inUse && change.kind === 'write' && change.file === file && change.offset === 0,
  ).length
}

/** Readers of everything that others write. */
const look = async (url: string, stage: Stage, random: SeededRandom): Promise<void> => {
  const conversation = random.pick(stage.conversations)
  const as = random.pick([stage.owner, stage.visitor])
  await mustAsk(url, `GET /v1/conversations/${conversation}/messages`, as)
  await mustAsk(url, 'GET /v1/conversations?list=all', as)
  await mustAsk(url, `GET /v1/feed?since=0&limit=50`, stage.owner)
}

/** Starts the server under the recorder. */
const startRecorded = async (t: TestContext, folder: string) => {
  const recorded = record({
    strace: strace.path,
    command: serverCommand(folder),
    env: serverVariables,
    flushDelayMs,
  })
  afterwards(t, () => recorded.signal('SIGKILL'))
  return { recorded, url: await recorded.said(addressIn) }
}

/**
 * Runs the server under the recorder while many write and many look, kills it in the middle of that,
 * starts it again on what is in memory and on disk, lets them look before they write on, and ends it.
 */
const recordServer = async (t: TestContext, folder: string, random: SeededRandom) => {
  const reader = new RecordingReader({ folder, base: new Map(), isVolatile: isSharedMemory })
  const first = await startRecorded(t, folder)
  const stage = await setStage(first.url, { apps: clients, conversations: 5 })
  const followers = [
    followSocket(first.url, stage.owner),
    followSocket(first.url, stage.visitor),
    followStream(first.url, stage.visitor),
  ]
  let where = Promise.resolve(first.url)
  const talk = startTalk(() => where, stage, { random, wordsMax })
  while (talk.acknowledged.length < posts) await look(first.url, stage, random)
  for (const follower of followers) {
    assert.ok(follower.got() > 10, 'those who follow the feed get something')
    follower.close()
  }
  const restarted = Promise.withResolvers<string>()
  where = restarted.promise
  first.recorded.signal('SIGKILL')
  await first.recorded.readInto(reader)

  reader.nextProcess()
  const second = await startRecorded(t, folder)
  for (let i = 0; i < 5; i++) await look(second.url, stage, random)
  restarted.resolve(second.url)
  const before = talk.acknowledged.length
  while (talk.acknowledged.length < before + posts / 4) await look(second.url, stage, random)
  await talk.stop()
  second.recorded.signal('SIGTERM')
  const restartLine = reader.lines
  await second.recorded.readInto(reader)
  return { recording: reader.end(), restartLine, stage, acknowledged: talk.acknowledged }
}

/** Starts the server within this process on what a disk held, and asks what only it can answer. */
const recover = async (folder: string, facts: readonly Fact[], stage: Stage): Promise<void> => {
  const read = parseConfig(
    ['--port', '0', '--kafka-port', 'off', '--data', folder],
    serverVariables,
    '0.0.0',
  )
  assert.ok(read.ok && read.value.kind === 'run')
  const server = await serve(read.value.config, {
    clock: systemClock(),
    random: (bytes) => crypto.getRandomValues(bytes),
    log: pino({ level: 'silent' }),
    version: '0.0.0',
    fatal(error) {
      throw error
    },
  })
  try {
    const secret = facts.find((fact) => fact.kind === 'secret')
    if (secret === undefined) return
    const found = await mustAsk<'inboxes.secret'>(server.url, stage.secretRequest, stage.owner)
    assert.equal(found.secret, secret.text, 'what was sealed can be opened')
  } finally {
    await server.stop()
  }
}

/** Starts the whole server on a disk: repeats answer as the first time, and new posts go on. */
const talkOn = async (folder: string, shown: readonly Fact[], sent: readonly Acknowledged[]) => {
  const server = await startServer({ data: folder })
  try {
    const seen = new Set(shown.flatMap((fact) => (fact.kind === 'message' ? [fact.id] : [])))
    for (const one of sent.filter(({ fact }) => seen.has(fact.id)).slice(-10)) {
      const again = await post(() => Promise.resolve(server.url), one)
      assert.deepEqual(again.fact, one.fact, 'a repeat answers with the first message')
      const client = newClientId()
      await post(() => Promise.resolve(server.url), { ...one, body: { client, text: client } })
    }
  } finally {
    await server.kill('SIGTERM')
  }
}

test(
  `${images} power cuts, and nothing that anybody was shown is taken back`,
  { skip: strace.skip },
  async (t) => {
    const random = seededRandom(t.name)
    const place = realpathSync(mkdtempSync(join(tmpdir(), 'fermata-powercut-')))
    afterwards(t, () => rmSync(place, { recursive: true, force: true }))
    const folder = join(place, 'data')
    mkdirSync(folder)
    const { recording, restartLine, acknowledged, stage } = await recordServer(t, folder, random)
    const shown = shownIn(recording)
    const begun = logsBegun(recording)
    assert.ok(begun >= 2, `more than ${begun} checkpoints are among what is cut off`)
    t.diagnostic(
      `${recording.lines} calls, ${recording.flushes} flushes, ${acknowledged.length} posts, ${shown.length} facts, ${begun} logs`,
    )
    const shownMessages = new Set(
      shown.flatMap(({ fact }) => (fact.kind === 'message' ? [fact.id] : [])),
    )
    assert.ok(acknowledged.every(({ fact }) => shownMessages.has(fact.id)))

    const disks = new DiskImages(recording)
    // What was in memory only when the first server was killed must be on disk before the second tells it.
    const curious = recording.sent
      .map(({ begun }) => begun + 1)
      .filter((line) => line > restartLine)
      .slice(0, 20)
    for (const [index, cut] of drawCuts(recording, random, { count: images, curious }).entries()) {
      const image = join(place, `image-${index}`)
      writeDisk(image, disks.at(cut, random))
      const facts = shown.filter(({ begun }) => begun < cut).map(({ fact }) => fact)
      await t.test(`cut ${index} after ${cut} calls`, async () => {
        await recover(image, facts, stage)
        const world = auditFolder(image)
        auditFacts(world, facts)
        auditTexts(world)
        if (index % Math.ceil(images / serversMax) !== 0) return
        await talkOn(image, facts, acknowledged)
        auditFacts(auditFolder(image), facts)
      })
      rmSync(image, { recursive: true, force: true })
    }
  },
)
