import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { batchesIn, batchOf } from '../../log/contract.world.ts'
import { memoryBroker, onBothLogs, workspace, type BrokerWorld } from '../broker.world.ts'
import type { ProducerRef, TransactionRef } from './port.ts'

const topic = 'orders'
const timeoutMs = 60_000

const makeTopic = async ({ broker }: BrokerWorld, partitions = 2): Promise<void> => {
  const topics = [{ name: topic, partitions, settings: [] }]
  await broker.createTopics({ workspace, topics, validateOnly: false })
}

const init = async ({ broker }: BrokerWorld, transactionalId: string, producer?: ProducerRef) => {
  const order = { workspace, transactionalId, timeoutMs, ...(producer && { producer }) }
  const answer = await broker.initProducer(order)
  return answer.ok ? answer.value : answer.refusal.code
}

const begin = async (world: BrokerWorld, transactionalId = 'shop'): Promise<TransactionRef> => {
  const producer = await init(world, transactionalId)
  assert.ok(typeof producer === 'object')
  return { workspace, transactionalId, producer }
}

const add = async ({ broker }: BrokerWorld, ref: TransactionRef, ...indices: number[]) => {
  const partitions = indices.map((index) => ({ topic, index }))
  const answers = await broker.addToTransaction({ ...ref, partitions })
  return answers.map(({ refusal }) => refusal?.code)
}

const write = async (
  { broker }: BrokerWorld,
  { transactionalId, producer }: TransactionRef,
  text: string,
  { index = 0, sequence = 0 } = {},
) => {
  const batch = batchOf([text], {
    producerId: producer.id,
    producerEpoch: producer.epoch,
    baseSequence: sequence,
    transactional: true,
  })
  const batches = [{ topic, index, batch }]
  const [answer] = await broker.produce({ workspace, transactionalId, acks: -1, batches })
  return answer?.ok ? 'taken' : answer?.refusal.code
}

const end = async ({ broker }: BrokerWorld, ref: TransactionRef, commit: boolean) => {
  const answer = await broker.endTransaction({ ...ref, commit })
  return answer.ok ? 'ended' : answer.refusal.code
}

/** What a reader of committed records sees of a partition from an offset on, as a client filters it. */
const committed = async (world: BrokerWorld, index = 0, offset = 0): Promise<string[]> => {
  const partitions = [{ topic, index, offset, bytesMax: 1e6, leaderEpoch: -1 }]
  const order = { workspace, waitMs: 0, bytesMin: 1, bytesMax: 1e6, committed: true, partitions }
  const [answer] = await world.broker.fetch(order)
  assert.ok(answer?.ok)
  const aborted = [...answer.aborted].toSorted((a, b) => a.firstOffset - b.firstOffset)
  const skipped = new Set<number>()
  const batches = batchesIn(answer.bytes)
  const seen = batches.flatMap(({ header, texts }) => {
    while (aborted[0] && aborted[0].firstOffset <= header.baseOffset) {
      skipped.add(aborted.shift()!.producerId)
    }
    if (header.control) skipped.delete(header.producerId)
    return header.transactional && skipped.has(header.producerId) ? [] : texts
  })
  const last = batches.at(-1)?.header
  if (last === undefined) return seen
  // What lies in a file and what is in memory come one after the other.
  return [...seen, ...(await committed(world, index, last.baseOffset + last.lastOffsetDelta + 1))]
}

const commitOffset = async ({ broker }: BrokerWorld, ref: TransactionRef, offset: number) => {
  const [outcome] = await broker.commitOffsetsWithin({
    ...ref,
    group: 'readers',
    member: '',
    instance: null,
    generation: -1,
    offsets: [{ topic, index: 0, offset, epoch: -1, metadata: '' }],
  })
  return outcome?.refusal?.code ?? 'taken'
}

const offsetOf = async ({ broker }: BrokerWorld): Promise<string> => {
  const partitions = [{ topic, index: 0 }]
  const [found] = await broker.committedOffsets({ workspace, group: 'readers', partitions })
  return `${found?.offset}${found?.isUnstable ? ', unstable' : ''}`
}

onBothLogs(
  'what was committed is seen on all partitions, and what was aborted on none',
  async (world) => {
    await makeTopic(world)
    const ref = await begin(world)
    assert.deepEqual(await add(world, ref, 0, 1), [undefined, undefined])
    assert.equal(await write(world, ref, 'a'), 'taken')
    assert.equal(await write(world, ref, 'b', { index: 1 }), 'taken')
    assert.deepEqual([await committed(world, 0), await committed(world, 1)], [[], []])
    assert.equal(await end(world, ref, true), 'ended')
    assert.deepEqual([await committed(world, 0), await committed(world, 1)], [['a'], ['b']])
    await add(world, ref, 0)
    assert.equal(await write(world, ref, 'c', { sequence: 1 }), 'taken')
    assert.equal(await end(world, ref, false), 'ended')
    assert.deepEqual(await committed(world), ['a'])
    const after = await world.reopen()
    assert.deepEqual([await committed(after, 0), await committed(after, 1)], [['a'], ['b']])
  },
)

void test('an end that is repeated is answered as before, its opposite is refused', async () => {
  const world = await memoryBroker()
  await makeTopic(world)
  const ref = await begin(world)
  assert.equal(await end(world, ref, true), 'invalid_transaction_state')
  await add(world, ref, 0)
  assert.equal(await end(world, ref, true), 'ended')
  assert.equal(await end(world, ref, true), 'ended')
  assert.equal(await end(world, ref, false), 'invalid_transaction_state')
})

void test('a batch is taken only for an open transaction that knows its partition', async () => {
  const world = await memoryBroker()
  await makeTopic(world)
  const ref = await begin(world)
  const refused = 'invalid_transaction_state'
  assert.equal(await write(world, ref, 'early'), refused)
  await add(world, ref, 1)
  assert.equal(await write(world, ref, 'elsewhere'), refused)
  assert.equal(
    await write(world, { ...ref, transactionalId: 'other' }, 'stray', { index: 1 }),
    'unknown_producer',
  )
  assert.equal(await write(world, ref, 'a', { index: 1 }), 'taken')
  await end(world, ref, true)
  // A batch that was under way while its transaction ended must not begin another one.
  assert.equal(await write(world, ref, 'late', { index: 1, sequence: 1 }), refused)
  assert.deepEqual(await committed(world, 1), ['a'])
  assert.deepEqual(await committed(world, 0), [])
})

void test('all partitions are added or none', async () => {
  const world = await memoryBroker()
  await makeTopic(world)
  const ref = await begin(world)
  assert.deepEqual(await add(world, ref, 0, 7), ['not_attempted', 'unknown_partition'])
  assert.equal(await write(world, ref, 'a'), 'invalid_transaction_state')
})

onBothLogs('who begins with an id ends what was open, and fences who had it', async (world) => {
  await makeTopic(world)
  const old = await begin(world)
  await add(world, old, 0)
  await write(world, old, 'old')
  const fresh = await begin(world)
  assert.equal(fresh.producer.id, old.producer.id)
  assert.ok(fresh.producer.epoch > old.producer.epoch)
  assert.equal(await write(world, old, 'zombie', { sequence: 1 }), 'stale_producer_epoch')
  assert.deepEqual(await add(world, old, 0), ['producer_fenced'])
  assert.equal(await end(world, old, true), 'producer_fenced')
  assert.equal(await init(world, 'shop', old.producer), 'producer_fenced')
  await add(world, fresh, 0)
  assert.equal(await write(world, fresh, 'new'), 'taken')
  assert.equal(await end(world, fresh, true), 'ended')
  assert.deepEqual(await committed(world), ['new'])
})

void test('a producer that goes on is given the next epoch, and once more if it did not hear it', async () => {
  const world = await memoryBroker()
  const first = await init(world, 'shop')
  assert.ok(typeof first === 'object')
  const second = await init(world, 'shop', first)
  assert.deepEqual(second, { id: first.id, epoch: first.epoch + 1 })
  assert.deepEqual(await init(world, 'shop', first), second)
  assert.equal(await init(world, 'shop', { id: first.id + 5, epoch: 0 }), 'producer_fenced')
})

onBothLogs('numbers of producers are given once, also after a new start', async (world) => {
  const idless = async ({ broker }: BrokerWorld) => {
    const answer = await broker.initProducer({ workspace, transactionalId: null, timeoutMs })
    assert.ok(answer.ok)
    return answer.value.id
  }
  const given = await Promise.all([idless(world), idless(world), begin(world)])
  const after = await world.reopen()
  given.push(await idless(after))
  const ids = given.map((one) => (typeof one === 'number' ? one : one.producer.id))
  assert.equal(new Set(ids).size, 4)
})

onBothLogs('a transaction that nobody ends is aborted after its time', async (world) => {
  await makeTopic(world)
  const ref = await begin(world)
  await add(world, ref, 0)
  await write(world, ref, 'a')
  const after = await world.reopen()
  const ended = after.log.waitFor({
    places: [
      {
        partition: after.log.partitions().find(({ name }) => name.endsWith('-0'))!.partition,
        offset: 1,
        committed: true,
      },
    ],
    waitMs: 1e9,
  })
  after.clock.advance(timeoutMs - 1)
  assert.equal(await write(after, ref, 'b', { sequence: 1 }), 'taken')
  after.clock.advance(1)
  await ended
  assert.deepEqual(await committed(after), [])
  assert.equal(await end(after, ref, true), 'producer_fenced')
  const fresh = await begin(after)
  await add(after, fresh, 0)
  assert.equal(await write(after, fresh, 'c'), 'taken')
  assert.equal(await end(after, fresh, true), 'ended')
  assert.deepEqual(await committed(after), ['c'])
})

onBothLogs('an end that was decided before a crash is seen through after it', async (world) => {
  await makeTopic(world)
  const ref = await begin(world)
  await add(world, ref, 0, 1)
  await write(world, ref, 'a')
  await write(world, ref, 'b', { index: 1 })
  // What a crash leaves between the decision and the markers.
  const ledger = world.log.partitions().find(({ name }) => name === 'broker-transactions')!
  const placed = world.log.partitions().filter(({ name }) => name.startsWith('t-'))
  const value = {
    producer: ref.producer,
    timeoutMs,
    state: 'ending',
    commit: true,
    partitions: placed.map(({ partition }) => partition),
    groups: [],
    atMs: 0,
  }
  const encoder = new TextEncoder()
  await world.log.appendRecord({
    partition: ledger.partition,
    record: {
      key: encoder.encode(JSON.stringify(['transaction', workspace, 'shop'])),
      value: encoder.encode(JSON.stringify(value)),
    },
  })
  const after = await world.reopen()
  assert.deepEqual([await committed(after, 0), await committed(after, 1)], [['a'], ['b']])
  assert.equal(await end(after, ref, true), 'ended')
  assert.equal(await end(after, ref, false), 'invalid_transaction_state')
  const again = await after.reopen()
  assert.deepEqual([await committed(again, 0), await committed(again, 1)], [['a'], ['b']])
})

onBothLogs(
  'offsets of a transaction count once it is committed, and not if it is aborted',
  async (world) => {
    await makeTopic(world)
    const ref = await begin(world)
    assert.equal(await commitOffset(world, ref, 5), 'invalid_transaction_state')
    await world.broker.addGroupToTransaction({ ...ref, group: 'readers' })
    assert.equal(await commitOffset(world, ref, 5), 'taken')
    assert.equal(await offsetOf(world), '-1, unstable')
    const after = await world.reopen()
    assert.equal(await offsetOf(after), '-1, unstable')
    assert.equal(await end(after, ref, true), 'ended')
    assert.equal(await offsetOf(after), '5')
    await after.broker.addGroupToTransaction({ ...ref, group: 'readers' })
    assert.equal(await commitOffset(after, ref, 9), 'taken')
    assert.equal(await end(after, ref, false), 'ended')
    assert.equal(await offsetOf(after), '5')
    const again = await after.reopen()
    assert.equal(await offsetOf(again), '5')
    await again.broker.addGroupToTransaction({ ...ref, group: 'readers' })
    assert.equal(await commitOffset(again, ref, 11), 'taken')
    assert.equal(await end(again, ref, true), 'ended')
    assert.equal(await offsetOf(again), '11')
  },
)

void test('an offset that was committed later holds, in whatever order transactions end', async () => {
  const world = await memoryBroker()
  await makeTopic(world)
  const first = await begin(world, 'first')
  const second = await begin(world, 'second')
  for (const ref of [first, second]) {
    await world.broker.addGroupToTransaction({ ...ref, group: 'readers' })
  }
  await commitOffset(world, first, 10)
  await commitOffset(world, second, 20)
  await end(world, second, true)
  assert.equal(await offsetOf(world), '20, unstable')
  await end(world, first, true)
  assert.equal(await offsetOf(world), '20')
  const after = await world.reopen()
  assert.equal(await offsetOf(after), '20')
})

void test('a transaction lasts as long as it may, and no longer', async () => {
  const world = await memoryBroker()
  const ask = async (timeoutMs: number) => {
    const order = { workspace, transactionalId: 'shop', timeoutMs }
    const answer = await world.broker.initProducer(order)
    return answer.ok ? 'taken' : answer.refusal.code
  }
  assert.equal(await ask(0), 'invalid_transaction_timeout')
  assert.equal(await ask(limits.transactionMsMax + 1), 'invalid_transaction_timeout')
  assert.equal(await ask(limits.transactionMsMax), 'taken')
  assert.equal(await init(world, ''), 'invalid_request')
})

void test('a topic that is deleted in the middle keeps no transaction from its end', async () => {
  const world = await memoryBroker()
  await makeTopic(world)
  const ref = await begin(world)
  await add(world, ref, 0)
  await write(world, ref, 'a')
  await world.broker.deleteTopics({ workspace, topics: [{ name: topic }] })
  assert.equal(await end(world, ref, true), 'ended')
})

void test('the groups of a transaction are counted, and their names are not long', async () => {
  const world = await memoryBroker()
  await makeTopic(world)
  const ref = await begin(world)
  const addGroup = async (group: string) => {
    const answer = await world.broker.addGroupToTransaction({ ...ref, group })
    return answer.ok ? 'added' : answer.refusal.code
  }
  assert.equal(await addGroup('x'.repeat(limits.groupIdCharsMax + 1)), 'invalid_group')
  for (let at = 0; at < limits.transactionGroupsMax; at++) {
    assert.equal(await addGroup(`group ${at}`), 'added')
  }
  assert.equal(await addGroup('one more'), 'policy')
  assert.equal(await addGroup('group 7'), 'added', 'it is part of it already')
})

void test('whoever begins anew is not joined by who was there before, whatever that one says', async () => {
  const world = await memoryBroker()
  const old = await init(world, 'shop')
  assert.ok(typeof old === 'object')
  const fresh = await init(world, 'shop')
  assert.ok(typeof fresh === 'object')
  assert.equal(await init(world, 'shop', old), 'producer_fenced')
  assert.equal(await init(world, 'shop', old), 'producer_fenced')
  const next = await init(world, 'shop', fresh)
  assert.deepEqual(next, { id: fresh.id, epoch: fresh.epoch + 1 })
  assert.deepEqual(await init(world, 'shop', fresh), next, 'an answer that was lost is told again')
})

void test('nobody writes with the number of a transactional id but its producer', async () => {
  const world = await memoryBroker()
  await makeTopic(world)
  const ref = await begin(world)
  await add(world, ref, 0, 1)
  assert.equal(await write(world, ref, 'a', { index: 1 }), 'taken')
  const forged = async (producerId: number) => {
    const numbers = { producerId, producerEpoch: 30_000, baseSequence: 0 }
    const batches = [{ topic, index: 0, batch: batchOf(['forged'], numbers) }]
    const [answer] = await world.broker.produce({ workspace, acks: -1, batches })
    return answer?.ok ? 'taken' : answer?.refusal.code
  }
  assert.equal(await forged(ref.producer.id), 'invalid_transaction_state')
  assert.equal(await forged(ref.producer.id + 1), 'taken')
  assert.equal(await write(world, ref, 'b'), 'taken')
  assert.equal(await end(world, ref, true), 'ended')
  assert.deepEqual([await committed(world), await committed(world, 1)], [['forged', 'b'], ['a']])
})

void test('a partition in which a later epoch has written keeps no transaction from its end', async () => {
  const world = await memoryBroker()
  await makeTopic(world)
  const ref = await begin(world)
  await add(world, ref, 0, 1)
  assert.equal(await write(world, ref, 'a', { index: 1 }), 'taken')
  // Past the broker, as it was possible once.
  const numbers = { producerId: ref.producer.id, producerEpoch: 30_000, baseSequence: 0 }
  const [first] = world.log.partitions().filter(({ name }) => name.startsWith('t-'))
  const batch = batchOf(['forged'], numbers)
  assert.ok((await world.log.append({ partition: first!.partition, batch, leaderEpoch: 0 })).ok)
  assert.equal(await end(world, ref, true), 'ended')
  assert.deepEqual(await committed(world, 1), ['a'])
  assert.ok(typeof (await init(world, 'shop')) === 'object')
})
