import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '@fermata/base/clock'
import { bytesOf } from '@fermata/base/ids'
import { queriesOver } from '@fermata/storage/query'
import type { Migration } from '@fermata/storage/port'
import type { Ground } from '../rooms.world.ts'
import { labelsMigrations } from './migrations.ts'
import { labelsOfWorkspace } from './store.sql.ts'

interface Tables {
  conversations: { id: Uint8Array; workspace: Uint8Array; labels: string }
}

const query = queriesOver<Tables>()
const all = query<object>()((db) => db.selectFrom('conversations').selectAll().orderBy('id'))

const ids = ['1', '2', '3', '4'].map((last) => bytesOf(`cnv_${'0'.repeat(25)}${last}`))
const here = bytesOf('wsp_00000000000000000000000001')
const there = bytesOf('wsp_00000000000000000000000002')
const kept = [['Brakes', 'bell'], ['BRAKES'], [], ['bell']].map((words) => JSON.stringify(words))

/** Conversations as they were when a label was a word on them. */
const before: Migration = {
  id: '0001-words',
  statements: ({ dialect, id, text }) => [
    `create table conversations (id ${id} not null, workspace ${id} not null, labels ${text} not null)`,
    ...ids.map((one, at) => {
      const bytes = (value: Uint8Array) => literal(dialect, value)
      const workspace = bytes(at === 3 ? there : here)
      return `insert into conversations values (${bytes(one)}, ${workspace}, '${kept[at]}')`
    }),
  ],
}

function literal(dialect: string, bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex')
  return dialect === 'sqlite' ? `x'${hex}'` : `'${hex}'`
}

/** What becomes of words when they become things. */
export function labelsMigrationContract(ground: Ground): void {
  const title = `${ground.name}: words on conversations become labels, each once in its workspace`
  test(title, { skip: ground.skip }, async () => {
    const storage = await ground.open([before, ...labelsMigrations], systemClock())
    const labelsOf = (workspace: Uint8Array) =>
      storage.read((tx) => tx.all(labelsOfWorkspace, { workspace, limit: 10 }))
    const [ours, theirs] = [await labelsOf(here), await labelsOf(there)]
    assert.deepEqual(
      ours.map(({ name }) => name),
      ['bell', 'BRAKES'],
    )
    assert.deepEqual(
      theirs.map(({ name }) => name),
      ['bell'],
    )
    const [bell, brakes] = ours.map(({ id }) => id)
    for (const { id } of ours) assert.match(id, /^lbl_0[0-9a-f]{25}$/)
    const rows = await storage.read((tx) => tx.all(all, {}))
    assert.deepEqual(
      rows.map(({ labels }) => (JSON.parse(labels) as string[]).toSorted()),
      [[bell!, brakes!].toSorted(), [brakes], [], [theirs[0]!.id]],
    )
    await storage.close()
    await ground.remove()
  })
}
