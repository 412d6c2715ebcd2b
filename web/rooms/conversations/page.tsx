import { useCallback, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { present } from '@fermata/base/assert'
import type { ConversationId, MessageId } from '@fermata/base/ids'
import type { ConversationRow, MessageView } from '@fermata/contract/conversations.schema'
import { useMay, useModel } from '../../state/use-session.tsx'
import { Drawer } from '../../ui/dialog.tsx'
import { useContactName } from '../contacts/names.ts'
import { ContextPane } from './context.tsx'
import { HandOverDialog } from './hand-over.tsx'
import { PassDialog } from './pass.tsx'
import { Header } from './header.tsx'
import { LabelsDialog } from './labels.tsx'
import { LaterDialog, type Later } from './later.tsx'
import { MergeDialog } from './merge.tsx'
import { SplitDialog } from './split.tsx'
import { LeaseLine } from './lease-line.tsx'
import { StateLine } from './state-line.tsx'
import { SubjectDialog } from './subject.tsx'
import { Thread } from './thread.tsx'
import { WritingPart } from './writing-part.tsx'
import { useActs } from './use-acts.ts'
import { useComposer } from './use-composer.ts'
import { useConversationCommands, type Asking } from './use-conversation-commands.ts'
import { useDeleting } from './use-deleting.ts'
import { useFollowMoved } from './use-moves.ts'
import { usePlace } from './use-place.ts'

/** The conversation that is open, beside what is known about it. */
export function ConversationPage() {
  const { conversation } = usePlace()
  const id = present(conversation, 'the open conversation')
  return <Conversation key={id} id={id} />
}

function Conversation(props: { id: ConversationId }) {
  const { id } = props
  const { t } = useTranslation()
  const row = useModel((model) => model.state.rows[id])
  const load = useModel((model) => model.loads[id])
  useFollowMoved(id)
  if (row === undefined && load?.state === 'refused') {
    return (
      <div className="flex h-full items-center justify-center p-8 text-soft">
        {t('conversations.gone')}
      </div>
    )
  }
  return (
    <div className="flex h-full">
      <div className="flex h-full min-w-0 grow flex-col">
        {row === undefined ? <Unknown id={id} /> : <Known row={row} />}
      </div>
      <section
        aria-label={t('conversations.context.title')}
        className="quiet-scroll hidden w-72 shrink-0 overflow-y-auto border-s border-line xl:block"
      >
        {row !== undefined && <ContextPane row={row} />}
      </section>
    </div>
  )
}

const noDeletions: ReadonlySet<string> = new Set()
const nothing = (): void => {}

/** Nothing is known of it yet but its address. */
function Unknown(props: { id: ConversationId }) {
  return (
    <>
      <div className="h-13 shrink-0 border-b border-line" />
      <Thread
        id={props.id}
        leaving={noDeletions}
        onEdit={nothing}
        onDelete={nothing}
        onUnread={nothing}
      />
    </>
  )
}

function Known(props: { row: ConversationRow }) {
  const { row } = props
  const { id } = row
  const contactName = useContactName()
  const acts = useActs()
  const deleting = useDeleting()
  const writing = useComposer(id)
  const { open } = usePlace()
  const mine = useModel((model) => model.state.mine[id])
  const [asking, setAsking] = useState<Asking | null>(null)
  const close = (): void => setAsking(null)
  const mayWrite = useMay('conversations:write')
  const splitting = useSplitting(setAsking)
  useConversationCommands({ row, mine, acts, writing, ask: setAsking })
  const title = row.subject === '' ? contactName(row.contact) : row.subject
  useEffect(() => {
    document.title = `${title} · Fermata`
  }, [title])
  const choose = (later: Later): void => {
    if (asking === 'sendAndPause') {
      writing.send({ type: 'pause', until: later.until, reason: later.reason })
    } else if (later.whom === 'everybody') {
      acts.perform(id, { type: 'pause', until: later.until, reason: later.reason })
    } else if (later.until !== null) acts.perform(id, { type: 'snooze', until: later.until })
  }
  return (
    <>
      <Header
        row={row}
        mine={mine}
        onBack={() => open(null)}
        onAct={(act) => acts.perform(id, act)}
        onHand={() => setAsking('hand')}
        onPause={() => setAsking('pause')}
        onDetails={() => setAsking('details')}
        onMerge={mayWrite ? () => setAsking('merge') : undefined}
      />
      <StateLine row={row} mine={mine} onAct={(act) => acts.perform(id, act)} />
      <LeaseLine
        row={row}
        onAct={(act) => acts.perform(id, act)}
        onHand={() => setAsking('hand')}
        onPass={() => setAsking('pass')}
      />
      <Thread
        id={id}
        leaving={deleting.leaving}
        onEdit={writing.edit}
        onDelete={deleting.remove}
        onSplit={mayWrite ? splitting.begin : undefined}
        onUnread={({ number }) => acts.perform(id, { type: 'read', number: number - 1 })}
      />
      <WritingPart row={row} writing={writing} onSendAndPause={() => setAsking('sendAndPause')} />
      <Dialogs
        row={row}
        asking={asking}
        splitFrom={splitting.from}
        onClose={close}
        onLater={choose}
      />
      <PassDialog
        isOpen={asking === 'pass'}
        onClose={close}
        onPass={(reason) => acts.performFirst(id, { type: 'pass', reason })}
      />
      <HandOverDialog
        isOpen={asking === 'hand'}
        onClose={close}
        onHand={(holder, note) => acts.performFirst(id, { type: 'hand', holder, note })}
      />
    </>
  )
}

/** From which message on somebody wants to split; a command says none, and means the last one. */
function useSplitting(ask: (asking: Asking) => void): {
  readonly from: MessageId | null
  begin(message: MessageView): void
} {
  const [from, setFrom] = useState<MessageId | null>(null)
  const begin = useCallback(
    (message: MessageView) => {
      setFrom(message.id)
      ask('split')
    },
    [ask],
  )
  return { from, begin }
}

const laterTitles = {
  pause: 'conversations.later.titlePause',
  snooze: 'conversations.later.titleSnooze',
  sendAndPause: 'conversations.later.titleSend',
} as const

/** What a conversation may ask in a dialog: until when, which labels, what it is called. */
function Dialogs(props: {
  row: ConversationRow
  asking: Asking | null
  /** The first message that is split off; null for the last one. */
  splitFrom: MessageId | null
  onClose: () => void
  onLater: (later: Later) => void
}) {
  const { row, asking, onClose } = props
  const { t } = useTranslation()
  const isLater = asking === 'pause' || asking === 'snooze' || asking === 'sendAndPause'
  return (
    <>
      <LaterDialog
        key={asking}
        title={t(laterTitles[isLater ? asking : 'pause'])}
        isOpen={isLater}
        onClose={onClose}
        onChoose={props.onLater}
        {...(asking === 'pause' ? { whom: 'everybody' } : {})}
        {...(asking === 'snooze' ? { whom: 'mine' } : {})}
      />
      <LabelsDialog row={row} isOpen={asking === 'labels'} onClose={onClose} />
      <SubjectDialog row={row} isOpen={asking === 'subject'} onClose={onClose} />
      <MergeDialog row={row} isOpen={asking === 'merge'} onClose={onClose} />
      <SplitDialog row={row} from={props.splitFrom} isOpen={asking === 'split'} onClose={onClose} />
      <Drawer
        side="end"
        title={t('conversations.context.title')}
        isOpen={asking === 'details'}
        onClose={onClose}
      >
        <ContextPane row={row} onClose={onClose} />
      </Drawer>
    </>
  )
}
