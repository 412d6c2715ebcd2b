import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { conclude, runSuite } from './verdict.js'

const folder = mkdtempSync(join(tmpdir(), 'fermata-verdict-'))
after(() => rmSync(folder, { recursive: true }))

// The runs in here are runs of their own, not parts of the one that is going on.
before(() => delete process.env['NODE_TEST_CONTEXT'])

const passed = { name: 'unit', counts: { passed: 3, failed: 0, skipped: [] }, time: '1.0 s' }
const failed = { name: 'server', counts: { passed: 3, failed: 1, skipped: [] }, time: '1.0 s' }
const skipped = { ...passed, counts: { passed: 2, failed: 0, skipped: ['a page opens'] } }

test('one failed test fails the run, and under CI so does a skipped one', () => {
  assert.equal(conclude([passed, passed], true), 0)
  assert.equal(conclude([passed, failed], false), 1)
  assert.equal(conclude([passed, skipped], false), 0)
  assert.equal(conclude([passed, skipped], true), 1)
})

/** Runs one test file as a suite with a time limit for the whole. */
async function countsOf(text: string, suiteMinutesMax: number) {
  const file = join(folder, 'example.test.mjs')
  writeFileSync(file, `import { test } from 'node:test'\n${text}`)
  const suite = { name: 'example', suffix: '.mjs', together: 1, testMinutesMax: 1, suiteMinutesMax }
  return (await runSuite(process.execPath, suite, [file])).counts
}

test('a suite counts its tests', async () => {
  const counts = await countsOf("test('a', () => {})\ntest('b', () => { throw new Error('b') })", 1)
  assert.deepEqual(counts, { passed: 1, failed: 1, skipped: [] })
})

test('a suite that never ends is cut off and has failed', async () => {
  const counts = await countsOf('setInterval(() => {}, 1000)', 0.01)
  assert.ok(counts.failed > 0)
})
