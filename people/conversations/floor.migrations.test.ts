import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openStorage } from '@fermata/storage/open'
import type { Migration } from '@fermata/storage/port'
import { queriesOver } from '@fermata/storage/query'
import { fakeClock } from '@fermata/testkit/clock'
import { conversationMigrations } from './migrations.ts'
import type { ConversationTable } from './tables.ts'

type Before = Omit<ConversationTable, 'channel' | 'direct'>

const query = queriesOver<{ conversations: Before }>()
const insert = query<Before>()((db, p) =>
  db.insertInto('conversations').values({
    ...{ id: p.id, workspace: p.workspace, inbox: p.inbox, contact: p.contact },
    ...{ subject: p.subject, urgency: p.urgency, labels: p.labels, status: p.status },
    ...{ turn: p.turn, turn_since: p.turn_since, due: p.due, owed: p.owed, due_key: p.due_key },
    ...{ pauses: p.pauses, pause_until_key: p.pause_until_key, pause_at_key: p.pause_at_key },
    ...{ resolved_by: p.resolved_by, resolved_at: p.resolved_at, last_number: p.last_number },
    ...{ last_at: p.last_at, reply_count: p.reply_count, last_reply: p.last_reply },
    ...{ last_reply_at: p.last_reply_at, last_reply_side: p.last_reply_side },
    ...{ holder: p.holder, lease: p.lease, token: p.token, created_at: p.created_at },
  }),
)
const all = queriesOver<{ conversations: ConversationTable }>()()((db) =>
  db.selectFrom('conversations').selectAll().orderBy('id'),
)

function row(n: number): Before {
  const id = new Uint8Array(16).fill(n)
  return {
    ...{ id, workspace: id, inbox: new Uint8Array(16).fill(100), contact: id.map((b) => b + 50) },
    ...{ subject: `subject ${n}`, urgency: 'normal', labels: '[]', status: 'open', turn: 'ours' },
    ...{ turn_since: n, due: null, owed: 1, due_key: n, pauses: null, pause_until_key: 0 },
    ...{ pause_at_key: 0, resolved_by: null, resolved_at: 0, last_number: n, last_at: n },
    ...{ reply_count: n, last_reply: n, last_reply_at: n, last_reply_side: 'theirs' },
    ...{ holder: null, lease: null, token: 0, created_at: n },
  }
}

test('conversations with customers keep their inbox and their contact when members get to talk', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-floor-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const fatal = (error: Error) => assert.fail(error)
  const open = (migrations: readonly Migration[]) =>
    openStorage({ folder, clock: fakeClock(), migrations, fatal })
  const before = await open(conversationMigrations.filter(({ id }) => id < '0065'))
  const rows = [1, 2, 3].map(row)
  await before.write(async (tx) => {
    for (const one of rows) await tx.run(insert, one)
  })
  await before.close()
  const after = await open(conversationMigrations)
  const kept = await after.read((tx) => tx.all(all, {}))
  await after.close()
  assert.deepEqual(
    kept.map(({ id, inbox, contact, subject, channel, direct }) =>
      [id, inbox, contact, subject, channel, direct].map((one) =>
        one instanceof Uint8Array ? Buffer.from(one).toString('hex') : one,
      ),
    ),
    rows.map(({ id, inbox, contact, subject }) => [
      ...[id, inbox, contact].map((one) => Buffer.from(one ?? []).toString('hex')),
      ...[subject, null, null],
    ]),
  )
})
