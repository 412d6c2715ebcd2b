import type { ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { Answer } from '@fermata/contract/routes.schema'
import { mustAsk, type Wire } from './wire.ts'
import { asApp, type BenchWorld } from './world.ts'

/** What an acknowledged post was answered with, and what had been sent. */
export interface Acknowledged {
  readonly conversation: ConversationId
  readonly id: string
  readonly number: number
  readonly text: string
}

/** What the audit looked at. */
export interface AuditReport {
  readonly messages: number
  readonly events: number
}

type MessageList = Answer<'messages.list'>
type FeedPage = Answer<'feed.read'>

/**
 * Reads everything back and holds it against what was acknowledged, by the clients' ids: each message
 * is there exactly once, with its id, number and text; numbers have no gaps; nothing else is
 * there; and each is in the feed exactly once. Throws on the first difference.
 */
export async function auditPosts(
  wire: Wire,
  world: BenchWorld,
  acknowledged: ReadonlyMap<string, Acknowledged>,
): Promise<AuditReport> {
  let turn = 0
  const get = (path: string): Promise<unknown> => {
    const token = world.tokens[turn++ % world.tokens.length] ?? ''
    return mustAsk(wire, { method: 'GET', path, headers: asApp(token) })
  }
  const found = new Map<string, string>()
  for (const conversation of world.conversations) {
    for (let after = 0, more = true; more;) {
      const path = `/v1/conversations/${conversation}/messages?after=${after}&limit=${limits.pageRowsMax}`
      const page = (await get(path)) as MessageList
      for (const message of page.messages) {
        after += 1
        if (message.number !== after) throw new Error(`a gap before number ${message.number}`)
        if (found.has(message.client)) throw new Error(`${message.client} is there twice`)
        found.set(message.client, message.id)
        if (after === 1) continue
        const said = acknowledged.get(message.client)
        if (
          said?.id !== message.id ||
          said.number !== message.number ||
          said.conversation !== conversation ||
          said.text !== message.text
        ) {
          throw new Error(`${message.id} is not what was acknowledged`)
        }
      }
      more = page.more.after
    }
  }
  const expected = acknowledged.size + world.conversations.length
  if (found.size !== expected) throw new Error(`${found.size} messages, not ${expected}`)
  const events = await auditFeed(get, new Set(found.values()))
  return { messages: found.size, events }
}

/** Reads the whole feed; each message must be told of exactly once. Answers how many events there are. */
async function auditFeed(
  get: (path: string) => Promise<unknown>,
  missing: Set<string>,
): Promise<number> {
  let events = 0
  for (let since = 0; ;) {
    const path = `/v1/feed?since=${since}&limit=${limits.feedPageEventsMax}`
    const page = (await get(path)) as FeedPage
    for (const event of page.events) {
      if (event.position <= since) throw new Error('the positions of the feed do not grow')
      since = event.position
      events += 1
      if (event.type !== 'message.posted') continue
      if (!missing.delete(event.body.message)) throw new Error('a message is twice in the feed')
    }
    if (page.reset || page.position < since) throw new Error('the feed was reset')
    if (page.events.length === 0 && page.position === since) break
    since = page.position
  }
  if (missing.size > 0) throw new Error(`${missing.size} messages are not in the feed`)
  return events
}
