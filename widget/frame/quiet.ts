import type { Clock } from '@fermata/base/clock'
import type { ConversationId } from '@fermata/base/ids'
import type { ConversationRow, MineView } from '@fermata/contract/conversations.schema'
import type { AnyEvent } from '@fermata/contract/events.schema'
import type { Refusal } from '@fermata/contract/errors'
import { unread } from '@fermata/contract/lists'
import { ConnectionFailed, type Client } from '@fermata/sdk/client'
import type { Following } from '@fermata/sdk/feed'
import { whenAwake } from './awake.ts'

/** What counting reports. */
export interface Counted {
  /** How many messages of all conversations have not been read. */
  readonly unread: (count: number) => void
  /** The server no longer knows the visitor. */
  readonly lost: () => void
}

/** How many messages of some conversations have not been read. */
export function unreadIn(
  rows: Iterable<ConversationRow>,
  mine: (id: ConversationId) => MineView | undefined,
): number {
  let count = 0
  for (const row of rows) count += unread(row, mine(row.id))
  return count
}

const againMs = 10_000

/**
 * Counts unread messages while nobody looks, by far less program than the screen needs. Answers what
 * ends it.
 */
export function countQuietly(client: Client, clock: Clock, counted: Counted): () => void {
  const rows = new Map<ConversationId, ConversationRow>()
  const mine = new Map<ConversationId, MineView>()
  let following: Following | undefined
  let ended = false
  const tell = (): void => counted.unread(unreadIn(rows.values(), (id) => mine.get(id)))

  const learn = ({ now, conversation, type, actor }: AnyEvent): void => {
    if (conversation === null) return
    if (now.conversation === null) rows.delete(conversation)
    // Said like this and not by a function of the contract, whose room would come along.
    else if (now.conversation && 'inbox' in now.conversation) {
      rows.set(conversation, now.conversation)
    }
    if (now.mine) mine.set(conversation, now.mine)
    // Whoever writes has read, up to their own words.
    const { message } = now
    if (type !== 'message.posted' || !message || message.author.id !== actor) return
    if (message.author.kind === 'contact') {
      mine.set(conversation, {
        conversation,
        cursor: message.number,
        archivedNumber: null,
        snoozedUntil: null,
      })
    }
  }
  const refused = (why: Refusal | null): void => {
    if (why?.code === 'not_signed_in') counted.lost()
    else again()
  }
  const again = (): void => {
    if (!ended) clock.after(againMs, () => void load())
  }
  const load = async (): Promise<void> => {
    try {
      const listed = await client.conversations.list({ query: { list: 'all' } })
      if (ended) return
      if (!listed.ok) return refused(listed.refusal)
      rows.clear()
      mine.clear()
      for (const row of listed.value.rows) rows.set(row.id, row)
      for (const own of listed.value.mine) mine.set(own.conversation, own)
      tell()
      follow(listed.value.position)
    } catch (error) {
      if (!(error instanceof ConnectionFailed)) throw error
      again()
    }
  }
  const follow = (since: number): void => {
    following?.stop()
    following = client.follow({
      since,
      onEvents(events) {
        for (const event of events) learn(event)
        if (events.length > 0) tell()
      },
      onReset: () => void load(),
      onState(state, why) {
        if (state === 'ended') refused(why)
      },
    })
  }
  const sleep = whenAwake(() => following?.wake())
  void load()
  return () => {
    ended = true
    sleep()
    following?.stop()
  }
}
