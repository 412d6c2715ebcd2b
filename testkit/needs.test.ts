import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allNeeds, findProgram, need, parseNeeds } from './needs.ts'

test('a list of needs has four columns, and comments', () => {
  const text = '# why\n\nchromium  chrome-deb  chromium,/opt/*/chrome  browser,proof\n'
  assert.deepEqual(parseNeeds(text), [
    {
      name: 'chromium',
      apt: 'chrome-deb',
      programs: ['chromium', '/opt/*/chrome'],
      suites: ['browser', 'proof'],
    },
  ])
})

test('every need names a package, a program and a suite that exists', () => {
  for (const { name, apt, programs, suites } of allNeeds()) {
    assert.match(apt, /^[a-z0-9+-]+$/, name)
    assert.ok(programs.every((program) => program !== ''))
    for (const suite of suites) assert.match(suite, /^(?:unit|server|browser|proof|rivals)$/, name)
  }
})

test('a program is found on the PATH and under any version', () => {
  const suites = ['unit']
  const shell = { name: 'shell', apt: 'dash', programs: ['no-such-program', 'sh'], suites }
  assert.match(findProgram(shell) ?? '', /\/sh$/)
  const link = { name: 'link', apt: 'none', programs: ['/proc/*/exe'], suites }
  assert.match(findProgram(link) ?? '', /^\/proc\/[^/]+\/exe$/)
  const none = { name: 'none', apt: 'none', programs: ['/no/such/*/place', 'no-such'], suites }
  assert.equal(findProgram(none), undefined)
})

test('a missing program skips a test by name, and fails it under CI', () => {
  const before = { PATH: process.env['PATH'], CI: process.env['CI'] }
  try {
    process.env['PATH'] = '/no/such/folder'
    process.env['CI'] = 'false'
    assert.deepEqual(need('strace'), {
      skip: 'strace is not installed (see tools/needs)',
      path: '',
    })
    process.env['CI'] = 'true'
    assert.throws(() => need('strace'), /strace is not installed .* under CI/)
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
})
