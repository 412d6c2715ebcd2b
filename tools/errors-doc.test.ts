import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errors } from '@fermata/contract/errors'
import { currentErrorsPage, errorsPage } from './errors-doc.ts'
import { readText } from './sources.ts'

test('docs/errors.md is what the register makes (npm run docs writes it)', async () => {
  assert.equal(readText('docs/errors.md'), await currentErrorsPage())
})

test('docs/errors.md names the codes of the register, each once, and no others', () => {
  const named = [...readText('docs/errors.md').matchAll(/^\| `(\w+)`/gm)].map(
    (match) => match[1] ?? '',
  )
  assert.deepEqual(named.toSorted(), Object.keys(errors).toSorted())
})

test('a page lists the codes by status and keeps its table whole', async () => {
  const page = await errorsPage({
    late: { status: 503, text: 'Later.' },
    odd: { status: 400, text: 'Either a | or b.' },
    bad: { status: 400, text: 'No.' },
  })
  const rows = page.split('\n').filter((line) => line.startsWith('| `'))
  assert.deepEqual(
    rows.map((row) => row.split('`')[1]),
    ['bad', 'odd', 'late'],
  )
  assert.match(page, /\| 400 +\| Either a \\\| or b\. +\|/)
})
