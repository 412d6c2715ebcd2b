import type { ConversationRow, MineView } from '@fermata/contract/conversations.schema'
import { putAway, unread } from '@fermata/contract/lists'
import type { Urgency } from '@fermata/contract/words'
import { useMyId, useAskModel } from '../../state/use-session.tsx'
import { useCommands } from '../../ui/commands/provider.tsx'
import type { Act } from './acts.ts'
import type { Acts } from './use-acts.ts'
import { leaseFor, useMayMoveLeases } from './use-leases.ts'
import type { Writing } from './use-composer.ts'

/** What a conversation may be asking for in a window of its own. */
export type Asking =
  | 'pause'
  | 'snooze'
  | 'sendAndPause'
  | 'labels'
  | 'subject'
  | 'details'
  | 'hand'
  | 'pass'
  | 'merge'
  | 'split'

/** Answers the keys and the command menu for the conversation that is open. */
export function useConversationCommands(context: {
  row: ConversationRow
  mine: MineView | undefined
  acts: Acts
  writing: Writing
  ask: (asking: Asking) => void
}): void {
  const { row, mine, acts, writing, ask } = context
  const me = useMyId()
  const askModel = useAskModel()
  const does = (act: Act) => () => acts.perform(row.id, act)
  const urgency = (value: Urgency) => does({ type: 'urgency', urgency: value })
  const isAway = putAway(row, mine)
  const isResolved = row.status === 'resolved'
  const lease = leaseFor(row, me, useMayMoveLeases())
  const takesPart = (askModel().state.threads[row.id]?.participants ?? []).some(
    ({ actor }) => actor === me,
  )
  useCommands({
    reply: () => writing.begin('reply'),
    note: () => writing.begin('note'),
    archive: isAway ? undefined : does({ type: 'archive' }),
    unarchive: isAway && mine?.snoozedUntil === null ? does({ type: 'unarchive' }) : undefined,
    take: lease.take ? does({ type: 'take' }) : undefined,
    release: lease.release ? does({ type: 'release' }) : undefined,
    hand: lease.hand ? () => ask('hand') : undefined,
    resolve: isResolved ? undefined : does({ type: 'resolve' }),
    reopen: isResolved ? does({ type: 'reopen' }) : undefined,
    pause: isResolved ? undefined : () => ask('pause'),
    resume: row.status === 'paused' ? does({ type: 'resume' }) : undefined,
    snooze: () => ask('snooze'),
    unsnooze: mine?.snoozedUntil == null ? undefined : does({ type: 'unsnooze' }),
    label: () => ask('labels'),
    subject: () => ask('subject'),
    merge: () => ask('merge'),
    split: row.lastNumber > 1 ? () => ask('split') : undefined,
    'urgency.low': urgency('low'),
    'urgency.normal': urgency('normal'),
    'urgency.high': urgency('high'),
    'urgency.urgent': urgency('urgent'),
    unread: () => acts.perform(row.id, { type: 'read', number: unreadFrom(row, mine) }),
    join: takesPart ? undefined : does({ type: 'join', member: me }),
    leave: takesPart ? does({ type: 'leave', member: me }) : undefined,
  })
}

/** Where the cursor goes when the whole conversation is marked unread: before its last message. */
function unreadFrom(row: ConversationRow, mine: MineView | undefined): number {
  const cursor = mine?.cursor ?? 0
  return unread(row, mine) > 0 ? Math.max(0, cursor - 1) : Math.max(0, row.lastNumber - 1)
}
