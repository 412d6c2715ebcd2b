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
import { present } from '@fermata/base/assert'
import type { MemberId, TeamId, WorkspaceId } from '@fermata/base/ids'
import type { Answer } from '@fermata/contract/routes.schema'
import { startBenchServer } from './server.ts'
import { fill, type FillSize, type Frame } from './start.fill.ts'
import { mustAsk, Wire } from './wire.ts'
import { newClientId, signIn } from './world.ts'

/** Who works there, and where. */
export interface Plan {
  readonly inboxes: number
  readonly agents: number
  /** Each inbox and each agent is in one of so many teams, and the owner in all; with 0 there are none. */
  readonly teams: number
  /** Channels that the owner is in, each with a few conversations in which the owner has read nothing. */
  readonly channels: number
}

/** How the agents of a plan sign in. */
export function agentOf(index: number): { readonly email: string; readonly password: string } {
  return { email: `agent${index}@bench.example`, password: 'many a word' }
}

/** A data folder that is full, and what it took. */
export interface FullFolder {
  readonly folder: string
  readonly gigabytes: number
  /** Seconds that filling took when it was done. */
  readonly filledSeconds: number
  readonly cached: boolean
}

/** The folder for one size; another schema, or another way to fill it, is another folder. */
function cacheFolder(size: FillSize, plan: Plan, schema: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([size, plan]))
    .update(schema)
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

const conversationsPerChannel = 3

type Write = (method: string, path: string, body?: object) => Promise<unknown>

/** Makes channels as an agent does, and lets the owner in before anything is said there. */
async function makeChannels(
  count: number,
  agent: Write,
  owner: Write,
  me: MemberId,
): Promise<void> {
  for (let i = 0; i < count; i++) {
    const made = await agent('POST', '/v1/channels', { name: `Channel ${i}`, visibility: 'public' })
    const { id } = made as Answer<'channels.add'>
    await owner('PUT', `/v1/channels/${id}/members/${me}`)
    for (let n = 0; n < conversationsPerChannel; n++) {
      const message = { client: newClientId(), text: 'What is said here is not read.' }
      const body = { subject: `Conversation ${n}`, message }
      await agent('POST', `/v1/channels/${id}/conversations`, body)
    }
  }
}

/** Makes workspace, teams, inboxes, members and channels over the HTTP API of a server that then stops. */
async function makeFrame(folder: string, plan: Plan): Promise<Frame> {
  const server = await startBenchServer({ data: folder })
  try {
    const wire = await Wire.open(server.port)
    const headers = await signIn(wire, server.port)
    const add = (path: string, body: object) =>
      mustAsk(wire, { method: 'POST', path, headers, body })
    const get = (path: string) => mustAsk(wire, { method: 'GET', path, headers })
    const me = (await get('/v1/me')) as Answer<'me.get'>
    const teams: TeamId[] = []
    const join = (team: TeamId, member: MemberId) =>
      mustAsk(wire, { method: 'PUT', path: `/v1/teams/${team}/members/${member}`, headers })
    for (let i = 0; i < plan.teams; i++) {
      const team = (await add('/v1/teams', { name: `Team ${i}` })) as Answer<'teams.add'>
      teams.push(team.id)
      await join(team.id, present(me.member, 'the owner').id)
    }
    for (let i = 0; i < plan.inboxes; i++) {
      const answerMinutes = { low: 2_880, normal: i === 0 ? null : 480, high: 120, urgent: 30 }
      const team = teams[i % teams.length] ?? null
      await add('/v1/inboxes', { name: `Inbox ${i}`, medium: 'api', team, answerMinutes })
    }
    for (let i = 0; i < plan.agents; i++) {
      const body = { name: `Agent ${i}`, role: 'agent', ...agentOf(i) }
      const { id } = (await add('/v1/members', body)) as Answer<'members.add'>
      const team = teams[i % teams.length]
      if (team !== undefined) await join(team, id)
    }
    if (plan.channels > 0) {
      const agentHeaders = await signIn(wire, server.port, agentOf(0))
      const writeAs =
        (who: Record<string, string>): Write =>
        (method, path, body) =>
          mustAsk(wire, { method, path, headers: who, ...(body && { body }) })
      const { id } = present(me.member, 'the owner')
      await makeChannels(plan.channels, writeAs(agentHeaders), writeAs(headers), id)
    }
    const places = (await get('/v1/inboxes')) as Answer<'inboxes.list'>
    const members = (await get('/v1/members')) as Answer<'members.list'>
    wire.close()
    const workspace: WorkspaceId = me.workspace.id
    return { workspace, inboxes: places.rows, members: members.rows }
  } finally {
    await server.stop()
  }
}

/** The full folder for a size: from the cache outside the clone, or made now. */
export async function fullFolder(
  size: FillSize,
  plan: Plan,
  say: (text: string) => void,
): Promise<FullFolder> {
  const draft = join(homedir(), '.cache', 'fermata-bench', 'draft')
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft, { recursive: true })
  const data = join(draft, 'data')
  await (await startBenchServer({ data })).stop()
  const folder = cacheFolder(size, plan, schemaOf(data))
  const note = join(folder, 'filled.json')
  const cached = existsSync(note)
  if (!cached) {
    const since = performance.now()
    rmSync(folder, { recursive: true, force: true })
    fill(data, await makeFrame(data, plan), size, say)
    const filledSeconds = Math.round((performance.now() - since) / 1_000)
    writeFileSync(join(draft, 'filled.json'), JSON.stringify({ filledSeconds }))
    renameSync(draft, folder)
  }
  rmSync(draft, { recursive: true, force: true })
  const { filledSeconds } = JSON.parse(readFileSync(note, 'utf8')) as { filledSeconds: number }
  const full = join(folder, 'data')
  const gigabytes = statSync(join(full, 'people.db')).size / 1e9
  return { folder: full, gigabytes, filledSeconds, cached }
}
