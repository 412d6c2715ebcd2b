import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '@fermata/testkit/random'
import { rejoined } from './rejoin.ts'

function after(parents: Record<string, string | null>): Record<string, string | null> {
  return Object.fromEntries(rejoined(new Map(Object.entries(parents)), 'visitor', 'person'))
}

test('those who were joined to a visitor are joined to who it was', () => {
  assert.deepEqual(after({ visitor: null, other: 'visitor', person: null }), {
    other: 'person',
    person: null,
  })
})

test('who it was takes the visitor’s place, unless they have one of their own', () => {
  assert.deepEqual(after({ visitor: 'other', other: null, person: null }), {
    other: null,
    person: 'other',
  })
  assert.deepEqual(after({ visitor: 'other', other: null, person: 'third', third: null }), {
    other: null,
    person: 'third',
    third: null,
  })
})

test('who was joined to the visitor before is not joined to themselves', () => {
  assert.deepEqual(after({ visitor: null, person: 'visitor', other: 'visitor' }), {
    person: null,
    other: 'person',
  })
  assert.deepEqual(after({ visitor: 'person', person: null }), { person: null })
  assert.deepEqual(after({ visitor: 'top', top: null, other: 'visitor', person: 'other' }), {
    top: null,
    other: 'person',
    person: 'top',
  })
})

test('whoever is joined to whom, nobody is lost and nobody goes round in circles', () => {
  const random = seededRandom('who is joined to whom')
  for (let round = 0; round < 2_000; round++) {
    const names = ['visitor', 'person', 'a', 'b', 'c', 'd']
    const parents = new Map<string, string | null>()
    for (const name of names.toSorted(() => random.below(3) - 1)) {
      const known = [...parents.keys()]
      parents.set(name, known.length === 0 || random.below(3) === 0 ? null : random.pick(known))
    }
    const out = rejoined(parents, 'visitor', 'person')
    assert.deepEqual([...out.keys()].toSorted(), ['a', 'b', 'c', 'd', 'person'])
    for (const one of out.keys()) {
      let steps = 0
      for (let at = out.get(one) ?? null; at !== null; at = out.get(at) ?? null) {
        assert.ok(out.has(at), `${one} is joined to one who is there`)
        steps += 1
        assert.ok(steps < 10, JSON.stringify([...parents]))
      }
    }
  }
})
