import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { errors } from '@fermata/contract/errors'
import { commandIds } from '../ui/commands/commands.ts'
import { en } from './en.ts'
import { createWords } from './i18n.ts'
import { it } from './it.ts'
import { directionOf, localeFor, pickLanguage } from './languages.ts'

interface Words {
  readonly [key: string]: string | Words
}

/** Every key with its words, as `room.part.name`. */
function flat(words: Words, before = ''): Map<string, string> {
  const all = new Map<string, string>()
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') all.set(before + key, value)
    else for (const [name, text] of flat(value, `${before}${key}.`)) all.set(name, text)
  }
  return all
}

const english = flat(en)
const italian = flat(it)
const web = fileURLToPath(new URL('..', import.meta.url))

/** Everything that may name a key: the sources besides the words and the tests. */
function sources(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !/^(?:node_modules|dist|i18n)$|\.test\.ts$/.test(name))
    .map((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return sources(path)
      return /\.tsx?$/.test(entry.name) ? readFileSync(path, 'utf8') : ''
    })
    .join('\n')
}

function placeholders(text: string): string[] {
  return Array.from(text.matchAll(/\{\{(\w+)\}\}/g), ([, name = '']) => name).toSorted()
}

test('every key is there in both languages', () => {
  assert.deepEqual([...italian.keys()].toSorted(), [...english.keys()].toSorted())
  assert.ok(english.size > 300)
})

test('both languages put the same things into their words', () => {
  for (const [key, text] of english) {
    // A word for one may leave the number out: "One message".
    const without = (names: string[]): string[] =>
      key.endsWith('_one') ? names.filter((name) => name !== 'count') : names
    assert.deepEqual(
      without(placeholders(italian.get(key) ?? '')),
      without(placeholders(text)),
      key,
    )
  }
})

test('no words are left empty, and Italian is not English that nobody has translated', () => {
  for (const [key, text] of [...english, ...italian]) assert.notEqual(text.trim(), '', key)
  const same = [...english].filter(([key, text]) => {
    const words = text.replaceAll(/\{\{\w+\}\}/g, '').trim()
    return words.length > 12 && italian.get(key) === text
  })
  assert.deepEqual(same, [])
})

test('every plural has all the forms that its languages need', () => {
  for (const key of english.keys()) {
    const stem = /^(.*)_(?:one|other)$/.exec(key)?.[1]
    if (stem === undefined) continue
    assert.ok(english.has(`${stem}_one`) && english.has(`${stem}_other`), stem)
  }
})

test('no words are left that no screen says', () => {
  const text = sources(web)
  const built = Array.from(text.matchAll(/`([\w.]+\.)\$\{/g), ([, prefix = '']) => prefix)
  const isSaid = (key: string): boolean => {
    const plain = key.replace(/_(?:one|other)$/, '')
    return text.includes(`'${plain}'`) || built.some((prefix) => plain.startsWith(prefix))
  }
  assert.deepEqual(
    [...english.keys()].filter((key) => !isSaid(key)),
    [],
  )
})

test('every refusal and every command has words', () => {
  for (const code of Object.keys(errors)) assert.ok(english.has(`app.errors.${code}`), code)
  for (const id of commandIds) assert.ok(english.has(`app.commands.${id}`), id)
})

test('the language is the first that is asked for and spoken, with the region of its reader', () => {
  assert.equal(pickLanguage(['pt-BR', 'it-CH', 'en']), 'it')
  assert.equal(pickLanguage(['fi']), 'en')
  assert.equal(localeFor('en', ['it-IT', 'en-GB']), 'en-GB')
  assert.equal(localeFor('it', ['en-GB']), 'it')
  assert.equal(directionOf('it'), 'ltr')
  assert.equal(directionOf('he'), 'rtl')
})

test('a key with a colon in it is said by its words', () => {
  const words = createWords('en')
  assert.equal(words.t('access.permission.teams:manage'), 'Manage teams')
  assert.equal(words.t('accounts.apps.scope.contacts:read'), 'Read contacts')
})
