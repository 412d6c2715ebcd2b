import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MeView } from '@fermata/contract/accounts.schema'
import { refusal } from '@fermata/contract/errors'
import {
  emptyState,
  windowName,
  type State,
  type Window,
  type WindowKey,
} from '@fermata/contract/state'
import type { Load, Model } from '@fermata/sdk/store'
import { overlaid, snapshotForm, snapshotOf, type Snapshot } from './snapshot.ts'

const me: MeView = {
  kind: 'member',
  workspace: { id: 'wsp_1', name: 'Acme' },
  member: {
    id: 'mbr_me',
    name: 'Olivia',
    email: 'o@a.example',
    role: 'owner',
    deactivatedAt: null,
  },
  contact: null,
  app: null,
  permissions: [],
  position: 7,
}
const key: WindowKey = { list: 'ours', inbox: null, contact: null }
const name = windowName(key)
const loaded: Load = { state: 'loaded', refusal: null }

function windowOf(...ids: Window['ids']): Window {
  return { key, ids, end: null, next: null, stale: false }
}

function model(part: Partial<Model>, state: Partial<State> = {}): Model {
  return {
    me: null,
    feed: 'connecting',
    ended: null,
    loads: {},
    counts: {},
    unread: {},
    pending: {},
    presence: {},
    ...part,
    state: { ...emptyState('mbr_me', 7), ...state },
  }
}

const thread = { messages: [], more: { before: false, after: false }, participants: [] }
const snapshot: Snapshot = {
  form: snapshotForm,
  me,
  counts: { '*': { myTurn: 1, free: 1, ours: 2, paused: 0, resolved: 0, all: 2 } },
  state: {
    ...emptyState('mbr_me', 3),
    windows: { [name]: windowOf('cnv_old') },
    threads: { cnv_old: thread },
    inboxes: { ibx_gone: { id: 'ibx_gone' } as never },
  },
}

test('before the server has said anything, what was seen last is shown', () => {
  const shown = overlaid(model({}), me, snapshot)
  assert.equal(shown.me, me)
  assert.deepEqual(shown.state.windows[name]?.ids, ['cnv_old'])
  assert.ok(shown.state.threads['cnv_old'])
  assert.equal(shown.counts['*']?.ours, 2)
})

test('what the server has told wins, and what it says is empty is empty', () => {
  const told = model({ me, loads: { [name]: loaded } }, { windows: { [name]: windowOf() } })
  assert.deepEqual(overlaid(told, me, snapshot).state.windows[name]?.ids, [])
  const forgotten = model({ me, loads: { [name]: loaded, cnv_old: loaded } })
  const shown = overlaid(forgotten, me, snapshot)
  assert.equal(shown.state.windows[name], undefined)
  assert.equal(shown.state.threads['cnv_old'], undefined)
})

test('what the server refuses to show is not shown from the past', () => {
  const load: Load = { state: 'refused', refusal: refusal('not_found') }
  const shown = overlaid(model({ me, loads: { cnv_old: load, things: loaded } }), me, snapshot)
  assert.equal(shown.state.threads['cnv_old'], undefined)
  assert.deepEqual(shown.state.inboxes, {})
})

test('a session that has ended shows nothing from the past', () => {
  const ended = model({ ended: refusal('not_signed_in') })
  assert.equal(overlaid(ended, me, snapshot), ended)
})

test('who signed in is known before the server says it again', () => {
  assert.equal(overlaid(model({}), me, null).me, me)
  const known = model({ me })
  assert.equal(overlaid(known, me, null), known)
})

test('only what the server has told is kept', () => {
  assert.equal(snapshotOf(model({ me })), null)
  assert.equal(snapshotOf(model({}, { windows: { [name]: windowOf('cnv_1') } })), null)
  const kept = snapshotOf(model({ me }, { windows: { [name]: windowOf('cnv_1') } }))
  assert.deepEqual(kept?.state.windows[name]?.ids, ['cnv_1'])
})
