import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import { root } from './step.js'
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

/** Runs one test file as a suite with a time limit for the whole; answers what was said, too. */
async function ran(t: TestContext, text: string, suiteMinutesMax: number) {
  const file = join(folder, 'example.test.mjs')
  writeFileSync(file, `import { test } from 'node:test'\n${text}`)
  const suite = { name: 'example', suffix: '.mjs', together: 1, testMinutesMax: 1, suiteMinutesMax }
  const { mock } = t.mock.method(process.stdout, 'write')
  // As `npm test` does it: relative to the repository.
  const { counts } = await runSuite(process.execPath, suite, [relative(root, file)])
  const said = mock.calls.map((call) => String(call.arguments[0])).join('')
  return { counts, said }
}

test('a suite counts its tests', async (t) => {
  const text = "test('a', () => {})\ntest('b', () => { throw new Error('b') })"
  const { counts } = await ran(t, text, 1)
  assert.deepEqual(counts, { passed: 1, failed: 1, skipped: [] })
})

test('a suite that never ends is cut off and has failed, and says where and what', async (t) => {
  const text = "setInterval(() => {}, 1000)\ntest('b', () => { throw new Error('out of bees') })"
  const { counts, said } = await ran(t, text, 0.05)
  assert.ok(counts.failed > 0)
  assert.match(said, /cut off[^]*still running: .*example\.test\.mjs[^]*✖ b[^]*out of bees/)
})
