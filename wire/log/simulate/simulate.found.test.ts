import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileLog } from './file.world.ts'
import { simulate } from './run.ts'

/** Seeds that found something, and what that was. */
const found: ReadonlyMap<number, string> = new Map([
  [16, 'batches in the journal of a partition whose making had rotted there'],
  [1374, 'a search by time that was refused because retention had moved the start'],
  [1669, 'a search by time in a segment that was dropped meanwhile'],
])

for (const [seed, what] of found) {
  test(`seed ${seed}: ${what}`, async () => {
    const { violation, history } = await simulate(seed, { open: fileLog })
    assert.equal(violation, undefined, history.slice(-40).join('\n'))
  })
}
