import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loaderWords } from '../loader/words.ts'
import { english, type Word } from './words.en.ts'
import { dictionaries, languageOf, localeOf, sayIn } from './words.ts'

const placesIn = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).toSorted()
const names = Object.keys(english) as Word[]

test('every language has every sentence, with the same places and the same choices', () => {
  for (const [language, dictionary] of Object.entries(dictionaries)) {
    assert.deepEqual(Object.keys(dictionary).toSorted(), names.toSorted(), language)
    for (const name of names) {
      const said = `${language}.${name}`
      const forms = dictionary[name].split('|')
      assert.equal(forms.length, english[name].split('|').length, said)
      for (const form of forms) {
        assert.ok(form.trim() !== '', said)
        assert.deepEqual(placesIn(form), placesIn(english[name].split('|')[0]!), said)
      }
    }
  }
})

test('no Italian sentence is an English one that was left over', () => {
  for (const name of names) assert.notEqual(dictionaries.it[name], english[name], name)
})

test('the launcher has its words in both languages', () => {
  for (const words of Object.values(loaderWords)) {
    assert.deepEqual(Object.keys(words).toSorted(), Object.keys(loaderWords.en).toSorted())
    for (const word of Object.values(words)) assert.notEqual(String(word).trim(), '')
  }
})

test('a sentence is filled in, and chosen by number', () => {
  const say = sayIn('it')
  assert.equal(say('isWriting', { name: 'Ada' }), 'Ada sta scrivendo')
  assert.equal(say('unreadCount', { count: 1 }), '1 nuova risposta')
  assert.equal(say('unreadCount', { count: 3 }), '3 nuove risposte')
})

test('the language is the first of the visitor’s that there is, with their regional form', () => {
  assert.equal(languageOf(['de-DE', 'it-CH', 'en-US']), 'it')
  assert.equal(languageOf(['de-DE', 'fr']), 'en')
  assert.equal(languageOf([]), 'en')
  assert.equal(localeOf('it', ['de-DE', 'it-CH']), 'it-CH')
  assert.equal(localeOf('en', ['fr-FR']), 'en')
})
