import assert from 'node:assert/strict'
import { test } from 'node:test'
import { knob } from '@fermata/testkit/knobs'
import { simulateSeeds } from './seeds.ts'

const seeds = 2_000

test(`a log on a disk keeps its promises in ${seeds} worlds, whatever happens there`, async (t) => {
  const first = knob('FERMATA_SEED', 1)
  const told: string[] = []
  let steps = 0
  const since = performance.now()
  await simulateSeeds({ first, count: seeds }, (outcome) => {
    steps += outcome.steps
    if (outcome.violation) told.push(`${outcome.seed}: ${outcome.violation.text}`)
  })
  const rate = seeds / ((performance.now() - since) / 1_000)
  t.diagnostic(`seeds from ${first} on, ${rate.toFixed(1)} a second, ${steps} steps in all`)
  assert.equal(told.length, 0, `npm run simulate -- --seeds 1 --seed …\n${told.join('\n')}`)
  assert.ok(steps > seeds * 100)
})
