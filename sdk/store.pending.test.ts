import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry } from './outbox.entries.ts'
import { pendingOf } from './store.pending.ts'

const entry = (id: string, order: number, to: string): Entry => ({
  ...{ id, order, at: 0, state: 'refused', refusal: null, trouble: null },
  ...{ failures: 0, retryAt: 0, send: { kind: 'post', to, body: { client: id, text: id } } },
})

test('what waits in a conversation that became part of another is shown there', () => {
  const entries = [entry('a', 1, 'cnv_source'), entry('b', 2, 'cnv_target'), entry('c', 3, 'new')]
  const moved = { cnv_source: 'cnv_middle', cnv_middle: 'cnv_target' } as const
  const lanes = Object.entries(pendingOf(entries, [], moved))
  assert.deepEqual(
    lanes.map(([lane, pending]) => [lane, pending?.map((one) => one.entry.id)]),
    [
      ['cnv_target', ['a', 'b']],
      ['new', ['c']],
    ],
  )
})
