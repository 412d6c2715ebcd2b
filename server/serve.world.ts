import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { systemClock } from '@fermata/base/clock'
import { uuidText, uuidv7Generator } from '@fermata/base/ids'
import type { ConversationRow, MessageView } from '@fermata/contract/conversations.schema'
import type { InboxView } from '@fermata/contract/places.schema'
import { parseConfig, type Config } from './config.ts'
import { openLog } from './log.ts'
import { signIn, owner } from './process.world.ts'
import { serve, type Server } from './serve.ts'

/** A whole server in the test's own process, over a real database, with every answer checked. */
export interface World {
  readonly server: Server
  readonly url: string
  /** The owner's cookie. */
  readonly cookie: string
  /** Everything that was logged. */
  readonly logged: string[]
  /** Asks as the owner; throws when the answer is no 2xx. */
  ask<T>(method: string, path: string, body?: object): Promise<T>
  /** Asks with a token, or as nobody. */
  askAs<T>(token: string | null, method: string, path: string, body?: object): Promise<T>
  /** An id as clients make them. */
  newClient(): string
}

const random = (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes)

function configFor(folder: string, wishes: Partial<Config>): Config {
  const read = parseConfig(['--port', '0', '--data', folder, '--kafka-port', 'off'], {}, '0.0.0')
  if (!read.ok || read.value.kind !== 'run') throw new Error('the configuration is wrong')
  return { ...read.value.config, owner, ...wishes }
}

/** Starts a server; the test's end stops it. */
export async function serveWorld(t: TestContext, wishes: Partial<Config> = {}): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'fermata-serve-'))
  const clock = systemClock()
  const logged: string[] = []
  const log = openLog({ write: (line: string) => void logged.push(line) })
  const fatal = (error: Error): never => {
    throw error
  }
  const machine = { clock, random, log, fatal, version: '0.0.0', checkAnswers: true }
  const server = await serve(configFor(folder, wishes), machine)
  t.after(async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const { url } = server
  const cookie = await signIn(url)
  const newUuid = uuidv7Generator(clock, random)

  const send = async <T>(headers: object, method: string, path: string, body?: object) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
  return {
    server,
    url,
    cookie,
    logged,
    ask: (method, path, body) => send({ cookie, origin: url }, method, path, body),
    askAs: (token, method, path, body) =>
      send(token === null ? {} : { authorization: `Bearer ${token}` }, method, path, body),
    newClient: () => uuidText(newUuid()),
  }
}

/** A visitor of the first inbox, with a conversation of theirs. */
export interface Visitor {
  readonly token: string
  readonly inbox: InboxView
  readonly conversation: ConversationRow
  /** Says something more in it. */
  say(text: string): Promise<MessageView>
}

/** Somebody comes to the first inbox's widget and says something. */
export async function newVisitor(
  world: World,
  text = 'Is the red one in stock?',
): Promise<Visitor> {
  const { rows } = await world.ask<{ rows: InboxView[] }>('GET', '/v1/inboxes')
  const inbox = rows[0]!
  const made = `/v1/widget/${inbox.key}/visitors`
  const { token } = await world.askAs<{ token: string }>(null, 'POST', made, {})
  const message = { client: world.newClient(), text }
  const { conversation } = await world.askAs<{ conversation: ConversationRow }>(
    token,
    'POST',
    '/v1/conversations',
    { inbox: inbox.id, message },
  )
  return {
    token,
    inbox,
    conversation,
    async say(text) {
      const path = `/v1/conversations/${conversation.id}/messages`
      const body = { client: world.newClient(), text }
      const said = await world.askAs<{ message: MessageView }>(token, 'POST', path, body)
      return said.message
    },
  }
}
