import assert from 'node:assert/strict'
import { limits } from '@fermata/base/limits'
import type { Result } from '@fermata/base/result'
import {
  append,
  batchOf,
  configOf,
  made,
  readAll,
  refusalIn,
  taken,
  textsIn,
  turns,
  type Check,
} from './contract.world.ts'

/** What every log promises about making, changing and deleting partitions, and about its own end. */
export function partitionsContract(check: Check): void {
  check('a partition is there with its name and configuration, and empty', async ({ log }) => {
    const config = configOf({
      retentionMs: 5,
      compaction: { lagMs: 1, tombstoneMs: 2, dirtyShare: 0.5 },
    })
    const partition = taken(await log.createPartition({ name: 'orders', config }))
    const bounds = { start: 0, stable: 0, high: 0 }
    const info = { partition, name: 'orders', config, bytes: 0, gaps: [], ...bounds }
    assert.deepEqual(log.partition(partition), info)
    assert.deepEqual(log.partitions(), [info])
    assert.deepEqual(await readAll(log, partition), [])
    assert.deepEqual(log.state(), { kind: 'serving' })
  })

  check('names are told apart and held against their rule', async ({ log }) => {
    const config = configOf()
    const create = (name: string) => log.createPartition({ name, config })
    const longest = 'a'.repeat(limits.partitionNameCharsMax)
    for (const name of ['a', 'A', 'a.b_c-9', longest]) taken(await create(name))
    for (const name of ['', `${longest}a`, 'a b', 'a/b', 'é', 'a\n']) {
      const refusal = { code: 'invalid_name', charsMax: limits.partitionNameCharsMax }
      assert.deepEqual(refusalIn(await create(name)), refusal, name)
    }
    assert.deepEqual(refusalIn(await create('a')), { code: 'name_taken' })
    const twice = await Promise.all([create('b'), create('b')])
    assert.equal(twice.filter(({ ok }) => ok).length, 1)
    assert.equal(log.partitions().length, 5)
  })

  check('numbers grow, and are never used again though names are', async ({ log }) => {
    const first = await made(log)
    const second = await made(log, {}, 'other')
    await append(log, second, ['old'])
    assert.ok(second > first)
    taken(await log.deletePartition(second))
    assert.equal(log.partition(second), undefined)
    const third = await made(log, {}, 'other')
    assert.ok(third > second)
    assert.deepEqual(
      log.partitions().map(({ partition }) => partition),
      [first, third],
    )
    assert.deepEqual(await textsIn(log, third), [])
    assert.equal((await append(log, third, ['new'])).first, 0)
  })

  check('a deleted partition is unknown to every call', async ({ log }) => {
    const partition = await made(log)
    await append(log, partition, ['a'])
    taken(await log.deletePartition(partition))
    const end = { producerId: 1, producerEpoch: 0, coordinatorEpoch: 0, commit: true }
    const answers: Result<unknown, { readonly code: string }>[] = await Promise.all([
      log.append({ partition, batch: batchOf(['a']), leaderEpoch: 0 }),
      log.appendRecord({ partition, record: { key: null, value: null } }),
      log.endTransaction({ ...end, partitions: [partition] }),
      log.read({ partition, offset: 0, bytesMax: 1, committed: false }),
      log.findTime({ partition, timestamp: 0, committed: false }),
      log.deleteRecords({ partition, before: 0 }),
      log.setCursor({ partition, cursor: 'a', offset: 0 }),
      log.configurePartition({ partition, config: configOf() }),
      log.deletePartition(partition),
    ])
    for (const answer of answers) assert.deepEqual(refusalIn(answer), { code: 'unknown_partition' })
    assert.equal(log.cursors(partition).size, 0)
  })

  check(
    'deleting a partition wakes its readers, and what was asked before is done',
    async (world) => {
      const { log } = world
      const partition = await made(log)
      const woken = log.waitFor({
        places: [{ partition, offset: 5, committed: false }],
        waitMs: 1e9,
      })
      const appended = append(log, partition, ['a'])
      const deleted = log.deletePartition(partition)
      assert.equal((await appended).first, 0)
      taken(await deleted)
      assert.deepEqual(await woken, [partition])
    },
  )

  check('a configuration is changed in use', async ({ log }) => {
    const partition = await made(log, { batchBytesMax: 200 })
    const batch = batchOf(['a'.repeat(300)])
    const order = { partition, batch, leaderEpoch: 0 }
    const refusal = { code: 'batch_too_large', bytesMax: 200 }
    assert.deepEqual(refusalIn(await log.append(order)), refusal)
    const config = configOf({ batchBytesMax: batch.length })
    taken(await log.configurePartition({ partition, config }))
    assert.deepEqual(log.partition(partition)?.config, config)
    taken(await log.append(order))
  })

  check('a thousand partitions take batches at once', async ({ log }) => {
    const partitions = await Promise.all(
      Array.from({ length: 1_000 }, (_, index) => made(log, {}, `p-${index}`)),
    )
    for (const round of [0, 1]) {
      const answers = partitions.map((partition) =>
        append(log, partition, [`${partition}:${round}`]),
      )
      for (const { first } of await Promise.all(answers)) assert.equal(first, round)
    }
    for (const partition of partitions) {
      assert.deepEqual(await textsIn(log, partition), [`${partition}:0`, `${partition}:1`])
    }
  })

  check('closing ends what waits and refuses what comes', async ({ log }) => {
    const partition = await made(log)
    const place = { partition, offset: 9, committed: false }
    const woken = log.waitFor({ places: [place], waitMs: 1e9 })
    const appended = append(log, partition, ['a'])
    const recorded = log.appendRecord({ partition, record: { key: null, value: null } })
    await log.close()
    assert.equal((await appended).first, 0)
    assert.equal(taken(await recorded).first, 1)
    assert.deepEqual(await woken, [])
    assert.equal(log.state().kind, 'ended')
    const end = { producerId: 1, producerEpoch: 0, coordinatorEpoch: 0, commit: true }
    const answers: Result<unknown, { readonly code: string }>[] = await Promise.all([
      log.createPartition({ name: 'other', config: configOf() }),
      log.append({ partition, batch: batchOf(['a']), leaderEpoch: 0 }),
      log.appendRecord({ partition, record: { key: null, value: null } }),
      log.endTransaction({ ...end, partitions: [partition] }),
      log.read({ partition, offset: 0, bytesMax: 1, committed: false }),
      log.findTime({ partition, timestamp: 0, committed: false }),
      log.deleteRecords({ partition, before: 0 }),
      log.setCursor({ partition, cursor: 'a', offset: 0 }),
      log.configurePartition({ partition, config: configOf() }),
      log.deletePartition(partition),
    ])
    for (const answer of answers) assert.equal(refusalIn(answer).code, 'ended')
    assert.deepEqual(await log.waitFor({ places: [place], waitMs: 1e9 }), [])
    await log.close()
    await log.idle()
  })

  check('nothing is there before it is flushed', async ({ log, hold }) => {
    const partition = await made(log, {}, 'first')
    const release = hold()
    const done: string[] = []
    const note = (name: string) => (): void => void done.push(name)
    const asked = [
      made(log, {}, 'second').then(note('made')),
      log.setCursor({ partition, cursor: 'a', offset: 1 }).then(note('set')),
      log.configurePartition({ partition, config: configOf() }).then(note('configured')),
    ]
    await turns()
    assert.deepEqual(done, [])
    release()
    await Promise.all(asked)
    assert.equal(done.length, 3)
  })
}
