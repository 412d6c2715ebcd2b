import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { labelColours } from '@fermata/contract/labels'

type Rgb = [number, number, number]

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8')

/** Every colour that is written as light-dark(#…, #…), by its name. */
const tokens = new Map(
  Array.from(
    css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g),
    ([, name = '', light = '', dark = '']) => [name, { light, dark }] as const,
  ),
)

function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

/** Relative luminance, as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  const [r, g, b] = rgbOf(hex).map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** The contrast ratio of WCAG 2.2, from 1 to 21. */
function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function both(ink: string, ground: string, ratio: number): void {
  for (const theme of ['light', 'dark'] as const) {
    const [a, b] = [tokens.get(ink)?.[theme], tokens.get(ground)?.[theme]]
    assert.ok(a !== undefined && b !== undefined, `${ink} or ${ground} is no colour`)
    const found = contrast(a, b)
    assert.ok(found >= ratio, `${ink} on ${ground}, ${theme}: ${found.toFixed(2)}, not ${ratio}`)
  }
}

const grounds = ['paper', 'paper-dim', 'paper-raised', 'paper-hover', 'paper-press', 'accent-soft']

test('the measure is that of WCAG', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21)
  assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48')
})

test('all text can be read on every ground it stands on, in both themes', () => {
  for (const ground of grounds) {
    both('ink', ground, 7)
    both('ink-soft', ground, 4.5)
    both('deadline', ground, 4.5)
  }
  for (const ground of ['paper', 'paper-dim', 'paper-raised', 'accent-soft']) {
    both('accent', ground, 4.5)
  }
  both('on-accent', 'accent', 4.5)
  both('on-accent', 'accent-press', 4.5)
  both('ink', 'note', 7)
  both('ink-soft', 'note', 4.5)
  both('note-ink', 'note', 4.5)
  // Notices stand on ink.
  both('paper', 'ink', 7)
})

test('the edges of controls and the ring of the focus can be told from the paper', () => {
  for (const ground of ['paper', 'paper-dim', 'paper-raised']) {
    both('line-strong', ground, 3)
    both('accent', ground, 3)
  }
})

test('the sign of each label can be told from every ground it stands on', () => {
  for (const colour of labelColours) {
    for (const ground of grounds) both(`label-${colour}`, ground, 3)
  }
})
