import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { until } from '@fermata/testkit/until'
import { openKafka, type KafkaWorld } from '../kafka.world.ts'
import { drive, type Driven, type Kind } from './driven.world.ts'

// What every client can do here, in one and the same script for all of them.

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => String(from + at))

const sorted = (values: Iterable<string>): string[] =>
  [...values].toSorted((a, b) => Number(a) - Number(b))

interface Stage {
  readonly world: KafkaWorld
  /** Starts another client; all of them go with the test. */
  readonly start: () => Driven
}

async function stage(t: TestContext, kind: Kind, partitionsDefault = 1): Promise<Stage> {
  const world = await openKafka(t, { partitionsDefault })
  const start = (): Driven => {
    const one = drive(kind, world.address)
    world.atEnd(async () => one.kill())
    return one
  }
  return { world, start }
}

/** Declares the claims for one client. */
export function claimsOf(kind: Kind, skip: string | false): void {
  const claim = (title: string, run: (t: TestContext) => Promise<void>): void =>
    void test(`${kind.name} ${title}`, { skip }, run)

  claim('gets back what it sends in, by every compression, idempotent or not', (t) =>
    compressions(t, kind),
  )
  claim('reads in a group of three, of which one leaves and one is killed, and resumes', (t) =>
    groupOfThree(t, kind),
  )
  claim('reads from a time on', (t) => fromTime(t, kind))
  claim('commits, aborts, is fenced, and leaves nothing where it dies in the middle', (t) =>
    transactions(t, kind),
  )
  claim('makes, shows and removes', (t) => administration(t, kind))
}

async function compressions(t: TestContext, kind: Kind): Promise<void> {
  const { start, world } = await stage(t, kind)
  const client = start()
  await client.create('orders', 1)
  const expected: string[] = []
  for (const [at, compression] of kind.compressions.entries()) {
    for (const idempotent of [false, true]) {
      const values = numbers(expected.length, expected.length + 40)
      await client.send({ topic: 'orders', values, compression, idempotent })
      expected.push(...values)
      assert.equal(expected.length, 40 * (2 * at + (idempotent ? 2 : 1)))
    }
  }
  await client.read('readers', 'orders')
  await until('all is read', () => client.seen.length >= expected.length)
  assert.deepEqual(client.seen, expected)
  assert.deepEqual(world.ends, [])
}

async function groupOfThree(t: TestContext, kind: Kind): Promise<void> {
  const { start } = await stage(t, kind, 6)
  const [first, second, third] = [start(), start(), start()]
  const sharing = (...shares: readonly number[]) => {
    const having = [first, second, third].map((one) => one.has())
    return shares.every((share, at) => having[at] === share)
  }
  await first.create('orders', 6)
  await Promise.all([first, second, third].map((one) => one.read('readers', 'orders')))
  await until('all three share', () => sharing(2, 2, 2))
  const all = () => new Set([...first.seen, ...second.seen, ...third.seen])
  await first.send({ topic: 'orders', values: numbers(0, 120) })
  await until('all is read', () => all().size >= 120)
  for (const { seen } of [first, second, third]) assert.ok(seen.length > 0)
  await second.leave()
  third.kill()
  await until('the one that is left has all', () => first.has() === 6)
  await first.send({ topic: 'orders', values: numbers(120, 240) })
  await until('the rest is read', () => all().size >= 240)
  assert.deepEqual(sorted(all()), numbers(0, 240))
  await first.leave()
  const late = start()
  await late.read('readers', 'orders')
  await late.send({ topic: 'orders', values: ['240'] })
  await until('the new one is read', () => late.seen.includes('240'))
  assert.deepEqual(late.seen, ['240'])
}

async function fromTime(t: TestContext, kind: Kind): Promise<void> {
  const { start, world } = await stage(t, kind)
  const client = start()
  await client.create('orders', 1)
  await client.send({ topic: 'orders', values: ['0', '1'] })
  const question = { kind: 'newest_time' } as const
  const partitions = [{ topic: 'orders', index: 0, question, leaderEpoch: -1 }]
  const [newest] = await world.broker.findOffsets({
    workspace: 'one',
    committed: false,
    partitions,
  })
  assert.ok(newest?.ok)
  const timeMs = newest.timestamp + 1
  await client.send({ topic: 'orders', values: ['2', '3'] })
  assert.deepEqual(await client.since('orders', timeMs, 2), ['2', '3'])
}

async function transactions(t: TestContext, kind: Kind): Promise<void> {
  const { start, world } = await stage(t, kind)
  const [reader, old, crashed] = [start(), start(), start()]
  await reader.create('orders', 1)
  await reader.read('readers', 'orders')
  await old.begin('shop')
  await old.put('orders', ['aborted'])
  await old.abort()
  await old.begin('shop')
  await old.put('orders', ['0', '1'])
  if (kind.sendsOffsets) {
    await old.offset('others', 'orders', 7)
    // Clients that ask for stable offsets would wait for the transaction's end.
    const partitions = [{ topic: 'orders', index: 0 }]
    const asked = { workspace: 'one', group: 'others', partitions }
    const [found] = await world.broker.committedOffsets(asked)
    assert.deepEqual([found?.offset, found?.isUnstable], [-1, true])
  }
  await old.commit()
  if (kind.sendsOffsets) assert.equal(await reader.committed('others', 'orders'), 7)
  await until('the committed are seen', () => reader.seen.length >= 2)
  await old.begin('shop')
  await old.put('orders', ['fenced'])
  const fresh = start()
  await fresh.begin('shop')
  await assert.rejects(old.commit(), /fenced|epoch|newer|mapping/i)
  await fresh.put('orders', ['2'])
  await fresh.commit()
  await crashed.begin('till')
  await crashed.put('orders', ['crashed'])
  crashed.kill()
  const heir = start()
  await heir.begin('till')
  await heir.put('orders', ['3'])
  await heir.commit()
  await until('the last is seen', () => reader.seen.includes('3'))
  assert.deepEqual(reader.seen, numbers(0, 4))
}

async function administration(t: TestContext, kind: Kind): Promise<void> {
  const { start, world } = await stage(t, kind)
  const client = start()
  await client.create('orders', 3)
  const topics = [{ name: 'orders' }]
  const [made] = await world.broker.describeTopics({ workspace: 'one', topics, create: false })
  assert.equal(made?.ok && made.partitions, 3)
  assert.deepEqual(await client.topics(), ['orders'])
  assert.equal(await client.setting('orders', 'retention.ms'), '604800000')
  assert.equal(await client.setting('orders', 'cleanup.policy'), 'delete')
  await client.send({ topic: 'orders', values: ['0'] })
  await client.read('readers', 'orders')
  await until('it is read', () => client.seen.length > 0)
  assert.deepEqual(await client.groups(), ['readers'])
  await client.leave()
  await client.remove('orders')
  assert.deepEqual(await client.topics(), [])
}
