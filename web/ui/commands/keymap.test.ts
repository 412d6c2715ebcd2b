import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandIds, keysOf, shownKeys } from './commands.ts'
import { isLetter, step, strokeOf, type KeyDown } from './keymap.ts'

const nothing: KeyDown = {
  key: '',
  code: '',
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  altGraph: false,
}

function stroke(down: Partial<KeyDown>, apple = false): string | undefined {
  return strokeOf({ ...nothing, ...down }, apple)
}

test('letters are told apart by Shift, and only by it', () => {
  assert.equal(stroke({ key: 'e', code: 'KeyE' }), 'E')
  assert.equal(stroke({ key: 'E', code: 'KeyE', shiftKey: true }), 'Shift+E')
  assert.equal(stroke({ key: 'E', code: 'KeyE' }), 'E')
  assert.equal(stroke({ key: 'e', code: 'KeyE', altKey: true }), undefined)
})

test('the modifier is Ctrl, on a Mac the command key, and the other one means nothing', () => {
  assert.equal(stroke({ key: 'k', ctrlKey: true }), 'Mod+K')
  assert.equal(stroke({ key: 'k', metaKey: true }), undefined)
  assert.equal(stroke({ key: 'k', metaKey: true }, true), 'Mod+K')
  assert.equal(stroke({ key: 'k', ctrlKey: true }, true), undefined)
})

test('a keyboard of another script gives the letter in the same place', () => {
  assert.equal(stroke({ key: 'о', code: 'KeyJ' }), 'J')
  assert.equal(stroke({ key: 'υ', code: 'KeyY' }), 'Y')
})

test('a Latin keyboard of another order gives the letter that it shows', () => {
  assert.equal(stroke({ key: 'a', code: 'KeyQ' }), 'A')
  assert.equal(stroke({ key: 'é', code: 'Digit2' }), '2')
  assert.equal(stroke({ key: 'è', code: 'BracketLeft' }), undefined)
})

test('signs count by what they say, however they are typed', () => {
  assert.equal(
    stroke({ key: '[', code: 'BracketLeft', ctrlKey: true, altKey: true, altGraph: true }),
    '[',
  )
  assert.equal(stroke({ key: '?', code: 'Minus', shiftKey: true }), '?')
})

test('digits are strokes of their own, but not the signs above them', () => {
  assert.equal(stroke({ key: '1', code: 'Digit1' }), '1')
  assert.equal(stroke({ key: '!', code: 'Digit1', shiftKey: true }), undefined)
  assert.equal(stroke({ key: '1', code: 'Digit1', shiftKey: true }), '1')
})

test('two strokes after each other lead to one command, and a wrong second one to none', () => {
  assert.deepEqual(step(null, 'G'), { command: null, waiting: 'G' })
  assert.deepEqual(step('G', 'P'), { command: 'go.paused', waiting: null })
  assert.deepEqual(step('G', 'J'), { command: null, waiting: null })
  assert.deepEqual(step(null, 'P'), { command: 'list.previousUnread', waiting: null })
})

test('no two commands share their keys, and none begins where another one ends', () => {
  const all = commandIds.map((id) => keysOf(id)).filter((keys) => keys !== undefined)
  assert.equal(new Set(all).size, all.length)
  const firsts = all.filter((keys) => keys.includes(' ')).map((keys) => keys.split(' ')[0])
  for (const keys of all) assert.ok(!firsts.includes(keys), keys)
})

test('what can be switched off is every single sign, and nothing else', () => {
  const kept = commandIds
    .map((id) => keysOf(id))
    .filter((keys) => keys !== undefined && !isLetter(keys))
  assert.deepEqual(kept, ['Enter', 'Mod+K', 'Mod+Z', 'Escape'])
})

test('keys are shown as the keyboard writes them', () => {
  assert.equal(shownKeys('Shift+E', true), '⇧ E')
  assert.equal(shownKeys('Mod+K', true), '⌘ K')
  assert.equal(shownKeys('Mod+K', false), 'Ctrl K')
  assert.equal(shownKeys('G O', false), 'G O')
})
