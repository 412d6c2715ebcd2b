import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { answered } from './answers/all.ts'
import { apiNames, apis } from './apis.ts'

/** The rows that docs/protocols.md must have: every API that is offered, with its versions. */
function offeredRows(): readonly string[] {
  return apiNames.flatMap((name) => {
    const versions = answered[name]
    if (versions === undefined || versions.min > versions.max) return []
    const { min, max } = versions
    return [`| ${apis[name].key} | ${name} | ${min === max ? min : `${min}-${max}`} |`]
  })
}

void test('docs/protocols.md lists every API with the versions that are offered, and no other', () => {
  const page = readFileSync(new URL('../../../docs/protocols.md', import.meta.url), 'utf8')
  const rows = page.split('\n').filter((line) => /^\|\s*\d+ \|/.test(line))
  const plain = rows.map((row) => row.replaceAll(/\s+/g, ' ').replace(/^\|(?! )/, '| '))
  assert.deepEqual(plain, offeredRows())
})
