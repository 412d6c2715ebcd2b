import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filledReply, firstName, refusedReply } from './reply-text.ts'

const values = {
  'contact.name': 'Vera Ünal',
  'contact.first_name': firstName('Vera Ünal'),
  'contact.email': null,
  'agent.name': 'Ana',
}

test('variables are filled in, and what is missing is replaced by what the reply says', () => {
  const filled = (body: string): string => filledReply(body, values)
  assert.equal(filled('Hello {{contact.first_name|there}},'), 'Hello Vera,')
  assert.equal(filled('{{ contact.name | you }} & {{agent.name}}'), 'Vera Ünal & Ana')
  assert.equal(filled('at {{contact.email|your address}}.'), 'at your address.')
  assert.equal(filled('a{{contact.email|}}b'), 'ab')
  assert.equal(filled('{{agent.name}}{{agent.name}}'), 'AnaAna')
  assert.equal(filled('curly { {x} }} {{ alone'), 'curly { {x} }} {{ alone')
})

test('a value that looks like a variable is words, and so is one that looks like a pattern', () => {
  const named = { 'contact.name': '{{agent.name}}', 'agent.name': '$& $1' }
  assert.equal(filledReply('{{contact.name|x}} {{agent.name}}', named), '{{agent.name}} $& $1')
})

test('a name of spaces is missing', () => {
  assert.equal(filledReply('Hello {{contact.name|you}}', { 'contact.name': '  ' }), 'Hello you')
})

test('what is not in the list is refused by name, and so is what may be missing', () => {
  const refusalOf = (body: string): string => {
    return refusedReply(body)?.message ?? ''
  }
  assert.match(refusalOf('Hi {{contact.phone}}'), /There is no \{\{contact\.phone\}\}/)
  assert.match(refusalOf('Hi {{}}'), /There is no \{\{\}\}/)
  assert.match(refusalOf('Hi {{constructor}}'), /There is no \{\{constructor\}\}/)
  assert.match(refusalOf('Hi {{contact.name}}'), /write \{\{contact\.name\|something else\}\}/)
  assert.equal(refusalOf('Hi {{contact.name|}} {{agent.name}}'), '')
})

test('the first name is the first word', () => {
  assert.equal(firstName(' Ada  Lovelace'), 'Ada')
  assert.equal(firstName('田中'), '田中')
  assert.equal(firstName(''), '')
  assert.equal(firstName(null), null)
})
