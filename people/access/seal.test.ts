import assert from 'node:assert/strict'
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { keysFrom, openKeyFile, SealBroken } from './seal.ts'

const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)
const master = (byte: number) => new Uint8Array(32).fill(byte)

test('what is sealed opens again, differs each time, and does not show its text', () => {
  const keys = keysFrom(master(1), random)
  const sealed = keys.seal('a secret, tanto più', 'inbox a')
  assert.equal(keys.open(sealed, 'inbox a'), 'a secret, tanto più')
  assert.notDeepEqual(keys.seal('a secret, tanto più', 'inbox a'), sealed)
  assert.ok(!Buffer.from(sealed).toString('latin1').includes('secret'))
})

test('it does not open elsewhere, under another key, or with any bit changed', () => {
  const keys = keysFrom(master(1), random)
  const sealed = keys.seal('a secret', 'inbox a')
  assert.throws(() => keys.open(sealed, 'inbox b'), SealBroken)
  assert.throws(() => keysFrom(master(2), random).open(sealed, 'inbox a'), SealBroken)
  for (let i = 0; i < sealed.length; i++) {
    const bent = Uint8Array.from(sealed)
    bent[i]! ^= 1
    assert.throws(() => keys.open(bent, 'inbox a'), SealBroken, `byte ${i}`)
  }
  assert.throws(() => keys.open(sealed.subarray(0, 20), 'inbox a'), SealBroken)
})

test('secrets derived for two purposes differ, and stay the same', () => {
  const keys = keysFrom(master(1), random)
  assert.equal(keys.derived('one'), keysFrom(master(1), random).derived('one'))
  assert.notEqual(keys.derived('one'), keys.derived('two'))
  assert.notEqual(keys.derived('one'), keysFrom(master(2), random).derived('one'))
})

test('the key file is made once, for its owner alone, and refused when others may read it', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-keys-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'keys', 'seal.key')
  const sealed = openKeyFile(path, random).seal('a secret', 'here')
  assert.equal(statSync(path).mode & 0o777, 0o600)
  const content = readFileSync(path)
  assert.equal(openKeyFile(path, random).open(sealed, 'here'), 'a secret')
  assert.deepEqual(readFileSync(path), content)
  chmodSync(path, 0o640)
  assert.throws(() => openKeyFile(path, random), /others may read/)
})

test('a damaged key file is refused, and one left half written by a crash is not taken for one', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-keys-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'damaged.key'), 'c2hvcnQ\n', { mode: 0o600 })
  assert.throws(() => openKeyFile(join(folder, 'damaged.key'), random), /does not hold a key/)
  writeFileSync(join(folder, 'seal.key.new'), 'c2', { mode: 0o600 })
  const keys = openKeyFile(join(folder, 'seal.key'), random)
  assert.equal(keys.open(keys.seal('a secret', 'here'), 'here'), 'a secret')
})

test('of two servers that make the key file at one moment both go on with the first one', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-seal-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'keys', 'seal.key')
  let first: ReturnType<typeof openKeyFile> | undefined
  // The other server makes the file while this one draws its key.
  const second = openKeyFile(path, (bytes) => {
    first ??= openKeyFile(path, random)
    return random(bytes)
  })
  assert.equal(second.derived('a purpose'), first!.derived('a purpose'))
  assert.deepEqual(readdirSync(join(folder, 'keys')), ['seal.key'])
})
