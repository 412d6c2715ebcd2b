import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { openPasswords, PasswordsBusy } from './password.ts'

const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)
const light = { ln: 10, r: 8, p: 1 }

test('a password is hashed with the published work, and differently each time', async () => {
  const passwords = openPasswords(random)
  const stored = await passwords.hash('correct horse')
  assert.match(stored, /^\$scrypt\$ln=15,r=8,p=3\$[\w+/]{22}\$[\w+/]{43}$/)
  assert.ok(await passwords.verify(stored, 'correct horse'))
  assert.ok(!(await passwords.verify(stored, 'correct horsf')))
  assert.notEqual(await passwords.hash('correct horse'), stored)
})

test('a stored hash is checked with its own work, and by the vector of RFC 7914', async () => {
  const light15 = await openPasswords(random, light).hash('correct horse')
  assert.ok(await openPasswords(random).verify(light15, 'correct horse'))
  const hash = Buffer.from(
    'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162' +
      '2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
    'hex',
  )
  const salt = Buffer.from('NaCl').toString('base64').replaceAll('=', '')
  // The vector has 64 bytes; scrypt's shorter outputs are beginnings of the longer ones.
  const stored = `$scrypt$ln=10,r=8,p=16$${salt}$${hash.subarray(0, 32).toString('base64').replaceAll('=', '')}`
  assert.ok(await openPasswords(random).verify(stored, 'password'))
})

test('the same letters typed as other code points are the same password', async () => {
  const passwords = openPasswords(random, light)
  const stored = await passwords.hash('perch\u00e9 no\u0301')
  assert.ok(await passwords.verify(stored, 'perche\u0301 n\u00f3'))
})

test('a stored text of an unknown form is a fault, not a wrong password', async () => {
  await assert.rejects(openPasswords(random).verify('$argon2id$x', 'a'), /unknown form/)
})

test('beyond so many waiting hashes the next is refused, and all that wait are done', async () => {
  const passwords = openPasswords(random, { ln: 4, r: 1, p: 1 })
  const room = limits.passwordHashesAtOnceMax + limits.passwordHashesWaitingMax
  const all = Array.from({ length: room }, () => passwords.hash('a'))
  await assert.rejects(passwords.hash('a'), PasswordsBusy)
  assert.equal(new Set(await Promise.all(all)).size, room)
  assert.ok(await passwords.hash('a'))
})
