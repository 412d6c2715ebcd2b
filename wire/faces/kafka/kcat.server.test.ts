import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { until } from '@fermata/testkit/until'
import { kcat, runKcat as run } from '@fermata/testkit/kcat'
import { openKafka, type KafkaWorld } from './kafka.world.ts'

// The first thing that a newcomer tries.

async function consume(address: string, topic: string, ...args: string[]): Promise<string[]> {
  const format = ['-f', '%k=%s\\n', '-q', '-e']
  const outcome = await run(address, ['-C', '-t', topic, '-o', 'beginning', ...format, ...args])
  assert.equal(outcome.code, 0, outcome.errors)
  return outcome.lines.toSorted()
}

void test('kcat shows what there is', { skip: kcat.skip }, async (t) => {
  const { address } = await openKafka(t)
  const empty = await run(address, ['-L'])
  assert.equal(empty.code, 0, empty.errors)
  assert.ok(empty.lines.some((line) => line.includes(`broker 1 at ${address} (controller)`)))
  assert.ok(empty.lines.includes(' 0 topics:'))
  await run(address, ['-P', '-t', 'orders'], 'one\n')
  const full = await run(address, ['-L'])
  assert.ok(full.lines.includes('  topic "orders" with 1 partitions:'))
})

void test(
  'what kcat sends in, by whatever compression, kcat gets out',
  { skip: kcat.skip },
  async (t) => {
    const world = await openKafka(t, { partitionsDefault: 3 })
    const input = Array.from({ length: 500 }, (_, at) => `key${at}=value${at}`)
    for (const compression of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
      const args = ['-P', '-t', compression, '-K=', '-X', `compression.codec=${compression}`]
      const sent = await run(world.address, args, `${input.join('\n')}\n`)
      assert.equal(sent.code, 0, sent.errors)
      assert.deepEqual(await consume(world.address, compression), input.toSorted(), compression)
    }
    const { address } = await world.reopen()
    assert.deepEqual(await consume(address, 'zstd'), input.toSorted())
    assert.deepEqual(world.ends, [])
  },
)

void test('kcat finds records by their time', { skip: kcat.skip }, async (t) => {
  const { address, broker } = await openKafka(t)
  await run(address, ['-P', '-t', 'orders', '-K='], 'a=1\nb=2\n')
  const partitions = [
    { topic: 'orders', index: 0, question: { kind: 'newest_time' } as const, leaderEpoch: -1 },
  ]
  const [newest] = await broker.findOffsets({ workspace: 'one', committed: false, partitions })
  assert.ok(newest?.ok)
  await run(address, ['-P', '-t', 'orders', '-K='], 'c=3\n')
  const asked = await run(address, ['-Q', '-t', `orders:0:${newest.timestamp + 1}`])
  assert.deepEqual(asked.lines, ['orders [0] offset 2'])
  const read = await consume(address, 'orders', '-o', `s@${newest.timestamp + 1}`)
  assert.deepEqual(read, ['c=3'])
})

void test('kcat is told what a topic does not take', { skip: kcat.skip }, async (t) => {
  const { address, broker } = await openKafka(t)
  const settings = [{ name: 'max.message.bytes', value: '1000' }]
  const topics = [{ name: 'small', settings }]
  await broker.createTopics({ workspace: 'one', topics, validateOnly: false })
  const sent = await run(address, ['-P', '-t', 'small'], `${'x'.repeat(2000)}\n`)
  assert.match(sent.errors, /Message size too large/)
  const strange = await run(address, ['-P', '-t', 'a b'], 'x\n')
  assert.match(strange.errors, /Invalid topic/)
})

/** One that reads with a group until it is sent away; gives what it has read. */
function member({ address, atEnd }: KafkaWorld, group: string, topic: string) {
  const settings = [
    'session.timeout.ms=6000',
    'heartbeat.interval.ms=200',
    'auto.offset.reset=earliest',
  ]
  const times = settings.flatMap((one) => ['-X', one])
  const args = ['-b', address, '-G', group, '-u', '-q', '-f', '%s\\n', ...times, topic]
  const child = spawn(kcat.path, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  atEnd(async () => child.kill('SIGKILL'))
  const seen: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => void seen.push(line))
  return { seen, end: (signal: NodeJS.Signals) => child.kill(signal) }
}

void test(
  'three of kcat share a topic, and one has all when the others are gone',
  { skip: kcat.skip },
  async (t) => {
    const world = await openKafka(t, { partitionsDefault: 6 })
    const input = (from: number, to: number): string[] =>
      Array.from({ length: to - from }, (_, at) => String(from + at))
    const send = (values: readonly string[]) =>
      run(
        world.address,
        ['-P', '-t', 'orders', '-X', 'partitioner=random'],
        `${values.join('\n')}\n`,
      )
    await run(world.address, ['-L', '-t', 'orders'])
    const members = [0, 1, 2].map(() => member(world, 'readers', 'orders'))
    const shares = async () => {
      const order = { workspace: 'one', groups: ['readers'] }
      const [group] = await world.broker.describeGroups(order)
      return group?.state === 'Stable' ? group.members.length : 0
    }
    await until('all three share', async () => (await shares()) === 3)
    await send(input(0, 60))
    const all = () => new Set(members.flatMap(({ seen }) => seen))
    await until('all is read', () => all().size >= 60)
    members[1]!.end('SIGTERM')
    members[2]!.end('SIGKILL')
    await until('one is left', async () => (await shares()) === 1)
    await send(input(60, 120))
    await until('the rest is read', () => all().size >= 120)
    assert.deepEqual(
      [...all()].toSorted((a, b) => Number(a) - Number(b)),
      input(0, 120),
    )
  },
)
