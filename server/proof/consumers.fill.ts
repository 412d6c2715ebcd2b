import assert from 'node:assert/strict'
import { systemClock } from '@fermata/base/clock'
import type { ConversationId, InboxId, MemberId } from '@fermata/base/ids'
import type { Result } from '@fermata/base/result'
import { scopes } from '@fermata/contract/actors'
import type { Refusal } from '@fermata/contract/errors'
import type { JsonRoute } from '@fermata/contract/routes'
import type { Asked } from '@fermata/people/handler'
import { owner } from '@fermata/testkit/server'
import { pino } from 'pino'
import { parseConfig } from '../config.ts'
import { serve } from '../serve.ts'
import { newClientId } from './talkers.ts'

/** A desk with work on it, made before its server starts. */
export interface FilledDesk {
  readonly inbox: InboxId
  readonly conversations: readonly ConversationId[]
  /** The tokens of its apps. */
  readonly apps: readonly string[]
  readonly members: readonly { readonly id: MemberId; readonly email: string }[]
}

/** How many conversations are begun at the same time; a database has few connections. */
const atOnce = 50

/** The password of everybody on the desk. */
export const password = 'one after the other'

/**
 * Fills a database with conversations that wait for an answer, past the limits of how often somebody may
 * write, and with apps and members who are to answer them.
 */
export async function fillDesk(
  place: { readonly folder: string; readonly databaseUrl?: string },
  size: { readonly conversations: number; readonly apps: number; readonly members: number },
): Promise<FilledDesk> {
  const { folder, databaseUrl } = place
  const env = databaseUrl === undefined ? {} : { FERMATA_DATABASE_URL: databaseUrl }
  const read = parseConfig(['--port', '0', '--kafka-port', 'off', '--data', folder], env, '0.0.0')
  assert.ok(read.ok && read.value.kind === 'run')
  const server = await serve(
    { ...read.value.config, owner: null },
    {
      clock: systemClock(),
      random: (bytes) => crypto.getRandomValues(bytes),
      log: pino({ level: 'silent' }),
      version: '0.0.0',
      fatal: (error): never => assert.fail(error),
    },
  )
  const { rooms } = server
  const connection = { address: '127.0.0.1', agent: '', sessionCookie: null, gone: null }
  const call = async <N extends JsonRoute>(
    name: N,
    caller: Asked<N>['caller'],
    parts: Omit<Asked<N>, 'caller' | 'connection'>,
  ): Promise<Extract<Awaited<ReturnType<(typeof rooms.handlers)[N]>>, { ok: true }>['value']> => {
    const handler = rooms.handlers[name] as (asked: object) => Promise<Result<never, Refusal>>
    const asked = { ...parts, caller, connection: { ...connection, setSessionCookie: () => {} } }
    const answer = await handler({ query: {}, ...asked })
    assert.ok(answer.ok, JSON.stringify(answer))
    return answer.value
  }
  const asOwner = await rooms.accounts.createFirst({ workspace: 'Desk', name: 'Olivia', ...owner })
  assert.ok(asOwner !== null, 'the database is empty')
  const [inbox] = (await call('inboxes.list', asOwner, {})).rows
  assert.ok(inbox !== undefined)
  const apps: string[] = []
  for (let n = 0; n < size.apps; n++) {
    const body = { name: `Bot ${n}`, scopes: [...scopes] }
    apps.push((await call('apps.add', asOwner, { body })).token)
  }
  const members: { id: MemberId; email: string }[] = []
  for (let n = 0; n < size.members; n++) {
    const email = `worker${n}@desk.example`
    const body = { name: `Worker ${n}`, email, role: 'agent' as const, password }
    members.push({ id: (await call('members.add', asOwner, { body })).id, email })
  }
  const params = { key: inbox.key }
  const { token } = await call('visitors.add', null, { params, body: {} })
  const vera = await rooms.authenticate({ cookie: null, bearer: token })
  assert.ok(vera?.kind === 'contact')
  const open = async (n: number): Promise<ConversationId> => {
    const message = { client: newClientId(), text: `Question ${n}` }
    const body = { inbox: inbox.id, message }
    return (await call('conversations.open', vera, { body })).conversation.id
  }
  const conversations: ConversationId[] = []
  while (conversations.length < size.conversations) {
    const count = Math.min(atOnce, size.conversations - conversations.length)
    const some = Array.from({ length: count }, (_, n) => open(conversations.length + n))
    conversations.push(...(await Promise.all(some)))
  }
  await server.stop()
  return { inbox: inbox.id, conversations, apps, members }
}
