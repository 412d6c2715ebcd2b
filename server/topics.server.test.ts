import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { GroupView, RecordView, TopicView } from '@fermata/contract/topics.schema'
import { kcat, runKcat } from '@fermata/testkit/kcat'
import { newFolder, owner, ownerEnvironment, signIn, startProcess } from './process.world.ts'
import { serveWorld } from './serve.world.ts'

interface Page {
  readonly rows: readonly RecordView[]
  readonly start: number
  readonly end: number
  readonly next: number
}

test('a topic is made, written to and looked at by HTTP alone', async (t) => {
  const { ask } = await serveWorld(t)
  const settings = [{ name: 'retention.ms', value: '3600000' }]
  const made = await ask<TopicView>('POST', '/v1/topics', {
    ...{ name: 'orders', partitions: 3, settings },
  })
  assert.deepEqual(made.settings, settings)
  assert.equal(made.partitions.length, 3)

  const records = ['a', 'b', 'a'].map((key, at) => ({ key, value: `{"at":${at}}` }))
  const path = '/v1/topics/orders/records'
  const { rows: placed } = await ask<{ rows: { partition: number; offset: number }[] }>(
    ...(['POST', path, { records }] as const),
  )
  // Where Kafka's own producers would put them: 'a' in 1 and 'b' in 2 of 3.
  assert.deepEqual(
    placed.map(({ partition }) => partition),
    [1, 2, 1],
  )
  assert.deepEqual(
    placed.map(({ offset }) => offset),
    [0, 0, 1],
  )
  const page = await ask<Page>('GET', `${path}?partition=1&limit=1`)
  assert.deepEqual([page.start, page.end, page.next], [0, 2, 2])
  assert.deepEqual(
    page.rows.map(({ value }) => value?.text),
    ['{"at":2}'],
  )
  const first = await ask<Page>('GET', `${path}?partition=1&offset=0&limit=1`)
  assert.deepEqual([first.rows[0]?.value?.text, first.next], ['{"at":0}', 1])

  await assert.rejects(ask('POST', '/v1/topics', { name: 'orders' }), /409.*already_exists/)
  await assert.rejects(ask('POST', '/v1/topics', { name: '..' }), /400.*invalid_field/)
  await assert.rejects(ask('GET', '/v1/topics/other'), /404/)
  await assert.rejects(ask('GET', `${path}?partition=7`), /404/)
  await assert.rejects(ask('GET', `${path}?offset=9`), /400.*query\.offset/)
})

test(
  'people see what programs say by Kafka, and how far groups are behind',
  { skip: kcat.skip },
  async (t) => {
    const server = startProcess(t, {
      data: newFolder(t),
      args: ['--kafka-port', '0'],
      env: ownerEnvironment,
    })
    const url = await server.url
    const cookie = await signIn(url)
    assert.ok(owner.email)
    const address = /Kafka {7}(localhost:\d+)/.exec(server.said())![1]!
    const get = async <T>(path: string): Promise<T> =>
      (await (await fetch(`${url}${path}`, { headers: { cookie } })).json()) as T
    await runKcat(address, ['-P', '-t', 'orders', '-K='], 'a=one\na=two\n')
    const page = await get<Page>('/v1/topics/orders/records')
    assert.deepEqual(
      page.rows.map(({ key, value }) => [key?.text, value?.text]),
      [
        ['a', 'one'],
        ['a', 'two'],
      ],
    )
    const { rows } = await get<{ rows: { name: string; records: number }[] }>('/v1/topics')
    assert.deepEqual(
      rows.map(({ name, records }) => [name, records]),
      [['orders', 2]],
    )

    const group = ['-G', 'readers', 'orders', '-e', '-q', '-X', 'auto.offset.reset=earliest']
    assert.deepEqual((await runKcat(address, group)).lines, ['one', 'two'])
    await runKcat(address, ['-P', '-t', 'orders'], 'three\n')
    const { rows: groups } = await get<{ rows: GroupView[] }>('/v1/groups')
    assert.equal(groups[0]?.group, 'readers')
    assert.equal(groups[0]?.topics[0]?.records, 1)
    const figures = await (await fetch(`${url}/metrics`)).text()
    assert.match(figures, /fermata_group_lag_records\{group="readers",topic="orders"\} 1\n/)
    assert.match(figures, /fermata_group_lag_seconds\{group="readers",topic="orders"\} [0-9.]+\n/)
    assert.match(figures, /fermata_kafka_requests_total\{api="Produce",error="NONE"\} [1-9]/)
    assert.match(figures, /# TYPE fermata_kafka_requests_total counter/)
    assert.match(figures, /# TYPE fermata_kafka_bytes_total counter/)
    assert.match(figures, /fermata_kafka_bytes_total\{direction="in"\} [1-9]/)
    assert.match(figures, /fermata_log_state\{state="serving"\} 1\n/)
  },
)
