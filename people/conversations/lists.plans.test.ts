import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { columnTypes } from '@fermata/storage/migrate'
import type { Query } from '@fermata/storage/port'
import { inboxKeys } from './lists.keys.sql.ts'
import { keptCounts, putAwayCount, putAwayCounts, seenCounts } from './counts.sql.ts'
import { conversationMigrations } from './migrations.ts'

const db = new DatabaseSync(':memory:')
for (const { statements } of conversationMigrations) {
  for (const statement of statements(columnTypes('sqlite'))) db.exec(statement)
}

/** What SQLite says it will do, step by step. */
function planOf<P extends object>(query: Query<P, unknown>): string[] {
  const { sql } = query.compile('sqlite')
  return db
    .prepare(`explain query plan ${sql}`)
    .all()
    .map((step) => String(step['detail']))
}

for (const list of ['free', 'ours', 'paused', 'resolved', 'all'] as const) {
  test(`the list ${list} is read in order, out of its own index`, () => {
    const plan = planOf(inboxKeys[list])
    const search = plan.find((step) => step.startsWith('SEARCH conversations USING'))
    assert.match(search ?? '', new RegExp(`INDEX conversations_${list} \\(inbox=\\? AND `))
    assert.ok(!plan.some((step) => step.includes('TEMP B-TREE')), plan.join('\n'))
  })

  test(`the list ${list} is counted inbox by inbox, out of its own index`, () => {
    for (const counts of [keptCounts, seenCounts]) {
      const plan = planOf(counts[list])
      const search = plan.find((step) => step.startsWith('SEARCH conversations USING'))
      assert.match(search ?? '', new RegExp(`INDEX conversations_${list} \\(inbox=\\?\\)`))
    }
  })

  // SQLite reads the holder of what is free, though the index says that there is none.
  if (list === 'free') continue
  test(`the list ${list} is counted without a look at any row, whoever put it away`, () => {
    const search = planOf(keptCounts[list]).find((step) => step.startsWith('SEARCH conversations'))
    assert.match(search ?? '', /USING COVERING INDEX/)
  })
}

test('what somebody put away is found by an index that holds nothing else', () => {
  for (const plan of [planOf(putAwayCount), planOf(putAwayCounts)]) {
    const search = plan.find((step) => step.startsWith('SEARCH own '))
    assert.match(search ?? '', /INDEX participants_put_away \(actor=\?\)/, plan.join('\n'))
  }
})
