import type { ConversationId } from '@fermata/base/ids'
import { limits } from '@fermata/base/limits'
import type { AnyEvent, Presence } from '@fermata/contract/events.schema'

/** Somebody's presence, and until when it is believed (monotonic milliseconds). */
export interface Seen {
  readonly presence: Presence
  readonly until: number
}

/** Who is seen after somebody said what they do. */
export function seen(all: readonly Seen[], presence: Presence, nowMs: number): readonly Seen[] {
  const others = all.filter(({ presence: one }) => !isSame(one, presence))
  if (presence.doing === 'left') return others
  return [...others, { presence, until: nowMs + limits.presenceMs }]
}

/** Who is still seen at a time. */
export function stillSeen(all: readonly Seen[], nowMs: number): readonly Seen[] {
  return all.filter(({ until }) => until > nowMs)
}

/** Whoever has just posted no longer writes. */
export function afterPosts(all: readonly Seen[], events: readonly AnyEvent[]): readonly Seen[] {
  if (all.length === 0) return all
  const posts = events.filter((event) => event.type === 'message.posted')
  const wrote = ({ presence }: Seen): boolean =>
    posts.some(
      (post) => post.actor === presence.actor && post.conversation === presence.conversation,
    )
  return all.map((one) =>
    one.presence.doing !== 'looking' && wrote(one)
      ? { ...one, presence: { ...one.presence, doing: 'looking' } }
      : one,
  )
}

/** Who is seen, by conversation. */
export function byConversation(
  all: readonly Seen[],
): Readonly<Partial<Record<ConversationId, readonly Presence[]>>> {
  const found: Partial<Record<ConversationId, Presence[]>> = {}
  for (const { presence } of all) {
    found[presence.conversation] = [...(found[presence.conversation] ?? []), presence]
  }
  return found
}

function isSame(a: Presence, b: Presence): boolean {
  return a.actor === b.actor && a.conversation === b.conversation
}
