import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import { emptyState, type State, type Window } from '@fermata/contract/state'
import { Desk } from '@fermata/testkit/desk'
import { randomFrom } from '@fermata/testkit/random'
import { pruned } from './store.prune.ts'

const desk = new Desk(randomFrom(1))
desk.act()
const [row] = [...desk.rows.values()]

/** A state with so many windows, threads and rows; each window shows one row. */
function stateWith(windows: number, threads: number, rows: number): State {
  const ids = Array.from({ length: rows }, (_, at): ConversationId => `cnv_${at}`)
  const thread = { messages: [], more: { before: false, after: false }, participants: [] }
  const window = (at: number): Window => ({
    key: { list: 'all', inbox: null, contact: null },
    ids: [ids[at]!],
    end: null,
    next: null,
    stale: false,
  })
  return {
    ...emptyState('mbr_me', 1),
    rows: Object.fromEntries(ids.map((id) => [id, { ...row!, id }])),
    windows: Object.fromEntries(Array.from({ length: windows }, (_, at) => [`w${at}`, window(at)])),
    threads: Object.fromEntries(ids.slice(0, threads).map((id) => [id, thread])),
  }
}

const nothing = { windows: [], threads: [] }

test('a state within its limits is left as it is', () => {
  const state = stateWith(limits.windowsHeldMax, limits.threadsHeldMax, limits.rowsHeldMax)
  assert.equal(pruned(state, nothing), state)
})

test('windows and threads that were shown longest ago go first', () => {
  const state = stateWith(limits.windowsHeldMax + 2, limits.threadsHeldMax + 1, 100)
  const used = Object.keys(state.windows).toReversed()
  const threads = Object.keys(state.threads).filter((id) => id !== 'cnv_7')
  const next = pruned(state, { windows: used, threads })
  assert.equal(Object.keys(next.windows).length, limits.windowsHeldMax)
  assert.equal(next.windows[used[0]!], undefined)
  assert.equal(next.windows[used[1]!], undefined)
  assert.ok(next.windows['w0'])
  assert.equal(Object.keys(next.threads).length, limits.threadsHeldMax)
  assert.equal(next.threads['cnv_7'], undefined)
})

test('too many rows lose those that stand nowhere, and no others', () => {
  const next = pruned(stateWith(3, 5, limits.rowsHeldMax + 1), nothing)
  assert.deepEqual(Object.keys(next.rows).toSorted(), ['cnv_0', 'cnv_1', 'cnv_2', 'cnv_3', 'cnv_4'])
})
