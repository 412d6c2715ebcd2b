import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReplyView } from '@fermata/contract/replies.schema'
import { matching, slashAt, withWords } from './slash.ts'

test('a slash begins a search where a word would begin', () => {
  assert.deepEqual(slashAt('/', 1), { from: 0, query: '' })
  assert.deepEqual(slashAt('Hi\n/thank', 9), { from: 3, query: 'thank' })
  assert.deepEqual(slashAt('Hi /thank you', 13), { from: 3, query: 'thank you' })
  assert.deepEqual(slashAt('Hi /thank you', 5), { from: 3, query: 't' })
  for (const text of ['and/or', 'a / b', '/etc/hosts', 'https://x', '/two\nlines', 'none']) {
    assert.equal(slashAt(text, text.length), null, text)
  }
})

function reply(title: string, shortcut = '', body = ''): ReplyView {
  return { id: `rpl_${title}`, title, shortcut, body, owner: null }
}

test('what fits best comes first: the shortcut, then the title, then the words', () => {
  const all = [
    reply('Délai de livraison', 'late'),
    reply('Lateness'),
    reply('Refund', 'refund', 'If it comes late'),
    reply('Much too late'),
    reply('Other'),
  ]
  const titles = (query: string) => matching(all, query, 10).map(({ title }) => title)
  assert.deepEqual(titles('late'), ['Délai de livraison', 'Lateness', 'Much too late', 'Refund'])
  assert.deepEqual(titles('DELAI'), ['Délai de livraison'])
  assert.deepEqual(titles('late much'), ['Much too late'])
  assert.equal(matching(all, '', 3).length, 3)
  assert.deepEqual(titles('nothing of it'), [])
})

test('the words stand where the search stood', () => {
  assert.deepEqual(withWords('Hi /th, bye', { from: 3, query: 'th' }, 'thanks'), {
    text: 'Hi thanks, bye',
    caret: 9,
  })
})
