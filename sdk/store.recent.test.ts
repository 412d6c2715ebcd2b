import assert from 'node:assert/strict'
import { test } from 'node:test'
import { limits } from '@fermata/base/limits'
import type { AnyEvent } from '@fermata/contract/events.schema'
import { RecentEvents } from './store.recent.ts'

function event(position: number): AnyEvent {
  return {
    position,
    at: 0,
    actor: null,
    type: 'conversation.resolved',
    conversation: null,
    body: {},
    now: {},
  }
}

function positions(events: readonly AnyEvent[] | null): number[] | null {
  return events?.map(({ position }) => position) ?? null
}

test('the events after a position are those that came after it', () => {
  const recent = new RecentEvents(10)
  recent.add([event(12), event(15)])
  assert.deepEqual(positions(recent.after(10)), [12, 15])
  assert.deepEqual(positions(recent.after(12)), [15])
  assert.deepEqual(positions(recent.after(20)), [])
})

test('what happened before it began is not known', () => {
  assert.equal(new RecentEvents(10).after(9), null)
})

test('only so many are kept, and what is lost with the others is known', () => {
  const recent = new RecentEvents(0)
  const max = limits.recentEventsMax
  recent.add(Array.from({ length: max + 3 }, (_, at) => event(at + 1)))
  assert.equal(recent.after(2), null)
  assert.equal(recent.after(3)?.length, max)
})
