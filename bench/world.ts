import type { ConversationId, InboxId } from '@fermata/base/ids'
import { systemClock } from '@fermata/base/clock'
import { uuidText, uuidv7Generator } from '@fermata/base/ids'
import { scopes } from '@fermata/contract/actors'
import type { Answer } from '@fermata/contract/routes.schema'
import { owner } from '@fermata/testkit/server'
import { mustAsk, Wire } from './wire.ts'

/** What a workload talks to: a workspace with apps that post into conversations. */
export interface BenchWorld {
  readonly inbox: InboxId
  readonly conversations: readonly ConversationId[]
  /** The tokens of the apps; calls take turns among them, because each has its limit per minute. */
  readonly tokens: readonly string[]
}

/** The header by which a request is an app's. */
export function asApp(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` }
}

const newUuid = uuidv7Generator(systemClock(), (bytes) => crypto.getRandomValues(bytes))

/** A client's own id for what it sends. */
export function newClientId(): string {
  return uuidText(newUuid())
}

/** Signs in, as the owner unless somebody else is named; answers the headers of their requests. */
export async function signIn(
  wire: Wire,
  port: number,
  who: { readonly email: string; readonly password: string } = owner,
): Promise<Record<string, string>> {
  const origin = { origin: `http://127.0.0.1:${port}` }
  const { status, head, body } = await wire.ask({
    method: 'POST',
    path: '/v1/sessions',
    headers: origin,
    body: who,
  })
  const cookie = /^set-cookie: *([^;\r\n]+)/im.exec(head)?.[1]
  if (status !== 200 || cookie === undefined) throw new Error(`no sign-in: ${status} ${body}`)
  return { ...origin, cookie }
}

/** Adds an app and answers its token. */
export async function addApp(
  wire: Wire,
  headers: Record<string, string>,
  name: string,
): Promise<string> {
  const body = { name, scopes }
  const path = '/v1/apps'
  const added = await mustAsk(wire, { method: 'POST', path, headers, body })
  return (added as Answer<'apps.add'>).token
}

/** Builds the world of a workload through the HTTP API. */
export async function buildWorld(
  port: number,
  size: { readonly apps: number; readonly conversations: number },
): Promise<BenchWorld> {
  const wire = await Wire.open(port)
  const headers = await signIn(wire, port)
  const add = (path: string, body: object) => mustAsk(wire, { method: 'POST', path, headers, body })
  const tokens: string[] = []
  for (let i = 0; i < size.apps; i++) tokens.push(await addApp(wire, headers, `load ${i}`))
  const inbox = (await add('/v1/inboxes', {
    name: 'Bench',
    medium: 'api',
  })) as Answer<'inboxes.add'>
  const contact = (await add('/v1/contacts', { name: 'Bench' })) as Answer<'contacts.add'>
  const conversations: ConversationId[] = []
  for (let i = 0; i < size.conversations; i++) {
    const opened = (await add('/v1/conversations', {
      inbox: inbox.id,
      contact: contact.id,
      subject: `Conversation ${i}`,
      message: { client: newClientId(), text: 'What is said here is measured.' },
    })) as Answer<'conversations.open'>
    conversations.push(opened.conversation.id)
  }
  wire.close()
  return { inbox: inbox.id, conversations, tokens }
}
