import type { Clock } from '@fermata/base/clock'
import type { ConversationId } from '@fermata/base/ids'
import type { Refusal } from '@fermata/contract/errors'
import type { Result } from '@fermata/base/result'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { ConnectionFailed, type Client } from '@fermata/sdk/client'
import type { Store } from '@fermata/sdk/store'

/** What an act is done with. */
export interface Doing {
  readonly client: Client
  readonly store: Store
}

/** How an act ended: done, refused for a reason, or without a connection. */
export type Outcome = 'done' | 'offline' | Refusal

async function outcome(call: Promise<Result<unknown, Refusal>>): Promise<Outcome> {
  try {
    const answer = await call
    return answer.ok ? 'done' : answer.refusal
  } catch (error) {
    if (error instanceof ConnectionFailed) return 'offline'
    throw error
  }
}

/** Says "later": until a time, or (null) until they come back. It shows at once. */
export function pauseTalk(
  { store, client }: Doing,
  clock: Clock,
  conversation: ConversationId,
  until: number | null,
): Promise<Outcome> {
  const at = clock.now()
  const row = (before: ConversationRow): ConversationRow => ({
    ...before,
    status: 'paused',
    pause: { by: before.contact, side: 'theirs', at, until, reason: '' },
  })
  const call = () => client.conversations.pause({ params: { conversation }, body: { until } })
  return outcome(store.act({ conversation, row }, call))
}

/** Comes back. */
export function resumeTalk(
  { store, client }: Doing,
  conversation: ConversationId,
): Promise<Outcome> {
  const row = (before: ConversationRow): ConversationRow => ({
    ...before,
    status: 'open',
    pause: null,
  })
  const call = () => client.conversations.resume({ params: { conversation } })
  return outcome(store.act({ conversation, row }, call))
}

/** Has read up to a number. */
export function readTalk(
  { store, client }: Doing,
  conversation: ConversationId,
  number: number,
): Promise<Outcome> {
  const call = () => client.cursor.put({ params: { conversation }, body: { number } })
  return outcome(
    store.act({ conversation, mine: (before) => ({ ...before, cursor: number }) }, call),
  )
}
