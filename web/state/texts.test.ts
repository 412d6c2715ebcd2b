import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  carryDraft,
  draftsPrefix,
  emptyDraft,
  keepDraft,
  keepDraftBase,
  readDraft,
  readDraftBase,
  wipeText,
} from './drafts.ts'
import {
  defaultPreferences,
  keepPreferences,
  preferencesKey,
  readPreferences,
} from './preferences.ts'

/** The storage of a browser, over a plain map. */
function storage(): Storage {
  const kept = new Map<string, string>()
  return {
    get length() {
      return kept.size
    },
    key: (at) => [...kept.keys()][at] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    clear: () => kept.clear(),
  }
}

const place = { me: 'mbr_me', conversation: 'cnv_1' } as const

test('a draft is kept for one member and one conversation', () => {
  const store = storage()
  keepDraft(store, place, { kind: 'note', text: 'half a' })
  assert.deepEqual(readDraft(store, place), { kind: 'note', text: 'half a' })
  assert.deepEqual(readDraft(store, { ...place, me: 'mbr_ana' }), emptyDraft)
  assert.deepEqual(readDraft(store, { ...place, conversation: 'cnv_2' }), emptyDraft)
  keepDraft(store, place, { kind: 'reply', text: ' \n' })
  assert.equal(store.length, 0)
})

test('a draft is taken along into another conversation, beside what stands there', () => {
  const to = { ...place, conversation: 'cnv_2' } as const
  const store = storage()
  keepDraft(store, place, { kind: 'reply', text: 'one' })
  keepDraftBase(store, place, { kind: 'reply', text: 'on', version: 7 })
  carryDraft(store, place, to)
  assert.deepEqual(readDraft(store, to), { kind: 'reply', text: 'one' })
  assert.equal(readDraftBase(store, to).version, 7)
  assert.deepEqual(readDraft(store, place), emptyDraft)
  keepDraft(store, place, { kind: 'note', text: 'two' })
  carryDraft(store, place, to)
  assert.deepEqual(readDraft(store, to), { kind: 'note', text: 'one\n\ntwo' })
  carryDraft(store, place, to)
  assert.deepEqual(readDraft(store, to), { kind: 'note', text: 'one\n\ntwo' }, 'once')
  assert.equal(readDraftBase(store, place).version, 0)
})

test('what is no draft is as if there were none', () => {
  const store = storage()
  for (const text of ['', '{', 'null', '7', '{"text":7}', '{"kind":"note"}']) {
    store.setItem(`${draftsPrefix}mbr_me/cnv_1`, text)
    assert.deepEqual(readDraft(store, place), emptyDraft, text)
  }
  store.setItem(`${draftsPrefix}mbr_me/cnv_1`, '{"text":"a","kind":"shout"}')
  assert.deepEqual(readDraft(store, place), { kind: 'reply', text: 'a' })
})

test('wiping forgets everything of its kinds and nothing else', () => {
  const store = storage()
  keepDraft(store, place, { kind: 'reply', text: 'a' })
  keepDraft(store, { ...place, conversation: 'cnv_2' }, { kind: 'reply', text: 'b' })
  keepPreferences(store, { ...defaultPreferences, theme: 'dark' })
  wipeText(store, [draftsPrefix])
  assert.equal(store.length, 1)
  assert.equal(readPreferences(store).theme, 'dark')
})

test('preferences come back as they were kept; anything else is the default', () => {
  const store = storage()
  assert.deepEqual(readPreferences(store), defaultPreferences)
  const own = { theme: 'light', language: 'it', letters: false, sendBy: 'enter' } as const
  keepPreferences(store, own)
  assert.deepEqual(readPreferences(store), own)
  for (const text of ['{', 'null', '"dark"', '{"theme":"pink","language":"xx","sendBy":1}']) {
    store.setItem(preferencesKey, text)
    assert.deepEqual(readPreferences(store), defaultPreferences, text)
  }
})
