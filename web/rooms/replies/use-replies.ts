import { useMemo } from 'react'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import type { ReplyView } from '@fermata/contract/replies.schema'
import { firstName, type ReplyValues } from '@fermata/contract/reply-text'
import { useMe, useModel } from '../../state/use-session.tsx'

/** The prepared replies that I have, by title. */
export function useReplies(): readonly ReplyView[] {
  const held = useModel((model) => model.state.replies)
  return useMemo(
    () =>
      Object.values(held)
        .filter((reply) => reply !== undefined)
        .toSorted((a, b) => a.title.localeCompare(b.title)),
    [held],
  )
}

/** What the variables of a reply stand for in a conversation. */
export function useReplyValues(row: ConversationRow): ReplyValues {
  const me = useMe()
  const contact = useModel((model) => model.state.contacts[row.contact])
  const inbox = useModel((model) => model.state.inboxes[row.inbox])
  const agent = me.member?.name ?? ''
  const name = contact?.name ?? null
  return {
    'contact.name': name,
    'contact.first_name': firstName(name),
    'contact.email': contact?.email ?? null,
    'agent.name': agent,
    'agent.first_name': firstName(agent),
    'conversation.subject': row.subject,
    'inbox.name': inbox?.name ?? '',
    'workspace.name': me.workspace.name,
  }
}
