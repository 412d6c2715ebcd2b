import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identify, type ContactState, type Proof } from './contact.ts'

const visitor: ContactState = {
  name: null,
  email: null,
  timeZone: 'Europe/Rome',
  locale: 'it',
  externalId: null,
}
const known: ContactState = { ...visitor, name: 'Zoë', timeZone: 'UTC', externalId: '7' }
const proof: Proof = { externalId: '7', name: null, email: 'z@example.com', factsSigned: true }
const facts = { name: null, email: null, timeZone: 'Europe/Rome', locale: 'it' }

test('a visitor nobody knows becomes the person they proved to be', () => {
  assert.deepEqual(identify(visitor, undefined, proof), {
    ok: true,
    value: { type: 'named', facts: { ...facts, email: 'z@example.com' } },
  })
})

test('a visitor who is known is merged, and brings where they are now', () => {
  assert.deepEqual(identify({ ...visitor, email: 'typed@example.com' }, known, proof), {
    ok: true,
    value: { type: 'merged', facts: { ...facts, name: 'Zoë', email: 'z@example.com' } },
  })
})

test('whoever is identified stays who they are, whether or not the other is known', () => {
  for (const other of [undefined, { ...known, externalId: '8' }]) {
    const decided = identify(known, other, { ...proof, externalId: '8' })
    assert.ok(!decided.ok)
    assert.equal(decided.refusal.code, 'conflict')
  }
})

test('the same proof again changes nothing, a new signed fact does', () => {
  const again = identify({ ...known, email: 'z@example.com' }, known, proof)
  assert.ok(again.ok && again.value.type === 'same' && !again.value.changed)
  const moved = identify(known, known, proof)
  assert.ok(moved.ok && moved.value.type === 'same' && moved.value.changed)
})

test('what was not signed fills gaps and replaces nothing', () => {
  const told = { ...proof, name: 'Mallory', factsSigned: false }
  const decided = identify(known, known, told)
  assert.ok(decided.ok)
  assert.deepEqual([decided.value.facts.name, decided.value.facts.email], ['Zoë', 'z@example.com'])
})
