import { useState } from 'react'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { useMay, useModel } from '../../state/use-session.tsx'
import { useFocusKeeper } from '../../ui/focus/provider.tsx'
import { useContactName } from '../contacts/names.ts'
import { DraftConflict } from '../drafts/conflict.tsx'
import { JointDraft } from '../drafts/joint.tsx'
import { SendLaterDialog } from '../drafts/send-later.tsx'
import { useReplyValues } from '../replies/use-replies.ts'
import { Company } from './company.tsx'
import { Composer, type AfterSend } from './composer.tsx'
import type { Writing } from './use-composer.ts'
import { usePresence } from './use-presence.ts'

/** Where one writes in a conversation with a customer, with whoever else writes there and what all share. */
export function WritingPart(props: {
  row: ConversationRow
  writing: Writing
  /** Asks until when to pause once it is sent. */
  onSendAndPause(): void
}) {
  const { row, writing } = props
  const { id } = row
  const contactName = useContactName()
  const focus = useFocusKeeper()
  const zone = useModel((model) => model.state.contacts[row.contact]?.timeZone ?? null)
  const replyValues = useReplyValues(row)
  const isWriting = writing.draft.text !== '' && writing.editing === null
  const presence = usePresence(id, isWriting ? writing.draft.kind : 'looking')
  const mayWrite = useMay('conversations:write')
  const [isAsking, setAsking] = useState(false)
  const send = (after: AfterSend): void => {
    if (after === 'pause') props.onSendAndPause()
    else if (after === 'later') setAsking(true)
    else if (after === 'share') writing.share()
    else writing.send(after === 'resolve' ? { type: 'resolve' } : null)
  }
  return (
    <div className="safe-bottom mx-auto w-full max-w-180 shrink-0 px-3 pb-3 sm:px-6 sm:pb-4">
      <Company presence={presence} />
      <JointDraft conversation={id} />
      <DraftConflict kept={writing.kept} />
      {mayWrite && (
        <Composer
          to={contactName(row.contact)}
          draft={writing.draft}
          replyValues={replyValues}
          editing={writing.editing}
          isBusy={writing.isBusy}
          attachments={writing.attachments}
          onDraft={writing.setDraft}
          onSend={send}
          onCancelEdit={writing.cancelEdit}
          onLeave={focus.land}
          onEditLast={writing.editLast}
          fieldRef={writing.field}
        />
      )}
      <SendLaterDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onChoose={writing.sendLater}
        to={contactName(row.contact)}
        theirZone={zone}
        isNote={writing.draft.kind === 'note'}
      />
    </div>
  )
}
