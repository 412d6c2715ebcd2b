import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryBroker, workspace, type BrokerWorld } from '../broker.world.ts'

// Members that are heard of and do not do their part.

const group = 'readers'
const rebalanceMs = 30_000

const join = async ({ broker }: BrokerWorld, member = '') => {
  const answer = await broker.joinGroup({
    ...{ workspace, group, member, instance: null, protocolType: 'consumer' },
    ...{ clientId: 'client', clientHost: '/127.0.0.1', sessionMs: 10_000, rebalanceMs },
    protocols: [{ name: 'range', metadata: new Uint8Array() }],
    ...{ needsId: false, maySkip: false },
  })
  assert.ok(answer.ok)
  return answer.value
}

type Member = Pick<Awaited<ReturnType<typeof join>>, 'member' | 'generation'>

const refOf = ({ member, generation }: Member) => ({
  ...{ workspace, group, member, generation, instance: null },
})

const sync = async (
  { broker }: BrokerWorld,
  member: Member,
  assignments: readonly string[] = [],
) => {
  const answer = await broker.syncGroup({
    ...refOf(member),
    ...{ protocolType: null, protocol: null },
    assignments: assignments.map((id) => ({ member: id, assignment: Buffer.from('part') })),
  })
  return answer.ok ? Buffer.from(answer.value.assignment).toString() : answer.refusal.code
}

const beat = async ({ broker }: BrokerWorld, member: Member) => {
  const answer = await broker.heartbeat(refOf(member))
  return answer.ok ? 'ok' : answer.refusal.code
}

/** Three who have joined the same generation, the leader first. */
const three = async (world: BrokerWorld) => {
  const first = await join(world)
  await sync(world, first)
  const others = [join(world), join(world)]
  return Promise.all([join(world, first.member), ...others])
}

const ids = (members: readonly { readonly member: string }[]): string[] =>
  members.map(({ member }) => member)

/** A rebalance's time passes, in which all of them are heard of. */
const pass = async (world: BrokerWorld, members: readonly Member[]): Promise<void> => {
  for (let ms = 0; ms < rebalanceMs; ms += 5_000) {
    for (const member of members) await beat(world, member)
    world.clock.advance(5_000)
  }
}

void test('one that is heard of and never asks what it is to read does not keep it from the others', async () => {
  const world = await memoryBroker()
  const all = await three(world)
  const [leader, follower, silent] = all
  const waits = sync(world, follower!)
  assert.equal(await sync(world, leader, ids(all)), 'part')
  assert.equal(await waits, 'part')
  await pass(world, all)
  assert.equal(await beat(world, silent!), 'unknown_member')
  assert.equal(await beat(world, follower!), 'rebalance_in_progress')
  const next = await Promise.all([join(world, leader.member), join(world, follower!.member)])
  assert.deepEqual(ids(next[0].members), ids(next))
})

void test('where all have asked, nobody goes when the time is over', async () => {
  const world = await memoryBroker()
  const all = await three(world)
  const waits = all.slice(1).map((member) => sync(world, member))
  await sync(world, all[0], ids(all))
  await Promise.all(waits)
  await pass(world, all)
  await pass(world, all)
  assert.deepEqual(await Promise.all(all.map((member) => beat(world, member))), ['ok', 'ok', 'ok'])
})

void test('while the leader’s word is on its way to a slow disk, whoever waits for it stays', async () => {
  const world = await memoryBroker()
  const all = await three(world)
  // The silent one stands before the patient one.
  const [leader, silent, patient] = all
  const release = world.hold()
  const waits = sync(world, patient!)
  const led = sync(world, leader, ids(all))
  await pass(world, [silent!])
  release()
  await Promise.all([waits, led])
  assert.notEqual(await beat(world, patient!), 'unknown_member')
  assert.notEqual(await beat(world, leader), 'unknown_member')
  assert.equal(await beat(world, silent!), 'unknown_member')
})
