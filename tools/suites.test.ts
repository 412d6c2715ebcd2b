import assert from 'node:assert/strict'
import { test } from 'node:test'
import { choose, suiteOf } from './suites.js'

const files = [
  'base/ids.test.ts',
  'people/places/actions.test.ts',
  'server/http/app.server.test.ts',
  'server/crash.proof.test.ts',
  'web/places.browser.test.ts',
]

/** What some words choose, as names of checks and paths by suite. */
function chosen(...words: string[]) {
  const { checks, files: bySuite } = choose(words, files)
  const entries = [...bySuite].map(([suite, paths]) => [suite.name, paths] as const)
  return { checks: checks.map(({ name }) => name), ...Object.fromEntries(entries) }
}

test('a test file belongs to the suite that the end of its name says', () => {
  assert.deepEqual(
    files.map((path) => suiteOf(path)?.name),
    ['unit', 'unit', 'server', 'proof', 'browser'],
  )
  assert.equal(suiteOf('base/ids.ts'), undefined)
})

test('no words choose everything', () => {
  assert.deepEqual(chosen(), {
    checks: ['types', 'lint', 'format'],
    unit: ['base/ids.test.ts', 'people/places/actions.test.ts'],
    server: ['server/http/app.server.test.ts'],
    browser: ['web/places.browser.test.ts'],
    proof: ['server/crash.proof.test.ts'],
  })
})

test('names choose checks and suites, parts of file names choose files in them', () => {
  assert.deepEqual(chosen('lint', 'server'), {
    checks: ['lint'],
    server: ['server/http/app.server.test.ts'],
  })
  assert.deepEqual(chosen('places'), {
    checks: [],
    unit: ['people/places/actions.test.ts'],
    browser: ['web/places.browser.test.ts'],
  })
  assert.deepEqual(chosen('browser', 'places'), {
    checks: [],
    browser: ['web/places.browser.test.ts'],
  })
  assert.deepEqual(chosen('no-such-file'), { checks: [] })
})
