import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { after, test } from 'node:test'
import type { Line } from './count.js'
import { errorText } from './report.js'
import { root } from './step.js'

const folder = mkdtempSync(join(tmpdir(), 'fermata-report-'))
after(() => rmSync(folder, { recursive: true }))

/** Runs a test file of its own with both reporters. */
function runTests(text: string) {
  const file = join(folder, 'example.test.mjs')
  const counted = join(folder, 'counts.json')
  writeFileSync(file, `import { test } from 'node:test'\n${text}`)
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const { stdout } = spawnSync(
    process.execPath,
    [
      '--test',
      `--test-reporter=${new URL('./report.js', import.meta.url).href}`,
      '--test-reporter-destination=stdout',
      `--test-reporter=${new URL('./count.js', import.meta.url).href}`,
      `--test-reporter-destination=${counted}`,
      // As `npm test` does it: relative to the repository.
      relative(root, file),
    ],
    { cwd: root, encoding: 'utf8', env },
  )
  const lines = readFileSync(counted, 'utf8').trim().split('\n')
  const { counts } = JSON.parse(lines.at(-1) ?? '') as Line
  return { stdout, lines: lines.slice(0, -1).map((line) => JSON.parse(line) as Line), file, counts }
}

test('a file that passes takes one line, and what it said is not repeated', () => {
  const { stdout, lines, file, counts } = runTests(
    "test('one', () => console.log('chatter'))\ntest('two', () => {})",
  )
  assert.match(stdout, /^✔ .*example\.test\.mjs \(2 tests, \d+\.\d s\)\n$/)
  assert.deepEqual(counts, { passed: 2, failed: 0, skipped: [] })
  assert.deepEqual(lines, [{ started: file }, { ended: file }])
})

test('a failed test tells its whole name, its error with causes, and what was said', () => {
  const { stdout, counts } = runTests(`
    test('outer', async (t) => {
      t.diagnostic('seed 42')
      await t.test('inner', () => { throw new Error('top', { cause: new Error('ground') }) })
    })`)
  assert.match(stdout, /✖ .*example\.test\.mjs \(2 tests/)
  assert.match(stdout, /✖ outer › inner\n {4}Error: top\n/)
  assert.match(stdout, /caused by Error: ground\n/)
  assert.match(stdout, /it said:\n {4}seed 42\n/)
  assert.doesNotMatch(stdout, /node:internal/)
  assert.deepEqual(counts, { passed: 0, failed: 2, skipped: [] })
})

test('a file that breaks before its first test has failed, and shows why', () => {
  const { stdout, counts } = runTests("throw new Error('no start')")
  assert.match(stdout, /✖ .*example\.test\.mjs/)
  assert.match(stdout, /no start/)
  assert.deepEqual(counts, { passed: 0, failed: 1, skipped: [] })
})

test('a skipped test is named with its reason', () => {
  const { counts } = runTests("test('in a page', { skip: 'no chromium' }, () => {})")
  assert.deepEqual(counts, { passed: 0, failed: 0, skipped: ['in a page (no chromium)'] })
})

test('an error without a stack and a thrown text are told as they are', () => {
  assert.equal(errorText('plain'), 'plain')
  const bare = new Error('bare')
  delete bare.stack
  assert.equal(errorText(bare), 'bare')
})
