import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { bytesOf } from '../../log/contract.world.ts'
import { memoryBroker, onBothLogs, workspace, type BrokerWorld } from '../broker.world.ts'
import type { CommitOrder, Joined, JoinOrder, JoinRefusal, MemberRef } from './port.ts'
import type { Result } from '@fermata/base/result'

const group = 'readers'
const topic = 'orders'

type JoinAnswer = Result<Joined, JoinRefusal>

const join = (
  { broker }: BrokerWorld,
  changes: Partial<JoinOrder> & { readonly says?: Readonly<Record<string, string>> } = {},
): Promise<JoinAnswer> => {
  const { says = { range: '' }, ...rest } = changes
  return broker.joinGroup({
    workspace,
    group,
    member: '',
    instance: null,
    clientId: 'client',
    clientHost: '/127.0.0.1',
    sessionMs: 10_000,
    rebalanceMs: 30_000,
    protocolType: 'consumer',
    protocols: Object.entries(says).map(([name, text]) => ({ name, metadata: bytesOf(text) })),
    needsId: false,
    maySkip: false,
    ...rest,
  })
}

const taken = async <T, R>(answer: Promise<Result<T, R>>): Promise<T> => {
  const result = await answer
  assert.ok(result.ok, JSON.stringify(result))
  return result.value
}

const codeOf = async (answer: Promise<Result<unknown, { readonly code: string }>>) => {
  const result = await answer
  return result.ok ? 'ok' : result.refusal.code
}

const sync = async (
  { broker }: BrokerWorld,
  { member, generation }: Joined,
  assignments: Readonly<Record<string, string>> = {},
  changes: { readonly protocol?: string; readonly instance?: string } = {},
) => {
  const answer = await broker.syncGroup({
    workspace,
    group,
    member,
    instance: changes.instance ?? null,
    generation,
    protocolType: null,
    protocol: changes.protocol ?? null,
    assignments: Object.entries(assignments).map(([id, text]) => ({
      member: id,
      assignment: bytesOf(text),
    })),
  })
  return answer.ok ? new TextDecoder().decode(answer.value.assignment) : answer.refusal.code
}

const beat = (
  { broker }: BrokerWorld,
  { member, generation }: Pick<Joined, 'member' | 'generation'>,
  instance: string | null = null,
) => codeOf(broker.heartbeat({ workspace, group, member, instance, generation }))

const stateOf = async ({ broker }: BrokerWorld) => {
  const [view] = await broker.describeGroups({ workspace, groups: [group] })
  return `${view?.state}/${view?.members.length}`
}

const leave = async ({ broker }: BrokerWorld, ...members: MemberRef[]) => {
  const answers = await broker.leaveGroup({ workspace, group, members })
  return answers.map(({ refusal }) => refusal?.code)
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A group of two that reads, the first of them its leader. */
const pair = async (world: BrokerWorld): Promise<[Joined, Joined]> => {
  const first = await taken(join(world))
  assert.equal(await sync(world, first, { [first.member]: 'all' }), 'all')
  const second = join(world)
  const again = await taken(join(world, { member: first.member }))
  const other = await taken(second)
  const parts = { [again.member]: 'left', [other.member]: 'right' }
  const follower = sync(world, other)
  assert.equal(await sync(world, again, parts), 'left')
  assert.equal(await follower, 'right')
  return [again, other]
}

onBothLogs('a group forms, divides, and goes on after a new start where it was', async (world) => {
  const [first, second] = await pair(world)
  assert.equal(first.leader, first.member)
  assert.deepEqual(
    [first.members.length, second.members.length, first.generation, second.generation],
    [2, 0, 2, 2],
  )
  assert.equal(await stateOf(world), 'Stable/2')
  const after = await world.reopen()
  assert.equal(await stateOf(after), 'Stable/2')
  assert.equal(await beat(after, first), 'ok')
  assert.equal(await sync(after, second), 'right')
})

void test('the first who joins does not wait for others', async () => {
  const world = await memoryBroker()
  const joined = await taken(join(world))
  assert.equal(joined.generation, 1)
  assert.equal(world.clock.monotonic(), 0)
})

void test('a member without an id is to come again with the one it is given', async () => {
  const world = await memoryBroker()
  const sent = await join(world, { needsId: true })
  assert.ok(!sent.ok)
  assert.equal(sent.refusal.code, 'member_id_required')
  const member = sent.refusal.member ?? ''
  assert.match(member, /^client-/)
  const joined = await taken(join(world, { needsId: true, member }))
  assert.equal(joined.member, member)
  assert.equal(await codeOf(join(world, { needsId: true, member: 'stranger' })), 'unknown_member')
  // One that never comes keeps nobody waiting for longer than a session.
  await sync(world, joined, {})
  assert.equal(await codeOf(join(world, { needsId: true })), 'member_id_required')
  const again = join(world, { member })
  await turn()
  assert.equal(await stateOf(world), 'PreparingRebalance/1')
  world.clock.advance(10_000)
  assert.equal((await taken(again)).generation, 2)
})

void test('a member that is not heard of is gone after its session, and the others go on', async () => {
  const world = await memoryBroker()
  const [first, second] = await pair(world)
  world.clock.advance(9_000)
  assert.equal(await beat(world, first), 'ok')
  world.clock.advance(1_000)
  assert.equal(await stateOf(world), 'PreparingRebalance/1')
  assert.equal(await beat(world, first), 'rebalance_in_progress')
  assert.equal(await beat(world, second), 'unknown_member')
  const alone = await taken(join(world, { member: first.member }))
  assert.equal(alone.members.length, 1)
  // Heard of while it waits for nothing; a session without a word ends it and the group is empty.
  await sync(world, alone, {})
  world.clock.advance(10_000)
  await turn()
  assert.equal(await stateOf(world), 'Empty/0')
})

void test('those who do not join in time are left behind', async () => {
  const world = await memoryBroker()
  const [first, second] = await pair(world)
  const joining = join(world, { member: first.member, says: { range: 'new' } })
  for (let ms = 0; ms < 30_000; ms += 5_000) {
    // It is alive, and does not join.
    assert.equal(await beat(world, second), 'rebalance_in_progress')
    world.clock.advance(5_000)
  }
  const joined = await taken(joining)
  assert.deepEqual(
    joined.members.map(({ member }) => member),
    [first.member],
  )
  assert.equal(await beat(world, second), 'unknown_member')
})

void test('a leader that never says who reads what is left behind too', async () => {
  const world = await memoryBroker()
  const [first, second] = await pair(world)
  const both = [
    join(world, { member: first.member, says: { range: 'x' } }),
    join(world, { member: second.member, says: { range: 'x' } }),
  ]
  const [leader, follower] = await Promise.all(both.map((one) => taken(one)))
  const waiting = sync(world, follower!)
  for (let ms = 0; ms < 30_000; ms += 5_000) {
    await beat(world, leader!)
    world.clock.advance(5_000)
  }
  assert.equal(await waiting, 'rebalance_in_progress')
  const alone = await taken(join(world, { member: second.member }))
  assert.equal(alone.leader, second.member)
})

void test('a rebalance takes back the wait for an assignment', async () => {
  const world = await memoryBroker()
  const first = await taken(join(world))
  const second = join(world)
  const again = await taken(join(world, { member: first.member }))
  const waiting = sync(world, await taken(second))
  const third = join(world)
  assert.equal(await waiting, 'rebalance_in_progress')
  assert.equal(await sync(world, again, {}), 'rebalance_in_progress')
  void third
  world.broker.close()
  assert.equal(await codeOf(third), 'ended')
})

void test('a member that leaves is gone at once', async () => {
  const world = await memoryBroker()
  const [first, second] = await pair(world)
  assert.deepEqual(await leave(world, { member: second.member, instance: null }), [undefined])
  assert.equal(await stateOf(world), 'PreparingRebalance/1')
  assert.deepEqual(await leave(world, { member: 'nobody', instance: null }), ['unknown_member'])
  assert.deepEqual(await leave(world, { member: first.member, instance: null }), [undefined])
  await turn()
  assert.equal(await stateOf(world), 'Empty/0')
})

void test('who speaks for another generation is told so', async () => {
  const world = await memoryBroker()
  const [first] = await pair(world)
  assert.equal(await beat(world, { ...first, generation: 1 }), 'illegal_generation')
  assert.equal(await sync(world, { ...first, generation: 3 }), 'illegal_generation')
  assert.equal(await sync(world, { ...first, member: 'x' }), 'unknown_member')
  assert.equal(await sync(world, first, {}, { protocol: 'other' }), 'inconsistent_protocol')
})

void test('the protocol is one that all know, and that most like best', async () => {
  const world = await memoryBroker()
  const first = await taken(join(world, { says: { sticky: 'a', range: 'b' } }))
  assert.equal(first.protocol, 'sticky')
  assert.equal(await codeOf(join(world, { says: { strange: '' } })), 'inconsistent_protocol')
  assert.equal(await codeOf(join(world, { protocolType: 'connect' })), 'inconsistent_protocol')
  const second = join(world, { says: { range: 'c', sticky: 'd' } })
  const third = join(world, { says: { range: 'e' } })
  const again = await taken(join(world, { member: first.member, says: { sticky: '', range: 'f' } }))
  await Promise.all([taken(second), taken(third)])
  assert.equal(again.protocol, 'range')
  const said = again.members.map(({ metadata }) => new TextDecoder().decode(metadata))
  assert.deepEqual(said, ['f', 'c', 'e'])
})

onBothLogs(
  'one with a name of its own may start anew without disturbing anybody',
  async (world) => {
    const join1 = (changes: Partial<JoinOrder> = {}) =>
      join(world, { instance: 'one', needsId: true, ...changes })
    const first = await taken(join1())
    assert.equal(await sync(world, first, { [first.member]: 'all' }, { instance: 'one' }), 'all')
    const again = await taken(join1())
    assert.equal(again.generation, first.generation)
    assert.notEqual(again.member, first.member)
    // One that cannot be told to leave all as it is must not think that it leads.
    assert.notEqual(again.leader, again.member)
    assert.equal(await sync(world, again, {}, { instance: 'one' }), 'all')
    assert.equal(await beat(world, first, 'one'), 'fenced_instance')
    assert.equal(await beat(world, again, 'one'), 'ok')
    const skipping = await taken(join1({ maySkip: true }))
    assert.equal(skipping.leader, skipping.member)
    assert.equal(skipping.skipAssignment, true)
    assert.equal(skipping.members.length, 1)
    const after = await world.reopen()
    assert.equal(await beat(after, skipping, 'one'), 'ok')
    assert.deepEqual(await leave(after, { member: '', instance: 'one' }), [undefined])
    assert.deepEqual(await leave(after, { member: '', instance: 'one' }), ['unknown_member'])
  },
)

void test('what nobody can use is refused before it is looked at', async () => {
  const world = await memoryBroker()
  const tries: [Partial<JoinOrder>, string][] = [
    [{ group: '' }, 'invalid_group'],
    [{ sessionMs: limits.groupSessionMsMin - 1 }, 'invalid_session_timeout'],
    [{ sessionMs: limits.groupSessionMsMax + 1 }, 'invalid_session_timeout'],
    [{ protocols: [] }, 'inconsistent_protocol'],
    [{ member: 'stranger' }, 'unknown_member'],
    [
      { protocols: [{ name: 'a', metadata: new Uint8Array(limits.groupMemberBytesMax + 1) }] },
      'invalid_request',
    ],
  ]
  for (const [changes, code] of tries) {
    assert.equal(await codeOf(join(world, changes)), code, JSON.stringify(changes).slice(0, 99))
  }
  assert.deepEqual(await world.broker.listGroups({ workspace }), [])
})

const makeTopic = async ({ broker }: BrokerWorld): Promise<void> => {
  const topics = [{ name: topic, partitions: 2, settings: [] }]
  await broker.createTopics({ workspace, topics, validateOnly: false })
}

const commit = async (
  { broker }: BrokerWorld,
  offset: number,
  changes: Partial<CommitOrder> & { readonly metadata?: string; readonly index?: number } = {},
) => {
  const { metadata = '', index = 0, ...rest } = changes
  const [outcome] = await broker.commitOffsets({
    workspace,
    group,
    member: '',
    instance: null,
    generation: -1,
    offsets: [{ topic, index, offset, epoch: 0, metadata }],
    ...rest,
  })
  return outcome?.refusal?.code ?? 'taken'
}

const offsets = async ({ broker }: BrokerWorld) => {
  const found = await broker.committedOffsets({ workspace, group })
  return found.map((one) => `${one.topic}/${one.index}@${one.offset}${one.metadata}`)
}

onBothLogs('offsets are kept over a new start, and gone with their topic', async (world) => {
  await makeTopic(world)
  assert.equal(await commit(world, 3), 'taken')
  assert.equal(await commit(world, 4, { metadata: ' note' }), 'taken')
  assert.equal(await commit(world, 9, { index: 1 }), 'taken')
  assert.equal(await commit(world, 9, { index: 2 }), 'unknown_partition')
  const long = 'x'.repeat(limits.offsetMetadataBytesMax + 1)
  assert.equal(await commit(world, 9, { metadata: long }), 'metadata_too_large')
  const after = await world.reopen()
  assert.deepEqual(await offsets(after), ['orders/0@4 note', 'orders/1@9'])
  await after.broker.deleteTopics({ workspace, topics: [{ name: topic }] })
  await makeTopic(after)
  assert.deepEqual(await offsets(after), [])
  const again = await after.reopen()
  assert.deepEqual(await offsets(again), [])
})

void test('only members of the generation commit for a group that is in use', async () => {
  const world = await memoryBroker()
  await makeTopic(world)
  assert.equal(await commit(world, 1, { generation: 1, member: 'a' }), 'illegal_generation')
  const [first] = await pair(world)
  const { member, generation } = first
  assert.equal(await commit(world, 1), 'unknown_member')
  assert.equal(await commit(world, 1, { member, generation: generation - 1 }), 'illegal_generation')
  assert.equal(await commit(world, 1, { member, generation }), 'taken')
  // Those who are called to join may still write down how far they came.
  void join(world)
  assert.equal(await beat(world, first), 'rebalance_in_progress')
  assert.equal(await commit(world, 2, { member, generation }), 'taken')
  assert.deepEqual(await offsets(world), ['orders/0@2'])
})

onBothLogs('groups without members are forgotten when they are told to be', async (world) => {
  await makeTopic(world)
  const [first, second] = await pair(world)
  const remove = async () => {
    const [answer] = await world.broker.deleteGroups({ workspace, groups: [group] })
    return answer?.refusal?.code
  }
  assert.equal(await remove(), 'group_not_empty')
  await leave(world, ...[first, second].map(({ member }) => ({ member, instance: null })))
  await commit(world, 5)
  assert.equal(await remove(), undefined)
  assert.equal(await remove(), 'unknown_group')
  const after = await world.reopen()
  assert.deepEqual(await offsets(after), [])
  assert.deepEqual(await after.broker.listGroups({ workspace }), [])
})

void test('offsets that nobody has asked for in a long time are forgotten', async () => {
  const world = await memoryBroker()
  await makeTopic(world)
  await commit(world, 5)
  world.clock.advance(limits.groupOffsetsMs - limits.groupLookMs)
  await commit(world, 6, { index: 1 })
  world.clock.advance(2 * limits.groupLookMs)
  assert.deepEqual(await offsets(world), ['orders/1@6'])
  world.clock.advance(limits.groupOffsetsMs)
  assert.deepEqual(await offsets(world), [])
})
