import assert from 'node:assert/strict'
import { test } from 'node:test'
import { knob, testSeed } from '@fermata/testkit/knobs'
import { fuzzBatches } from './batch.fuzz.ts'

// The long run: FERMATA_FUZZ_RUNS=1000000 node --test wire/log/batch.fuzz.test.ts
test('no damage makes the codec throw, take what it must refuse, or contradict itself', (t) => {
  const seed = testSeed()
  const runs = knob('FERMATA_FUZZ_RUNS', 20_000)
  const counts = fuzzBatches(seed, runs)
  t.diagnostic(`FERMATA_SEED=${seed}: ${JSON.stringify(counts)}`)
  assert.equal(counts.refused + counts.damaged + counts.decoded, runs)
  if (runs < 1_000) return
  for (const [name, count] of Object.entries(counts)) {
    assert.ok(count > runs / 50, `${count} of ${runs} frames were ${name}`)
  }
})
