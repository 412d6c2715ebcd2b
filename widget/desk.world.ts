// The server, a site that shows its widget, and a browser: what most of the widget's tests begin with.

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { assert } from '@fermata/base/assert'
import type { ConversationId } from '@fermata/base/ids'
import type { ConversationRow, MessageView } from '@fermata/contract/conversations.schema'
import type { InboxView } from '@fermata/contract/places.schema'
import type { Result } from '@fermata/base/result'
import type { Client } from '@fermata/sdk/client'
import { startServer, type RunningServer } from '@fermata/testkit/server'
import type { Browser } from 'playwright-core'
import { startBrowser } from '@fermata/testkit/browser'
import { signIn, startHost, type Host } from './host.world.ts'

/** What the tests of a file share. */
export interface Desk {
  readonly server: RunningServer
  readonly host: Host
  readonly browser: Browser
  /** The owner, who answers. */
  readonly staff: Client
  readonly inbox: InboxView
  /** All conversations, the latest first. */
  conversations(): Promise<readonly ConversationRow[]>
  messages(conversation: ConversationId): Promise<readonly MessageView[]>
  answer(conversation: ConversationId, text: string, kind?: 'reply' | 'note'): Promise<MessageView>
  close(): Promise<void>
}

/** The answer of a call that must not be refused. */
export async function done<T>(call: Promise<Result<T, unknown>>): Promise<T> {
  const answer = await call
  assert(answer.ok, `not refused: ${JSON.stringify(answer)}`)
  return answer.value
}

const built = fileURLToPath(new URL('./dist/widget.js', import.meta.url))

/** Starts everything, with one inbox that promises an answer within half an hour. */
export async function startDesk(): Promise<Desk> {
  assert(existsSync(built), 'the widget is built: run vite build in widget/, or the tests by npm')
  const server = await startServer()
  const staff = await signIn(server)
  const made: { inbox?: InboxView } = {}
  const host = await startHost(server.url, () => made.inbox?.key ?? '')
  const inbox = await done(
    staff.inboxes.add({
      body: {
        name: 'Shop',
        medium: 'widget',
        greeting: 'Ask us about clay.',
        origins: [host.origin],
        answerMinutes: { low: 30, normal: 30, high: 30, urgent: 30 },
      },
    }),
  )
  made.inbox = inbox
  const browser = await startBrowser()
  return {
    server,
    host,
    browser,
    staff,
    inbox,
    conversations: async () =>
      (await done(staff.conversations.list({ query: { list: 'all', inbox: inbox.id } }))).rows,
    messages: async (conversation) =>
      (await done(staff.messages.list({ params: { conversation } }))).messages,
    async answer(conversation, text, kind = 'reply') {
      const body = { client: staff.newId(), kind, text }
      return (await done(staff.messages.post({ params: { conversation }, body }))).message
    },
    async close() {
      await browser.close()
      host.close()
      await server.close()
    },
  }
}
