import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { WorkspaceId } from '@fermata/base/ids'
import type { Answer } from '@fermata/contract/routes.schema'
import { startBenchServer } from './server.ts'
import { fill, type FillSize, type Frame } from './start.fill.ts'
import { mustAsk, Wire } from './wire.ts'
import { signIn } from './world.ts'

const inboxes = 5
const agents = 20

/** A data folder that is full, and what it took. */
export interface FullFolder {
  readonly folder: string
  readonly gigabytes: number
  /** Seconds that filling took when it was done. */
  readonly filledSeconds: number
  readonly cached: boolean
}

/** The folder for one size; another schema, or another way to fill it, is another folder. */
function cacheFolder(size: FillSize, schema: string): string {
  const hash = createHash('sha256').update(JSON.stringify(size)).update(schema)
  for (const file of ['start.fill.ts', 'start.data.ts', 'texts.ts']) {
    hash.update(readFileSync(new URL(file, import.meta.url)))
  }
  return join(homedir(), '.cache', 'fermata-bench', hash.digest('hex').slice(0, 16))
}

/** Everything that defines the tables of an empty server, as SQLite tells it. */
function schemaOf(folder: string): string {
  const db = new DatabaseSync(join(folder, 'people.db'), { readOnly: true })
  const rows = db.prepare('select sql from sqlite_master order by name').all()
  db.close()
  return JSON.stringify(rows)
}

/** Makes workspace, inboxes and members over the HTTP API of a server that then stops. */
async function makeFrame(folder: string): Promise<Frame> {
  const server = await startBenchServer({ data: folder })
  try {
    const wire = await Wire.open(server.port)
    const headers = await signIn(wire, server.port)
    const add = (path: string, body: object) =>
      mustAsk(wire, { method: 'POST', path, headers, body })
    for (let i = 0; i < inboxes; i++) {
      const answerMinutes = { low: 2_880, normal: i === 0 ? null : 480, high: 120, urgent: 30 }
      await add('/v1/inboxes', { name: `Inbox ${i}`, medium: 'api', answerMinutes })
    }
    for (let i = 0; i < agents; i++) {
      const email = `agent${i}@bench.example`
      await add('/v1/members', {
        name: `Agent ${i}`,
        email,
        role: 'agent',
        password: 'many a word',
      })
    }
    const get = (path: string) => mustAsk(wire, { method: 'GET', path, headers })
    const places = (await get('/v1/inboxes')) as Answer<'inboxes.list'>
    const members = (await get('/v1/members')) as Answer<'members.list'>
    const me = (await get('/v1/me')) as Answer<'me.get'>
    wire.close()
    const workspace: WorkspaceId = me.workspace.id
    return { workspace, inboxes: places.rows, members: members.rows }
  } finally {
    await server.stop()
  }
}

/** The full folder for a size: from the cache outside the clone, or made now. */
export async function fullFolder(size: FillSize, say: (text: string) => void): Promise<FullFolder> {
  const draft = join(homedir(), '.cache', 'fermata-bench', 'draft')
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true })
  const empty = join(draft, 'data')
  const frame = await makeFrame(empty)
  const folder = cacheFolder(size, schemaOf(empty))
  const note = join(folder, 'filled.json')
  const cached = existsSync(note)
  if (!cached) {
    const since = performance.now()
    rmSync(folder, { recursive: true, force: true })
    fill(empty, frame, size, say)
    const filledSeconds = Math.round((performance.now() - since) / 1_000)
    writeFileSync(join(draft, 'filled.json'), JSON.stringify({ filledSeconds }))
    renameSync(draft, folder)
  }
  rmSync(draft, { recursive: true, force: true })
  const { filledSeconds } = JSON.parse(readFileSync(note, 'utf8')) as { filledSeconds: number }
  const data = join(folder, 'data')
  const gigabytes = statSync(join(data, 'people.db')).size / 1e9
  return { folder: data, gigabytes, filledSeconds, cached }
}
