import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { idText, type ContactId, type ConversationId, type InboxId } from '@fermata/base/ids'
import type { ConversationRow, MineView } from './conversations.schema.ts'
import { apply } from './apply.ts'
import type { AnyEvent } from './events.schema.ts'
import type { LeaseView } from './leases.schema.ts'
import { compareKeys, inList, sortKey } from './lists.ts'
import { loadPage } from './load.ts'
import type { InboxView } from './places.schema.ts'
import { emptyState, windowName, type State, type WindowKey } from './state.ts'
import { lists } from './words.ts'

const bytes = (n: number) => new Uint8Array(16).fill(n)
const conversation = (n: number): ConversationId => idText('cnv', bytes(n))
const inbox = (n: number): InboxId => idText('ibx', bytes(n))
const contact: ContactId = idText('ctc', bytes(1))
const me = idText('mbr', bytes(9))

/** The facts of one conversation, as a generator makes them. */
const facts = fc.record({
  n: fc.integer({ min: 0, max: 11 }),
  inbox: fc.integer({ min: 1, max: 2 }),
  status: fc.constantFrom('open' as const, 'paused' as const, 'resolved' as const),
  turn: fc.constantFrom('ours' as const, 'theirs' as const),
  side: fc.constantFrom('ours' as const, 'theirs' as const),
  when: fc.integer({ min: 1, max: 6 }),
  archived: fc.boolean(),
  holder: fc.constantFrom(null, me, 'app_bot' as const),
})
type Facts = typeof facts extends fc.Arbitrary<infer F> ? F : never

function leaseOf(id: LeaseView['holder']['id']): LeaseView {
  return { holder: { kind: 'member', id, name: 'Ada' }, since: 1, until: 2, note: null }
}

/** The first inbox is everybody's who sees it, the second belongs to a team that I am not in. */
const inboxes = Object.fromEntries(
  [null, idText('tea', bytes(1))].map((team, at): [InboxId, InboxView] => {
    const minutes = { low: null, normal: null, high: null, urgent: null }
    const id = inbox(at + 1)
    const words = { name: 'Inbox', medium: 'api', key: 'key_key_key', greeting: '' } as const
    return [id, { id, ...words, team, origins: [], answerMinutes: minutes, createdAt: 1 }]
  }),
)
const start: State = { ...emptyState(me, 0), inboxes }
const looker = { me, serves: (id: InboxId) => id === inbox(1) }

function rowOf(f: Facts): ConversationRow {
  return {
    id: conversation(f.n),
    inbox: inbox(f.inbox),
    contact,
    subject: '',
    status: f.status,
    turn: f.status === 'resolved' ? 'nobody' : f.turn,
    turnSince: f.when,
    due: f.turn === 'ours' && f.when > 2 ? f.when : null,
    urgency: 'normal',
    labels: [],
    lastNumber: f.when,
    lastAt: f.when,
    preview: null,
    pause:
      f.status === 'paused'
        ? { by: null, side: f.side, at: 1, until: f.when > 3 ? f.when : null, reason: '' }
        : null,
    resolution: f.status === 'resolved' ? { by: null, at: f.when } : null,
    lease: f.holder === null ? null : leaseOf(f.holder),
    token: f.when,
    createdAt: 1,
  }
}

function mineOf(f: Facts): MineView {
  const archivedNumber = f.archived ? f.when : null
  return { conversation: conversation(f.n), cursor: 0, archivedNumber, snoozedUntil: null }
}

function eventOf(f: Facts, position: number): AnyEvent {
  return {
    position,
    at: 1,
    actor: me,
    type: 'mine.changed',
    conversation: conversation(f.n),
    body: {},
    now: { conversation: rowOf(f), mine: mineOf(f) },
  }
}

/** What the whole list holds, by the definition: filter, then sort. */
function wholeList(all: ReadonlyMap<number, Facts>, key: WindowKey): ConversationId[] {
  return [...all.values()]
    .filter((f) => key.inbox === null || inbox(f.inbox) === key.inbox)
    .filter((f) => inList(key.list, rowOf(f), mineOf(f), looker))
    .map(rowOf)
    .sort((a, b) => compareKeys(sortKey(key.list, a), sortKey(key.list, b)))
    .map((row) => row.id)
}

/** Loads the first `size` rows of a window, as a server that knows all would answer. */
function loaded(
  state: State,
  all: ReadonlyMap<number, Facts>,
  key: WindowKey,
  size: number,
): State {
  const ids = wholeList(all, key)
  const shown = ids.slice(0, size)
  const known = [...all.values()].filter((f) => shown.includes(conversation(f.n)))
  const rows = shown.map((id) => rowOf(known.find((f) => conversation(f.n) === id)!))
  const next = ids.length > size ? 'more' : null
  return loadPage(state, key, { rows, mine: known.map(mineOf), contacts: [], next }, true)
}

const keys: WindowKey[] = lists.flatMap((list) =>
  [null, inbox(1)].map((one) => ({ list, inbox: one, contact: null })),
)

test('after any events a window holds exactly the rows of its list up to its known end', () => {
  const before = fc.array(facts, { maxLength: 10 })
  const after = fc.array(facts, { maxLength: 25 })
  fc.assert(
    fc.property(before, after, fc.integer({ min: 1, max: 6 }), (first, later, size) => {
      const all = new Map(first.map((f) => [f.n, f]))
      let state = start
      for (const key of keys) state = loaded(state, all, key, size)
      later.forEach((f, at) => {
        all.set(f.n, f)
        state = apply(state, eventOf(f, at + 1))
        for (const key of keys) {
          const window = state.windows[windowName(key)]!
          const { end } = window
          const expected = wholeList(all, key).filter((id) => {
            const row = rowOf([...all.values()].find((one) => conversation(one.n) === id)!)
            return end === null || compareKeys(sortKey(key.list, row), end) <= 0
          })
          assert.deepEqual(window.ids, expected, windowName(key))
        }
      })
    }),
    { numRuns: 300 },
  )
})

test('an event that is applied again changes nothing', () => {
  fc.assert(
    fc.property(fc.array(facts, { minLength: 1, maxLength: 10 }), (all) => {
      let state = loaded(start, new Map(), keys[0]!, 5)
      all.forEach((f, at) => (state = apply(state, eventOf(f, at + 1))))
      assert.deepEqual(apply(state, eventOf(all.at(-1)!, all.length)), state)
    }),
  )
})
