import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import { isSmallTalk, wordsOf, type SmallTalkList } from './small-talk.ts'

const lists: readonly SmallTalkList[] = [
  { language: 'all', words: ['ok', '👍', '🙏', '❤'] },
  {
    language: 'en',
    words: ['thanks', 'thank', 'you', 'so', 'much', 'for', 'help', "that's", 'great'],
  },
  { language: 'it', words: ['grazie', 'mille', 'perché', "dell'aiuto", 'è'] },
  { language: 'de', words: ['danke', 'schöne', 'grüße', 'dank', 'grosse'] },
  { language: 'el', words: ['ευχαριστώ', 'πολύ', 'κόσμος'] },
  { language: 'ja', words: ['ありがとうございます'] },
]

const small = (text: string): boolean => isSmallTalk(text, lists)

test('small talk is what is said with the words of one list', () => {
  const said = [
    'Thanks',
    'THANKS!!!',
    '  thank you, so much… ',
    'Thanks \u{1f44d}\u{1f3fd}',
    '\u2764\uFE0F',
    '\u{1f64f}\u{1f64f}',
    'ok.',
    'ok thanks',
    '*Thanks!*',
    'That’s great',
    'THAT\u02BCS great',
    'Grazie mille :)',
    'grazie dell’aiuto',
    'È',
    'E\u0300 perche\u0301',
    'SCHÖNE GRÜSSE',
    'schöne grüße',
    'große',
    'Ευχαριστώ πολύ',
    'ΚΌΣΜΟΣ',
    'ありがとうございます。',
    'ＯＫ',
  ]
  for (const text of said) assert.ok(small(text), text)
})

test('anything else is more than small talk', () => {
  const said = [
    '',
    '  ',
    '!!!',
    'Thanks, and when does it come',
    'thanks 3',
    'Thank you?',
    'thanks\u037E',
    'ありがとうございます？',
    '¿gracias',
    'thanks \u2753',
    'no thanks',
    'thanks \u{1f621}',
    'thanks €',
    'thanks https://example.com',
    'thanks grazie',
    'thank you so much for help ok',
    'perche',
    'danke-vielmals',
    'thankyou',
    'th\u200Banks',
  ]
  for (const text of said) assert.ok(!small(text), JSON.stringify(text))
})

test('six words are small talk, seven are not, and neither is what is long', () => {
  assert.ok(small('ok ok ok ok ok ok'))
  assert.ok(!small('ok ok ok ok ok ok ok'))
  assert.ok(small(`ok${'.'.repeat(limits.smallTalkCharsMax - 2)}`))
  assert.ok(!small(`ok${'.'.repeat(limits.smallTalkCharsMax)}`))
})

test('without lists nothing is small talk', () => {
  assert.ok(!isSmallTalk('thanks', []))
  assert.ok(!isSmallTalk('thanks', [{ language: 'en', words: [] }]))
})

test('emoji that belong together are one word, and how they look does not matter', () => {
  assert.deepEqual(wordsOf('👩🏽‍💻 ok'), ['👩‍💻', 'ok'])
  assert.deepEqual(wordsOf('❤️'), wordsOf('❤'))
})
