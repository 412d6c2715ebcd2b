import { useTranslation } from 'react-i18next'
import { Button } from 'react-aria-components/Button'
import type { ConversationId } from '@fermata/base/ids'
import type { ConversationRow } from '@fermata/contract/conversations.schema'
import { useModel, useWindow } from '../../state/use-session.tsx'
import { Dialog, DialogBody } from '../../ui/dialog.tsx'
import { Age } from '../../ui/time/time.tsx'
import { useContactName } from '../contacts/names.ts'
import { useMoves } from './use-moves.ts'

/** Asks into which conversation with the same contact this one is to be merged. */
export function MergeDialog(props: { row: ConversationRow; isOpen: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Dialog title={t('moves.mergeTitle')} isOpen={props.isOpen} onClose={props.onClose}>
      <DialogBody>
        <p className="pb-4 text-soft">{t('moves.mergeAbout')}</p>
        <Others row={props.row} onClose={props.onClose} />
      </DialogBody>
    </Dialog>
  )
}

function Others(props: { row: ConversationRow; onClose: () => void }) {
  const { row, onClose } = props
  const { t } = useTranslation()
  const contactName = useContactName()
  const moves = useMoves()
  const { window } = useWindow({ list: 'all', inbox: null, contact: row.contact })
  const others = (window?.ids ?? []).filter((id) => id !== row.id)
  if (window === undefined) return <p role="status">{t('ui.loading')}</p>
  if (others.length === 0) return <p>{t('moves.none')}</p>
  const choose = (into: ConversationId): void => {
    onClose()
    void moves.merge(row.id, into)
  }
  return (
    <ul
      aria-label={t('moves.others', { name: contactName(row.contact) })}
      className="-mx-2 flex flex-col"
    >
      {others.map((id, index) => (
        <Other key={id} id={id} isFirst={index === 0} onChoose={choose} />
      ))}
    </ul>
  )
}

function Other(props: {
  id: ConversationId
  isFirst: boolean
  onChoose: (id: ConversationId) => void
}) {
  const { t } = useTranslation()
  const row = useModel((model) => model.state.rows[props.id])
  if (row === undefined) return null
  const said = row.preview?.text ?? ''
  const title = row.subject === '' ? said : row.subject
  return (
    <li>
      <Button
        autoFocus={props.isFirst}
        onPress={() => props.onChoose(row.id)}
        className="flex min-h-11 w-full flex-col justify-center rounded-medium px-2 py-1 text-start hovered:bg-hover"
      >
        <span className="flex w-full items-baseline gap-3">
          <span className="min-w-0 grow truncate font-medium">
            {title === '' ? t('conversations.list.untitled') : title}
          </span>
          <span className="figures shrink-0 text-small text-soft">
            <Age at={row.lastAt} />
          </span>
        </span>
        <span className="flex w-full gap-2 text-small text-soft">
          <span>{t('moves.messages', { count: row.lastNumber })}</span>
          {row.subject !== '' && <span className="min-w-0 grow truncate">{said}</span>}
        </span>
      </Button>
    </li>
  )
}
