import { useEffect, useState } from 'react'
import type { ConversationId } from '@fermata/base/ids'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import type { AnyEvent } from '@fermata/contract/events.schema'
import { useModel, useSession } from '../../state/use-session.tsx'
import { tried } from '../../state/trouble.ts'

/** Changes whenever something happened to a conversation that its history would tell. */
function signOf(row: ConversationRow | undefined, participants: number): string {
  if (row === undefined) return ''
  const { status, pause, resolution, urgency, labels, subject, token, lease } = row
  const held = [token, lease === null]
  return JSON.stringify([
    status,
    pause,
    resolution?.at,
    urgency,
    labels,
    subject,
    participants,
    held,
  ])
}

const none: readonly AnyEvent[] = []

/** What happened to a conversation besides messages; fetched again whenever something has. */
export function useHistory(id: ConversationId): readonly AnyEvent[] {
  const { client } = useSession()
  const sign = useModel((model) =>
    signOf(model.state.rows[id], model.state.threads[id]?.participants.length ?? 0),
  )
  const isLive = useModel((model) => model.feed === 'live')
  const [known, setKnown] = useState<{ id: ConversationId; events: readonly AnyEvent[] } | null>(
    null,
  )
  useEffect(() => {
    if (sign === '' || !isLive) return
    const cut = new AbortController()
    const params = { conversation: id }
    void tried(() => client.conversations.history({ params }, { signal: cut.signal }))
      .then((result) => {
        if (result.ok && !cut.signal.aborted) setKnown({ id, events: result.value.events })
      })
      .catch((error: unknown) => {
        if (!cut.signal.aborted) throw error
      })
    return () => cut.abort()
  }, [client, id, sign, isLive])
  return known?.id === id ? known.events : none
}
