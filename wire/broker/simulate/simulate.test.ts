import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandLog } from '../../log/simulate/command-log.fixture.ts'
import { simulateBroker } from './run.ts'

const seeds = 40

test('a broker keeps its promises through many lives, whatever a crash leaves', async () => {
  let steps = 0
  for (let seed = 1; seed <= seeds; seed++) {
    const outcome = await simulateBroker(seed)
    steps += outcome.steps
    if (outcome.violation === undefined) continue
    const end = outcome.history.slice(-40).join('\n')
    const how = `npm run simulate -- broker --seeds 1 --seed ${seed}`
    assert.fail(`${how}\n${end}\n${outcome.violation.stack}`)
  }
  assert.ok(steps > seeds * 1_000, `${steps} steps`)
})

test('a seed of the broker repeats all that happened', async () => {
  const first = await simulateBroker(3)
  const again = await simulateBroker(3)
  assert.equal(again.trace, first.trace)
  const other = await simulateBroker(4)
  assert.notEqual(other.trace, first.trace)
})

test('the broker is found out over a log that answers before it is on disk', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { violation } = await simulateBroker(seed, commandLog('answered before the flush'))
    if (violation) return
  }
  assert.fail('nobody noticed')
})
