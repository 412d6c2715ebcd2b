import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { memoryBroker, workspace, type BrokerWorld } from '../broker.world.ts'
import type { JoinOrder } from './port.ts'

// What groups hold is bounded, whoever makes them and whatever they say.

const topic = 'orders'

async function open(): Promise<BrokerWorld> {
  const world = await memoryBroker()
  const topics = [{ name: topic, partitions: 1, settings: [] }]
  await world.broker.createTopics({ workspace, topics, validateOnly: false })
  return world
}

const join = async ({ broker }: BrokerWorld, changes: Partial<JoinOrder>) => {
  const answer = await broker.joinGroup({
    ...{ workspace, group: 'readers', member: '', instance: null, protocolType: 'consumer' },
    ...{ clientId: 'client', clientHost: '/127.0.0.1', sessionMs: 10_000, rebalanceMs: 10_000 },
    protocols: [{ name: 'range', metadata: new Uint8Array() }],
    ...{ needsId: false, maySkip: false },
    ...changes,
  })
  return answer.ok ? answer.value.member : answer.refusal.code
}

const commit = async ({ broker }: BrokerWorld, group: string, metadata = '') => {
  const offsets = [{ topic, index: 0, offset: 1, epoch: -1, metadata }]
  const nobody = { member: '', instance: null, generation: -1 }
  const [outcome] = await broker.commitOffsets({ workspace, group, ...nobody, offsets })
  return outcome?.refusal?.code
}

void test('of a member everything counts that it says of itself', async () => {
  const world = await open()
  const long = 'x'.repeat(limits.groupMemberBytesMax)
  const metadata = new Uint8Array()
  assert.equal(await join(world, { instance: long }), 'invalid_request')
  assert.equal(await join(world, { protocolType: long }), 'invalid_request')
  assert.equal(await join(world, { protocols: [{ name: long, metadata }] }), 'invalid_request')
  assert.deepEqual(await world.broker.listGroups({ workspace }), [])
})

void test('commits alone make no more groups than there may be, nor one with a long name', async () => {
  const world = await open()
  for (let at = 0; at < limits.groupsPerWorkspaceMax; at++) await commit(world, `group ${at}`)
  assert.equal(await commit(world, 'one more'), 'policy')
  assert.equal(await commit(world, 'group 7'), undefined)
  assert.equal((await world.broker.listGroups({ workspace })).length, limits.groupsPerWorkspaceMax)
  assert.equal(await commit(world, 'x'.repeat(limits.groupIdCharsMax + 1)), 'invalid_group')
})

void test('all groups together hold so much, and what goes makes room', async () => {
  const world = await open()
  const { broker, clock } = world
  const protocols = [{ name: 'range', metadata: new Uint8Array(limits.groupMemberBytesMax / 2) }]
  const members: [group: string, member: string][] = []
  const most = limits.groupsBytesMax / (limits.groupMemberBytesMax / 2)
  let refused = ''
  for (let at = 0; at <= most && refused === ''; at++) {
    const group = `group ${at}`
    const member = await join(world, { group, protocols })
    if (member === 'policy') refused = group
    else members.push([group, member])
  }
  assert.notEqual(refused, '')
  assert.ok(members.length > 0.9 * most, `${members.length}`)
  // Offsets count, too; whoever is there already goes on, however full it is.
  let last = 0
  while ((await commit(world, `other ${last}`, 'x'.repeat(100))) === undefined) last++
  assert.ok(last > 0)
  assert.equal(await commit(world, 'other 0', 'x'.repeat(100)), undefined)
  const [[group, member] = ['', '']] = members
  assert.equal(await join(world, { group, member, protocols }), member)
  for (const [group, member] of members.slice(0, 10)) {
    await broker.leaveGroup({ workspace, group, members: [{ member, instance: null }] })
  }
  clock.advance(limits.groupsCountMs)
  assert.notEqual(await join(world, { group: refused, protocols }), 'policy')
})

void test('a member that joins again and again takes no more room than once', async () => {
  const world = await open()
  const protocols = [{ name: 'range', metadata: new Uint8Array(limits.groupMemberBytesMax / 2) }]
  const member = await join(world, { protocols })
  const times = (2 * limits.groupsBytesMax) / (limits.groupMemberBytesMax / 2)
  for (let at = 0; at < times; at++) {
    world.clock.advance(10)
    assert.equal(await join(world, { member, protocols }), member)
  }
})
