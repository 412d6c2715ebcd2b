import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '@fermata/base/clock'
import { need } from '@fermata/testkit/needs'
import { expectations, listFaults, parseList } from './list.ts'
import { runTests } from './run.ts'
import { openStage } from './stage.ts'
import { numberOf, provideSuite, testsIn, type Suite } from './suite.ts'

// A part of what `npm run conformance` runs: one or two tests for each thing that clients do.

const chosen = [
  '0005_order',
  '0011_produce_batch',
  '0012_produce_consume',
  '0029_assign_offset',
  '0030_offset_commit',
  '0036_partial_fetch',
  '0044_partition_cnt',
  '0052_msg_timestamps',
  '0054_offset_time',
  '0056_balanced_group_mt',
  '0073_headers',
  '0090_idempotence',
  '0099_commit_metadata',
  '0113_cooperative_rebalance',
  '0118_commit_rebalance',
  '0129_fetch_aborted_msgs',
  '0137_barrier_batch_consume',
]

const needed = ['gcc', 'make', 'openssl', 'rapidjson', 'zlib', 'zstd'] as const
const skip = needed.map((name) => need(name).skip).find((why) => why !== false) ?? false
/** The suite, or why it cannot be had. */
const suite: Suite | string =
  skip || (await provideSuite(() => undefined).catch((error: unknown) => String(error)))
const skipped = typeof suite === 'string' ? suite : false

void test('every test of librdkafka stands in the list', { skip: skipped }, () => {
  if (typeof suite === 'string') return
  assert.deepEqual(listFaults(expectations(), suite.tests), [])
  for (const name of chosen) {
    assert.equal(expectations().find((one) => one.name === name)?.word, 'passes', name)
  }
})

void test('librdkafka finds what it expects of a broker', { skip: skipped }, async (t) => {
  if (typeof suite === 'string') return
  const stage = await openStage('default')
  t.after(() => stage.close())
  const setting = { suite, stage, clock: systemClock(), isThorough: false }
  for (const name of chosen) {
    const { outcomes, seconds, said } = await runTests(setting, numberOf(name), 'default')
    t.diagnostic(`${name} ${seconds.toFixed(1)} s`)
    assert.equal(outcomes.get(name), 'passes', said)
  }
})

void test('the list is read line by line, and what it lacks or has too much is found', () => {
  const table = `struct test tests[] = {
    _TEST(0001_one, 0),
    _TEST(0002_two, TEST_F_LOCAL),
    _TEST(0003_three, 0, .scenario = "noautocreate"),
    {NULL}};`
  const tests = testsIn(table)
  assert.deepEqual(tests, [
    { name: '0001_one', isLocal: false, scenario: 'default' },
    { name: '0002_two', isLocal: true, scenario: 'default' },
    { name: '0003_three', isLocal: false, scenario: 'noautocreate' },
  ])
  const good = '# words\n0001_one passes\n0002_two local its own broker\n0003_three lacks a reason'
  assert.deepEqual(listFaults(parseList(good), tests), [])
  const bad = '0001_one passes why\n0001_one passes\n0002_two skips\n0004_four passes'
  assert.equal(listFaults(parseList(bad), tests).length, 6)
  assert.throws(() => parseList('0001_one succeeds'))
})
