import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import {
  deleteEventsTo,
  eventsAfter,
  eventsOfContact,
  feedMigration,
  newestEventsOfConversation,
} from './feed.ts'
import { columnTypes } from './migrate.ts'
import type { Query } from './port.ts'

const db = new DatabaseSync(':memory:')
for (const statement of feedMigration.statements(columnTypes('sqlite'))) db.exec(statement)

/** What SQLite says it will do, in one line. */
function planOf<P extends object>(query: Query<P, unknown>): string {
  const { sql } = query.compile('sqlite')
  const steps = db.prepare(`explain query plan ${sql}`).all()
  return steps.map((step) => String(step['detail'])).join('; ')
}

test('every look into the feed goes along an index and sorts nothing', () => {
  const primary = /^SEARCH feed_events USING PRIMARY KEY \(workspace=\? AND position[<>]\?\)$/
  assert.match(planOf(eventsAfter), primary)
  assert.match(planOf(deleteEventsTo), primary)
  assert.match(
    planOf(eventsOfContact),
    /^SEARCH feed_events USING INDEX feed_events_of_contact \(contact=\? AND position>\?\)$/,
  )
  assert.match(
    planOf(newestEventsOfConversation),
    /^SEARCH feed_events USING INDEX feed_events_of_conversation \(conversation=\?\)$/,
  )
})
