import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeClock } from '@fermata/testkit/clock'
import { openQuotas } from './quota.ts'

void test('a second’s worth passes at once, and what is more is waited for', () => {
  const clock = fakeClock()
  const quotas = openQuotas({ inPerSecond: 1_000, outPerSecond: 2_000 }, clock)
  const ada = quotas.of('ada')
  assert.equal(ada.came(1_000), 0)
  assert.equal(ada.came(500), 500)
  assert.equal(quotas.of('ada').came(500), 1_000, 'over all of their connections')
  assert.equal(quotas.of('bob').came(1_000), 0, 'others have their own')
  assert.equal(ada.went(2_000), 0, 'and each way has its own')
  clock.advance(1_000)
  assert.equal(ada.came(0), 0)
  clock.advance(60_000)
  assert.equal(ada.came(1_001), 1, 'who was quiet has no more than a second’s worth')
  assert.equal(ada.came(1_000_000), 5_000, 'and nobody waits for ever')
})
